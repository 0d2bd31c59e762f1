"""Saving a list that was planned: its commands all or none, checked anew where the firm has changed since.

What a list does to clients is one entry of the ledger; other commands are entries of their own. All of it is
carried out in memory first, so that whoever saves it sees who gains and who loses (rules.md 6).
"""

from collections.abc import Callable, Sequence
from itertools import groupby

import msgspec

from ringfence.access import Batch, ListRefused, Overtaken, Refused, Rehearsal, rehearse, save
from ringfence.access.imported_lists import PackedFile, keep_file
from ringfence.core.commands import definitions as w
from ringfence.lists.faults import F, RowFault
from ringfence.lists.plans.known_firm import KnownFirm
from ringfence.lists.plans.plan_list import Prepared, plan_list
from ringfence.lists.plans.planned import PlannedCommand
from ringfence.lists.rows.read_list import ReadList
from ringfence.wording.list_notes import note_text

ATTEMPTS = 5
"""How often a list is checked anew because the firm changed before it could be saved."""

PATIENT = 2
"""How often others' changes go first where the database could take them while the list is written."""


class NotSaved(Exception):
    """Nothing was saved; the code of `wording.list_notes` says why and what to do."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return note_text(self.code)


class NothingLeft(Exception):
    """The firm was changed meanwhile and has all of the list already; nothing was written."""


class RowsRefused(Exception):
    """The core refused what these rows ask for, and nothing was saved."""

    def __init__(self, lines: tuple[int, ...], refused: Refused, command: w.Command | None = None) -> None:
        super().__init__(str(refused))
        self.lines = lines
        self.refused = refused
        self.command = command


def refused_rows(error: RowsRefused) -> tuple[RowFault, ...]:
    """The rows that the core refused, as faults of the list."""
    values = {"refusal": error.refused.refusal, "problem": error.refused.problem}
    return tuple(RowFault(line, "", F.REFUSED, values) for line in error.lines)


def save_list(
    read: ReadList,
    prepared: Prepared,
    firm: KnownFirm,
    *,
    agreed: Callable[[Rehearsal], bool],
    file: PackedFile | None = None,
) -> int | None:
    """Save what was planned for `firm`; the firm's version after it, None where it was not `agreed` to.

    `agreed` is asked before anything is saved, and again where the firm had changed meanwhile. `file` is kept
    with its entries. Raises `RowsRefused`, `NotSaved`, `NothingLeft`, and what `access.rehearse` and
    `access.save` raise.
    """
    for attempt in range(ATTEMPTS):
        # Who was overtaken twice keeps the others waiting, rather than being overtaken again.
        ahead = attempt < PATIENT
        try:
            rehearsal = rehearsed(prepared, firm)
            if not agreed(rehearsal):
                return None
            if file is None:
                return save(rehearsal, ahead=ahead)
            return save(rehearsal, ahead=ahead, alongside=keeping(rehearsal, file))
        except Overtaken:
            firm = KnownFirm(firm.firm, firm.actor)
            prepared = plan_list(
                read,
                firm,
                add_services=prepared.services,
                add_groups=bool(prepared.groups),
                shared=prepared.shared,
                whole=prepared.whole,
            )
            if prepared.braked:
                raise NotSaved("too_many_gone") from None
            if prepared.faults:
                raise NotSaved("does_not_fit") from None
            if not prepared.commands:
                raise NothingLeft from None
    raise NotSaved("keeps_changing")


def keeping(rehearsal: Rehearsal, file: PackedFile) -> Callable[[int], None]:
    """What keeps the file with the entries that the list becomes, in their transaction."""

    def keep(version: int) -> None:
        keep_file(rehearsal.firm, version - len(rehearsal.done) + 1, version, file)

    return keep


def rehearsed(prepared: Prepared, firm: KnownFirm, *, reason: str = "") -> Rehearsal:
    """What was planned for `firm`, carried out in memory; `reason` is kept with its first entry.

    Raises `RowsRefused`, and what `access.rehearse` raises.
    """
    commands = _in_order(prepared.commands)
    if reason:
        first = msgspec.structs.replace(commands[0].command, reason=reason)
        commands[0] = PlannedCommand(first, commands[0].lines)
    try:
        return rehearse(firm.firm.pk, _batches(commands), actor=firm.actor, version=prepared.version)
    except ListRefused as error:
        planned, row = commands[error.place], error.refused.row
        lines = planned.lines if row is None else (planned.lines[row],)
        raise RowsRefused(lines, error.refused, planned.command) from error


_GOING = (w.RemoveClient, w.RemoveEngagement)
_ABOUT_CLIENTS = (w.ImportClients, w.ImportEngagements, w.ChangeClient, w.ChangeEngagement)


def _in_order(commands: Sequence[PlannedCommand]) -> list[PlannedCommand]:
    """The commands as the batches hold them: new services, then what is about clients, then the others."""
    return sorted(
        commands,
        key=lambda planned: (
            not isinstance(planned.command, w.AddService),
            not isinstance(planned.command, _ABOUT_CLIENTS),
        ),
    )


def _batches(commands: Sequence[PlannedCommand]) -> list[Batch]:
    """One entry for what the list says of clients, one for those that go, one for each other command."""
    batches: list[Batch] = []
    for together, some in groupby(commands, _together):
        wanted = tuple(planned.command for planned in some)
        if together:
            batches.append(Batch(together, wanted))
        else:
            batches += [Batch(w.command_name(command), (command,)) for command in wanted]
    return batches


def _together(planned: PlannedCommand) -> str:
    """The name of the entry that a command shares with those like it; "" for one of its own."""
    if isinstance(planned.command, _ABOUT_CLIENTS):
        return "client.import"
    return w.command_name(planned.command) if isinstance(planned.command, _GOING) else ""
