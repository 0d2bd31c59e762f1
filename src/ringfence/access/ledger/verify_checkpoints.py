"""Each checkpoint against the state that the replay of the ledger has come to at its entry.

One that anybody made who can write in the database is found here, whatever its seal says; whether one is used
at all is for `checkpoints.py`.
"""

from collections.abc import Iterator

from ringfence.core.state.state import State
from ringfence.firms.models import Checkpoint, Firm
from ringfence.store.frozen import same_state

from .checkpoints import CheckpointUnfit, Misfit, PartsInTurn, opened, sealed

ANEW = "Have them made anew: `ringfence ledger checkpoint --anew`."


class CheckpointsBeside:
    """The checkpoints of a firm, asked for in order of the entries."""

    def __init__(self, firm: Firm) -> None:
        self._firm = firm
        self._parts = PartsInTurn(firm.pk)
        rows = Checkpoint.objects.filter(firm=firm).order_by("number")
        self._waiting = list(rows.values_list("number", flat=True))
        self._waiting.reverse()
        self.proved = 0
        """Those that hold what the ledger gives."""
        self.unused = 0
        """Those of another version, and those that hold it and were sealed with another key."""

    def differing(self, entry: int, entry_hash: bytes, state: State) -> Iterator[str]:
        """A sentence where the checkpoint of this entry is not what it should be; `state` is the replay's."""
        if not self._waiting or self._waiting[-1] != entry:
            return
        self._waiting.pop()
        row = Checkpoint.objects.get(firm=self._firm, number=entry)
        try:
            stored = opened(row, self._firm.uid, entry_hash, self._parts)
        except CheckpointUnfit as unfit:
            if unfit.misfit is Misfit.OTHER_VERSION:
                self.unused += 1
            else:
                yield f"The checkpoint after entry {entry} was changed, or is not of this ledger. {ANEW}"
            return
        if not same_state(state, stored):
            yield f"The checkpoint after entry {entry} does not hold what the ledger gives. {ANEW}"
        elif sealed(row):
            self.proved += 1
        else:
            self.unused += 1

    def left(self) -> Iterator[str]:
        """A sentence where there are checkpoints after entries that the ledger does not have."""
        if self._waiting:
            yield f"There are checkpoints after entries that the ledger does not have. {ANEW}"
