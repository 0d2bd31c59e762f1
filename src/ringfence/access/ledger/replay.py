"""A firm as it was at any past moment, worked out from its ledger, from the nearest checkpoint on.

"Who could open this client on 3 March, and why" is `replay` and then a question to its moment.
"""

import msgspec

from ringfence.core.apply.apply import apply_all
from ringfence.core.decision.moment import Moment
from ringfence.core.decision.moment import at as at_instant
from ringfence.core.state.state import State
from ringfence.core.terms import Instant
from ringfence.firms.models import Firm, LedgerEntry
from ringfence.store.sources import FirmUnknown

from .checkpoints import StateAt, nearest
from .entries import entries


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """A firm as it was."""

    version: int
    """The last entry that had been written; 0 where the firm was not there yet."""
    moment: Moment


def replay(
    firm: int, *, at: Instant | None = None, version: int | None = None, from_the_beginning: bool = False
) -> Replayed:
    """The firm as it was at an instant, or just after the entry `version`; now where neither is given.

    `from_the_beginning` applies every change up to there anew, so that the answer rests on the ledger alone;
    else those since the nearest checkpoint (`checkpoints.nearest`). Raises `FirmUnknown`.
    """
    if not Firm.objects.filter(pk=firm).exists():
        raise FirmUnknown(f"no firm has the id {firm}")
    rows = LedgerEntry.objects.filter(firm=firm).order_by("-number")
    if version is not None:
        rows = rows.filter(number__lte=version)
    elif at is not None:
        rows = rows.filter(at__lte=at).order_by("-at", "-number")
    last, seen = rows.values_list("number", "at").first() or (0, 0)
    begun = StateAt(0, State.empty()) if from_the_beginning else nearest(firm, last)
    state = begun.state
    for entry in entries(firm, after=begun.number, until=last, texts=False, noted=False):
        state = apply_all(state, entry.events)
    return Replayed(version=last, moment=at_instant(state, at if at is not None else Instant(seen)))
