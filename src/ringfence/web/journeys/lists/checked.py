"""A list that was compared with the firm: what is wrong with it, or what it would do and how to save it.

What stands in its rows is for its member alone: tax references are whole there (rules.md 5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.core.refusals import Problem
from ringfence.firms.models import ListUpload
from ringfence.lists.fault_kinds import by_kind
from ringfence.lists.faults import F, RowFault
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.uploads.stages import Checked, Clients, Effect, MovedMember, People, Stage, UploadPart
from ringfence.web.browse.grantees import GranteeRow
from ringfence.web.previews.outcome import NO_NAMES, NameList, Outcome, closing, opening, rest_words
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, count_services, figure
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit
from ringfence.wording.catalogue import language_spoken
from ringfence.wording.list_faults import fault_text
from ringfence.wording.list_progress import counted_text, note_on_list
from ringfence.wording.refusals import problem_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .access import left_out_defaults, may_choose, shared_grants, shared_rows
from .columns import Option, encodings, separators
from .found import part_of

_OF_TEXTS = frozenset(
    {F.NO_SUCH_ENCODING, F.NO_SUCH_SEPARATOR, F.CELL_TOO_LONG, F.NOT_CSV, F.NUL_CHARACTER, F.UNDECODED}
)
"""What is wrong with a text file that may only be read in another way."""
ROWS_NAMED = 10
"""Rows with the same kind of fault whose numbers are written out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultLine:
    """One kind of fault, with its rows."""

    text: str
    rows: str
    column: str
    likewise: str
    """The rows of others of the kind that are not told each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultsPage(Page):
    file: str
    mine: bool
    turn: int
    problem: str
    """Why the file cannot be read at all; else empty."""
    summary: str
    lines: tuple[FaultLine, ...]
    download: str
    add_services: str
    """The services that can be added with the list; empty for none."""
    first_row: bool
    """Whether rows that contradict one another could be settled by the first of them."""
    encodings: tuple[Option, ...]
    separators: tuple[Option, ...]
    """How a text file can be read otherwise; empty where that is no help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage(Page):
    file: str
    mine: bool
    turn: int
    note: str
    counts: tuple[tuple[str, str, str, str], ...]
    services: tuple[str, ...]
    lines: tuple[str, ...]
    remarks: tuple[FaultLine, ...]
    download: str
    given: tuple[GranteeRow, ...]
    """What each new client starts with; shown to whose list it is."""
    left_out: tuple[str, ...]
    """Defaults of the member's own that they could not give on the new clients."""
    gives: bool
    """Whether the list can add clients."""
    change_given: str
    """Where that is changed; empty for who may not."""
    outcome: Outcome


def faults_page(visit: Visit, upload: ListUpload, *, mine: bool) -> HttpResponse:
    """What keeps the list from being saved."""
    checked = part_of(upload, UploadPart.CHECKED, Checked)
    wrong = len({fault.line for fault in checked.faults})
    unread = upload.stage == Stage.UNREAD
    problem = ""
    if checked.problem is not None:
        problem = fault_text(checked.problem.code, checked.problem.values)
        if checked.problem.row is not None:
            problem = _("Row %(row)s: %(problem)s") % {"row": checked.problem.row, "problem": problem}
    otherwise = checked.problem is not None and checked.problem.code in _OF_TEXTS
    page = FaultsPage(
        frame=frame_for(visit, "manage"),
        title=_("The list cannot be read") if unread else _("Something in the list has to be put right"),
        back=reverse("lists", args=[visit.firm.pk]),
        file=upload.file,
        mine=mine,
        turn=upload.turn,
        problem=problem,
        summary=""
        if unread
        else ngettext(
            "%(count)s row is wrong, so nothing can be saved yet.",
            "%(count)s rows are wrong, so nothing can be saved yet.",
            wrong,
        )
        % {"count": figure(wrong)},
        lines=_fault_lines(checked.faults) if mine else (),
        download="" if unread or not mine else reverse("list-faults", args=[visit.firm.pk, upload.pk]),
        add_services=", ".join(checked.missing_services),
        first_row=any(fault.code is F.DISAGREES for fault in checked.faults),
        encodings=encodings() if otherwise else (),
        separators=separators() if otherwise else (),
    )
    return show(visit.request, "lists/faults.html", page)


def preview_page(visit: Visit, upload: ListUpload, *, mine: bool) -> HttpResponse:
    """What the list would do (rules.md 6), and the press that saves it."""
    checked = part_of(upload, UploadPart.CHECKED, Checked)
    page = PreviewPage(
        frame=frame_for(visit, "manage"),
        title=_("Check what the list does"),
        back=reverse("lists", args=[visit.firm.pk]),
        file=upload.file,
        mine=mine,
        turn=upload.turn,
        note=note_on_list(upload.note) if upload.note else "",
        counts=tuple(
            (counted_text(each.what), figure(each.added), figure(each.changed), figure(each.unchanged))
            for each in checked.counts
        ),
        services=checked.services,
        lines=checked.lines.get(language_spoken(), ()) if mine else (),
        remarks=_fault_lines(checked.remarks) if mine else (),
        download=reverse("list-faults", args=[visit.firm.pk, upload.pk]) if mine and checked.remarks else "",
        outcome=_outcome(visit, checked),
        given=_given(visit, upload, checked) if mine else (),
        left_out=left_out_defaults(visit, upload) if mine and upload.kind == ListKind.CLIENTS else (),
        gives=mine and upload.kind == ListKind.CLIENTS,
        change_given=reverse("list-access", args=[visit.firm.pk, upload.pk])
        if mine and may_choose(visit)
        else "",
    )
    return show(visit.request, "lists/preview.html", page)


def _given(visit: Visit, upload: ListUpload, checked: Checked) -> tuple[GranteeRow, ...]:
    """What each new client of a list starts with, but for what its own row says."""
    clients = next((each.added for each in checked.counts if each.what == "clients"), 0)
    if upload.kind != ListKind.CLIENTS or not clients:
        return ()
    return shared_rows(visit, shared_grants(visit, upload))


def _fault_lines(faults: Iterable[RowFault]) -> tuple[FaultLine, ...]:
    return tuple(
        FaultLine(
            text=fault_words(kind.first),
            rows=_rows(kind.lines),
            column=kind.first.column,
            likewise=_rows(kind.likewise) if kind.likewise else "",
        )
        for kind in by_kind(faults)
    )


def fault_words(fault: RowFault) -> str:
    """What is wrong and what to do; of what the core refuses, its sentence alone."""
    if fault.code is F.REFUSED:
        return problem_text(Problem(str(fault.values["problem"])))
    return fault.message


def _rows(lines: tuple[int, ...]) -> str:
    """`Row 7`, `Rows 7, 9 and 12 more`."""
    some = ", ".join(map(str, lines[:ROWS_NAMED]))
    more = len(lines) - ROWS_NAMED
    if more > 0:
        return _("Rows %(rows)s and %(more)s more") % {"rows": some, "more": figure(more)}
    return ngettext("Row %(rows)s", "Rows %(rows)s", len(lines)) % {"rows": some}


# --- The effect as every preview shows it


def _outcome(visit: Visit, checked: Checked) -> Outcome:
    later = None if checked.once_on is None else _of(visit, checked.once_on)
    return _of(visit, checked.effect, None if later is None or later.nothing else later)


def _of(visit: Visit, effect: Effect, later: Outcome | None = None) -> Outcome:
    gains, loses, changes = (_people(visit, each) for each in (effect.gains, effect.loses, effect.changes))
    # Whoever shares a client may not know of walls (rules.md 9, knowing).
    walled_off = effect.walled_off if visit.can(Capability.READ_CONTROL) else Clients()
    return Outcome(
        gains=gains,
        loses=loses,
        changes=changes,
        opens=_clients(effect.opens),
        closes=_clients(effect.closes),
        figures=(
            (ngettext("[member] gains access", "[members] gain access", gains.total), gains.total),
            (ngettext("[member] loses access", "[members] lose access", loses.total), loses.total),
            (
                ngettext("[member]’s access changes", "[members]’ access changes", changes.total),
                changes.total,
            ),
            *closing(effect.closes.total, effect.closes.partly),
            *opening(effect.opens.total, effect.opens.partly),
        ),
        shared=effect.shared,
        without_owner=_clients(effect.ownerless),
        owners_walled_off=_clients(walled_off),
        left_to_nobody=_clients(effect.left_to_nobody),
        self_access=effect.self_access,
        later=later,
    )


def _people(visit: Visit, people: People) -> NameList:
    if not people.total:
        return NO_NAMES
    lines = tuple(
        (
            _("%(member)s (you)") % {"member": each.name} if each.number == visit.number else each.name,
            _what(each),
        )
        for each in people.first
    )
    return NameList(total=people.total, lines=lines, rest=rest_words(people.total))


def _what(moved: MovedMember) -> str:
    """What of a person is moved: named where it is little, else counted."""
    if moved.clients:
        return ", ".join(f"{name} ({services})" if services else name for name, services in moved.clients)
    if moved.whole == moved.count:
        return count_clients(moved.count)
    return count_services(moved.services, moved.count)


def _clients(clients: Clients) -> NameList:
    return NameList(total=clients.total, lines=clients.first, rest=rest_words(clients.total))
