"""A list that cannot be saved as it is: what is wrong, and what can be settled without another file.

What stands in its rows is for its member alone: tax references are whole there (rules.md 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.http import HttpResponse
from django.urls import reverse

from ringfence.firms.models import ListUpload
from ringfence.lists.export.writing import Format
from ringfence.lists.faults import F
from ringfence.lists.rows.client_rows import Settled
from ringfence.lists.uploads.stages import Checked, ListChoice, Stage, UploadPart
from ringfence.web.browse.who_can_help import Helper, helping_administrators
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit
from ringfence.wording.list_faults import fault_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .columns import encodings, separators
from .fault_lines import FaultLines, fault_lines
from .found import part_of
from .how_read import reading_notes
from .option import Option

_OF_TEXTS = frozenset(
    {
        *(F.NO_SUCH_ENCODING, F.NO_SUCH_SEPARATOR, F.CELL_TOO_LONG, F.NOT_CSV, F.NUL_CHARACTER, F.UNDECODED),
        *(F.UNSURE_ENCODING, F.UNSURE_SEPARATOR),
    }
)
"""What is wrong with a text file that may only be read in another way."""
_OF_SERVICES = {F.UNKNOWN_SERVICE, F.COLUMN_OF_UNKNOWN_SERVICE}
NONE = FaultLines(lines=(), rest="")
FIRST_MISSING = 50
"""Services and groups that the firm lacks which a page names: a column taken for them has thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingService:
    """A service that the firm lacks: how many rows name it."""

    name: str
    rows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLink:
    """Everything that is wrong as a file."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultsPage(Page):
    file: str
    mine: bool
    turn: int
    problem: str
    """Why the file cannot be read at all; else empty."""
    summary: str
    settled_here: str
    """Whether the questions of the page settle all of it or some of it, in a sentence; else empty."""
    faults: FaultLines
    downloads: tuple[FileLink, ...]
    services: tuple[MissingService, ...]
    """The first of those that the firm lacks."""
    more_services: str
    """How many more there are; empty for none, and so below."""
    groups: tuple[MissingService, ...]
    """The first of the groups that the firm lacks and that can be created with the list."""
    more_groups: str
    ticks: tuple[dict[str, object], ...]
    """The same to be ticked."""
    may_add: bool
    """Whether they can be added with the list, by its member."""
    helpers: tuple[Helper, ...]
    """Who could, where its member may not."""
    settles: bool
    """Whether rows that contradict one another could be settled by the first or the last of them."""
    total: bool
    """Whether what looks like a total could be a row of the list."""
    how: tuple[str, ...]
    """How the file was read, in sentences; for its member alone."""
    error: str
    """What is wrong with what was sent."""
    encodings: tuple[Option, ...]
    separators: tuple[Option, ...]
    """How a text file can be read otherwise; empty where that is no help."""


def faults_page(visit: Visit, upload: ListUpload, *, mine: bool, error: str = "") -> HttpResponse:
    """What keeps the list from being saved."""
    checked = part_of(upload, UploadPart.CHECKED, Checked)
    unread = upload.stage == Stage.UNREAD
    otherwise = checked.problem is not None and checked.problem.code in _OF_TEXTS
    services, more_services = first_missing(checked.missing_services if mine else ())
    groups, more_groups = first_missing(checked.missing_groups if mine else ())
    may_add = checked.may_add_services
    page = FaultsPage(
        frame=frame_for(visit, "manage"),
        title=_("The list cannot be read") if unread else _("Something in the list has to be put right"),
        back=reverse("lists", args=[visit.firm.pk]),
        errors=(ErrorLine(text=error, href="#service" if services and may_add else "#settled"),)
        if error
        else (),
        file=upload.file,
        mine=mine,
        turn=upload.turn,
        problem=_problem(checked),
        summary="" if unread else _summary(checked.wrong),
        settled_here=_settled_here(checked) if mine else "",
        faults=fault_lines(checked.faults, checked.kinds[0]) if mine else NONE,
        downloads=() if unread or not mine else fault_files(visit, upload),
        services=services,
        more_services=more_services,
        groups=groups,
        more_groups=more_groups,
        ticks=tuple(
            {"value": each.name, "text": each.name, "hint": each.rows, "label": {"classes": "rf-break"}}
            for each in services
            if may_add
        ),
        may_add=may_add,
        helpers=helping_administrators(visit) if services and not may_add else (),
        settles=_contradicts(checked),
        total=any(kind.first.code is F.BELOW_LIST for kind in checked.faults),
        how=reading_notes(checked) if mine else (),
        error=error,
        encodings=encodings() if otherwise else (),
        separators=separators() if otherwise else (),
    )
    return show(visit.request, "lists/faults.html", page)


def _problem(checked: Checked) -> str:
    if checked.problem is None:
        return ""
    problem = fault_text(checked.problem.code, checked.problem.values)
    if checked.problem.row is None:
        return problem
    return _("Row %(row)s: %(problem)s") % {"row": checked.problem.row, "problem": problem}


def _summary(wrong: int) -> str:
    return ngettext(
        "%(count)s row is wrong, so nothing can be saved yet.",
        "%(count)s rows are wrong, so nothing can be saved yet.",
        wrong,
    ) % {"count": figure(wrong)}


def _settled_here(checked: Checked) -> str:
    """Whether what is wrong can be settled with what the page asks, and without another file."""
    codes = {F.DISAGREES} | (_OF_SERVICES if checked.may_add_services else set())
    found = {kind.first.code for kind in checked.faults}
    if not found & codes:
        return ""
    if found <= codes and checked.kinds[0] == len(checked.faults):
        return _("You can settle all of it here: answer the questions below.")
    return _("You can settle some of it here: answer the questions below.")


def first_missing(found: Sequence[tuple[str, int]]) -> tuple[tuple[MissingService, ...], str]:
    """The first of what the firm lacks, each with its rows, and how much more there is."""
    first = tuple(MissingService(name=name, rows=rows_counted(rows)) for name, rows in found[:FIRST_MISSING])
    more = len(found) - len(first)
    return first, _("and %(count)s more") % {"count": figure(more)} if more else ""


def rows_counted(rows: int) -> str:
    """`1 row`, `2,000 rows`."""
    return ngettext("%(count)s row", "%(count)s rows", rows) % {"count": figure(rows)}


def fault_files(visit: Visit, upload: ListUpload) -> tuple[FileLink, ...]:
    """All faults and remarks, a row each, as CSV and as XLSX."""
    return tuple(
        FileLink(
            text=_("Take all of it out as a file (%(form)s)") % {"form": form.value.upper()},
            href=reverse("list-faults", args=[visit.firm.pk, upload.pk, form.value]),
        )
        for form in Format
    )


def asks(checked: Checked) -> bool:
    """Whether the page asks anything of its member that another check of the list could go by."""
    return bool(checked.missing_services and checked.may_add_services) or _contradicts(checked)


def _contradicts(checked: Checked) -> bool:
    return any(kind.first.code is F.DISAGREES for kind in checked.faults)


def read_settled(visit: Visit, upload: ListUpload, before: ListChoice) -> ListChoice | None:
    """What is ticked and chosen on the page besides what was before; None where that is nothing new."""
    post = visit.request.POST
    checked = part_of(upload, UploadPart.CHECKED, Checked)
    missing = dict(checked.missing_services) if checked.may_add_services else {}
    ticked = [name for name in post.getlist("service") if name in missing]
    settled = post.get("settled", "")
    choice = msgspec.structs.replace(
        before,
        services=tuple(dict.fromkeys((*before.services, *ticked))),
        settled=Settled(settled) if settled in set(Settled) and settled else before.settled,
    )
    return None if choice == before else choice
