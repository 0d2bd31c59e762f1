"""What a wall has to overrule, as lines: whose access, by what, to which clients; who opened what already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import ConflictKind, Sides, Sought, WallConflict, Way, entries_numbered, find_entries
from ringfence.access.listing.people import members_matching
from ringfence.access.reading import client_names
from ringfence.core.terms import Reason, group_subject, member_subject
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.previews.outcome import PreviewNames
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text
from ringfence.wording.ways import way_text

from .draft import read_draft
from .sides import wall_at

SHOWN = 5
"""Conflicts and openings on the page of a wall and on the check; all conflicts have a page of their own."""
PAGE = 25
NAMED = 3
"""Clients of one conflict that are named; the rest is counted."""


class ConflictLine(NamedTuple):
    """One thing by which one member has access across the wall."""

    member: str
    href: str
    by: str
    clients: str


class CrossingLine(NamedTuple):
    """One opening of a record across the wall."""

    when: str
    who: str
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictsBox:
    """The first conflicts and the last openings, each with how many there are."""

    lines: tuple[ConflictLine, ...]
    total: int
    people: str
    """How many members have such access, in a sentence."""
    all: str
    """Where all of them are listed; empty where all are shown."""
    openings: tuple[CrossingLine, ...]
    opened: str
    """How many openings the ledger has, in a sentence; empty for none."""


def conflicts_box(visit: Visit, sides: Sides, all_at: str, naming: PreviewNames) -> ConflictsBox:
    """What is shown of the conflicts of these sides."""
    found = visit.firm_now.wall_conflicts(sides)
    openings = _openings(visit, sides)
    entries = list(openings)[-SHOWN:][::-1]
    people = len({each.member for each in found})
    words = ngettext(
        "%(count)s [member] has access to [clients] of the other side. The wall overrules it; nothing is "
        "removed.",
        "%(count)s [members] have access to [clients] of the other side. The wall overrules it; nothing is "
        "removed.",
        people,
    )
    opened = ngettext(
        "The ledger has %(count)s opening of a record across this wall.",
        "The ledger has %(count)s openings of records across this wall.",
        len(openings),
    )
    return ConflictsBox(
        lines=conflict_lines(visit, found[:SHOWN], naming),
        total=len(found),
        people=words % {"count": figure(people)} if people else "",
        all=all_at if len(found) > SHOWN else "",
        openings=_opening_lines(visit, entries, naming),
        opened=opened % {"count": figure(len(openings))} if openings else "",
    )


def conflict_lines(
    visit: Visit, conflicts: Sequence[WallConflict], naming: PreviewNames
) -> tuple[ConflictLine, ...]:
    """The conflicts in words; three queries at most."""
    if not conflicts:
        return ()
    firm = visit.firm.pk
    ways = [_way(each) for each in conflicts]
    names = _Names(firm, naming)
    page = client_names(firm).page
    first = [page(each.clients, 0, NAMED) for each in conflicts]
    clients = naming.names_of(number for numbers in first for number in numbers)
    return tuple(
        ConflictLine(
            member=names.member(each.member),
            href=reverse("member", args=[firm, each.member]),
            by=way_text(way, names),
            clients=_clients([clients[number] for number in numbers], len(each.clients)),
        )
        for each, way, numbers in zip(conflicts, ways, first, strict=True)
    )


class _Names(NamesOfWays):
    """The names that ways need, members as the page has read them all already."""

    def __init__(self, firm: int, naming: PreviewNames) -> None:
        super().__init__(firm)
        self._people = dict(naming.members)

    def member(self, number: int) -> str:
        return self._people.get(number) or _("a former [member]")


def _way(conflict: WallConflict) -> Way:
    match conflict.kind:
        case ConflictKind.OWN:
            return Way(Reason.DIRECT)
        case ConflictKind.GROUP:
            return Way(Reason.GROUP, group_subject(conflict.by))
        case ConflictKind.DELEGATION:
            return Way(Reason.DELEGATED, member_subject(conflict.by))


def _clients(names: Sequence[str], count: int) -> str:
    named = ", ".join(names)
    return named if count <= len(names) else f"{count_clients(count)}: {named}, …"


def _openings(visit: Visit, sides: Sides) -> BitMap:
    """The entries of the ledger by which members of one side opened clients of the other."""
    found = BitMap()
    one, other = sides
    for side, across in ((one, other), (other, one)):
        if side.members and across.clients:
            sought = Sought(
                by=BitMap(side.members), clients=BitMap(across.clients), commands=("record.open",)
            )
            found |= find_entries(visit.firm.pk, visit.firm_now.version, sought)
    return found


def _opening_lines(visit: Visit, numbers: Sequence[int], naming: PreviewNames) -> tuple[CrossingLine, ...]:
    if not numbers:
        return ()
    firm = visit.firm.pk
    entries = entries_numbered(firm, numbers)
    opened = {each.number: int(getattr(each.events[0], "client", 0)) for each in entries}
    names, clients = _Names(firm, naming), naming.names_of(opened.values())
    return tuple(
        CrossingLine(
            when=moment_text(each.at, visit.zone),
            who=names.member(each.actor.member or 0),
            client=clients[opened[each.number]],
        )
        for each in reversed(entries)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictsPage(ListPage[ConflictLine]):
    caption: str


@needs(Capability.READ_CONTROL)
def of_wall(visit: Visit, number: int) -> HttpResponse:
    """All conflicts of a wall that stands, searched by member."""
    name, _reason, found = wall_at(visit, number)
    place = [visit.firm.pk, number]
    return _page(
        visit, name, found.sides, here=reverse("wall-conflicts", args=place), back=reverse("wall", args=place)
    )


@needs(Capability.MANAGE)
def of_draft(visit: Visit) -> HttpResponse:
    """All conflicts of the wall that the visitor has begun."""
    draft = read_draft(visit)
    if draft is None:
        return redirect("walls", firm=visit.firm.pk)
    place = [visit.firm.pk]
    here, back = reverse("wall-draft-conflicts", args=place), reverse("wall-check", args=place)
    return _page(visit, draft.name, draft.whole, here=here, back=back)


def _page(visit: Visit, name: str, sides: Sides, *, here: str, back: str) -> HttpResponse:
    search = read_search(visit, here, _("Name or e-mail address"))
    matching = {each.number for each in members_matching(visit.firm.pk, search.wanted.text)}
    found = [each for each in visit.firm_now.wall_conflicts(sides) if each.member in matching]
    page = ConflictsPage(
        frame=frame_for(visit, "manage"),
        title=_("What the wall overrules"),
        caption=name,
        back=back,
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: conflict_lines(visit, rows, PreviewNames(visit)),
            heading=_heading,
            empty=_("Try a part of the name or e-mail address, or clear the search.")
            if search.active
            else _("Nobody has access across this wall."),
            size=PAGE,
        ),
    )
    return show(visit.request, "walls/conflicts.html", page)


def _heading(paging: Paging, search: SearchForm) -> str:
    if not paging.total:
        return _("Nothing found") if search.active else _("Nothing to overrule")
    if paging.pages == 1:
        words = ngettext(
            "Showing %(total)s way of access", "Showing all %(total)s ways of access", paging.total
        )
    else:
        words = ngettext(
            "Showing %(first)s to %(last)s of %(total)s way of access",
            "Showing %(first)s to %(last)s of %(total)s ways of access",
            paging.total,
        )
    return words % paging.words
