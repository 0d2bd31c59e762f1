"""Saving a list that was planned: its commands all or none, checked anew where the firm has changed since.

What a list does to clients is one entry of the ledger; other commands are entries of their own.
"""

from collections.abc import Sequence

from ringfence.access import Batch, BatchRefused, Overtaken, Refused, execute_all
from ringfence.core.commands import words as w
from ringfence.imports.firm import FirmLists
from ringfence.imports.importing import Prepared, ReadList, plan_list
from ringfence.imports.steps import Step

ATTEMPTS = 5
"""How often a list is checked anew because the firm changed before it could be saved."""


class NotSaved(Exception):
    """Nothing was saved; the message says why and what to do."""


class RowsRefused(Exception):
    """The core refused what these rows ask for, and nothing was saved."""

    def __init__(self, lines: tuple[int, ...], refused: Refused) -> None:
        super().__init__(str(refused))
        self.lines = lines
        self.refused = refused


def save_list(read: ReadList, prepared: Prepared, firm: FirmLists) -> int:
    """Save what was planned for `firm`; the firm's version after it.

    Raises `RowsRefused`, `NotSaved`, and what `access.execute_all` raises.
    """
    for _ in range(ATTEMPTS):
        try:
            return _save(prepared, firm)
        except Overtaken:
            firm = FirmLists(firm.firm, firm.actor)
            prepared = plan_list(read, firm)
            if prepared.faults:
                raise NotSaved(
                    "The firm was changed meanwhile, and the list does not fit any more. Nothing was saved: "
                    "import it again to see why."
                ) from None
    raise NotSaved("The firm keeps being changed. Nothing was saved: import the list again later.")


def _save(prepared: Prepared, firm: FirmLists) -> int:
    steps = _in_order(prepared.steps)
    try:
        return execute_all(firm.firm.pk, _batches(steps), actor=firm.actor, version=prepared.version)
    except BatchRefused as error:
        step, row = steps[error.place], error.refused.row
        raise RowsRefused(step.lines if row is None else (step.lines[row],), error.refused) from error


_ABOUT_CLIENTS = (w.ImportClients, w.ChangeClient, w.AddEngagement, w.ChangeEngagement)


def _in_order(steps: Sequence[Step]) -> list[Step]:
    """The steps as the batches hold them: what is about clients first."""
    return sorted(steps, key=lambda step: not isinstance(step.command, _ABOUT_CLIENTS))


def _batches(steps: Sequence[Step]) -> list[Batch]:
    together = tuple(step.command for step in steps if isinstance(step.command, _ABOUT_CLIENTS))
    batches = [Batch("client.import", together)] if together else []
    alone = [step.command for step in steps if not isinstance(step.command, _ABOUT_CLIENTS)]
    return batches + [Batch(w.command_name(command), (command,)) for command in alone]
