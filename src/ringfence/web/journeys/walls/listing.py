"""The list of walls with both sides: for administrators, principals and auditors (rules.md 9, knowing)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.core.directory import sort_key
from ringfence.firms.models import Wall
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .draft import read_draft
from .sides import side_words, state_words


@dataclass(frozen=True, slots=True, kw_only=True)
class WallLine:
    """A wall in the list."""

    name: str
    href: str
    state: str
    one: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WallsPage(ListPage[WallLine]):
    raises: str
    """Where a wall is raised; empty for who may not."""
    kept: str
    """Where it is told what walls kept from whom."""
    begun: Link | None
    """The wall that the visitor has begun to raise or change."""
    searched: bool
    """Whether the list is long enough to be searched."""


LONG = 7
"""Walls that need no search."""


@needs(Capability.READ_CONTROL)
def walls(visit: Visit) -> HttpResponse:
    """The walls by name."""
    firm = visit.firm.pk
    here = reverse("walls", args=[firm])
    search = read_search(visit, here, _("Name of the wall"))
    rows = Wall.objects.filter(firm=firm).values_list("number", "name")
    named = sorted(rows, key=lambda row: sort_key(row[1]))
    wanted = sort_key(search.wanted.text)
    found = [row for row in named if wanted in sort_key(row[1]) and row[0] in visit.firm_now.walls]
    page = WallsPage(
        frame=frame_for(visit, "manage"),
        title=_("Walls"),
        back=reverse("manage", args=[firm]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: _lines(visit, rows),
            heading=_heading,
            empty=_("Try a part of the name, or clear the search.")
            if search.active
            else _("No wall stands in this firm."),
        ),
        raises=reverse("raise-wall", args=[firm]) if visit.can(Capability.MANAGE) else "",
        kept=reverse("walls-kept", args=[firm]),
        begun=_begun(visit),
        searched=len(named) > LONG,
    )
    return show(visit.request, "walls/list.html", page)


def _lines(visit: Visit, rows: Sequence[tuple[int, str]]) -> list[WallLine]:
    lines = []
    for number, name in rows:
        wall = visit.firm_now.walls[number]
        one, other = wall.sides
        href = reverse("wall", args=[visit.firm.pk, number])
        lines.append(
            WallLine(
                name=name,
                href=href,
                state=state_words(wall, visit),
                one=side_words(one),
                other=side_words(other),
            )
        )
    return lines


def _begun(visit: Visit) -> Link | None:
    draft = read_draft(visit) if visit.can(Capability.MANAGE) else None
    if draft is None or draft.overtaken(visit):
        return None
    words = _("Go on with the change of %(wall)s") if draft.wall else _("Go on raising %(wall)s")
    return Link(text=words % {"wall": draft.name}, href=reverse("wall-check", args=[visit.firm.pk]))


def _heading(paging: Paging, search: SearchForm) -> str:
    if not paging.total:
        return _("No walls found") if search.active else _("No walls")
    if paging.pages == 1:
        words = ngettext("Showing %(total)s wall", "Showing all %(total)s walls", paging.total)
    else:
        words = ngettext(
            "Showing %(first)s to %(last)s of %(total)s wall",
            "Showing %(first)s to %(last)s of %(total)s walls",
            paging.total,
        )
    return words % paging.words
