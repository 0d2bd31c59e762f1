"""What walls kept from whom between two days (rules.md 10, independence), those lowered since included."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import KeptFrom, Working, ask_walls_between
from ringfence.core.directory import sort_key
from ringfence.core.terms import Export, Thing
from ringfence.lists.entry_names import LedgerNames
from ringfence.lists.export.writing import Cells, Format
from ringfence.web.browse.downloads import FilePart, take_list
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.web.shell.waiting import waiting
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import second_text

from .moments import PastForm, read_days

FIRST = 5
"""Clients of a line that the page names; the files have all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """A stretch of time in which a wall kept clients from a member."""

    wall: str
    name: str
    since: str
    until: str
    count: str
    clients: tuple[str, ...]
    """The first of them."""
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLines:
    """The lines of one page."""

    paging: Paging
    heading: str
    lines: tuple[KeptLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage(Page):
    form: PastForm
    listing: KeptLines | None
    downloads: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    form: PastForm
    kept: tuple[KeptFrom, ...]
    names: LedgerNames
    """As they were at the end of that time."""


@needs(Capability.READ_CONTROL)
def kept(visit: Visit) -> HttpResponse:
    """Every stretch of time, by wall and person; counts first, and names of the lines shown alone."""
    here = reverse("walls-kept", args=[visit.firm.pk])
    back = reverse("walls", args=[visit.firm.pk])
    found = _found(visit, here)
    if isinstance(found, Working):
        return waiting(visit, found, back)
    form = found.form
    paging = Paging(
        total=len(found.kept),
        number=asked_page(visit.request.GET, len(found.kept)),
        path=here,
        query=form.query,
    )
    shown = found.kept[paging.offset : paging.offset + paging.size]
    listed = None
    if form.second is not None:
        listed = KeptLines(
            paging=paging, heading=_heading(found.kept), lines=tuple(_lines(visit, found, shown))
        )
    page = KeptPage(
        frame=frame_for(visit, "manage"),
        title=_("What walls kept from whom"),
        back=back,
        errors=form.lines,
        form=form,
        listing=listed,
        downloads=_downloads(visit, form) if found.kept else (),
    )
    return show(visit.request, "past/walls.html", page)


def _found(visit: Visit, here: str) -> _Found | Working:
    form = read_days(visit, here)
    if form.first is None or form.second is None:
        return _Found(form=form, kept=(), names=LedgerNames(visit.firm_now, visit.zone))
    found = ask_walls_between(visit.firm.pk, form.first, form.second)
    if isinstance(found, Working):
        return found
    kept, version = found
    names = LedgerNames(visit.firm_now, visit.zone, version)
    people, walls = {each.member for each in kept}, {each.wall for each in kept}
    names.learn_each({Thing.MEMBER: people, Thing.WALL: walls})
    wanted = sort_key(form.texts["search"])
    rows = [
        each
        for each in kept
        if wanted in sort_key(names.member(each.member)) or wanted in sort_key(names.wall(each.wall))
    ]
    rows.sort(
        key=lambda each: (
            *(sort_key(names.wall(each.wall)), each.wall),
            *(sort_key(names.member(each.member)), each.member, each.since),
        )
    )
    return _Found(form=form, kept=tuple(rows), names=names)


def _downloads(visit: Visit, form: PastForm) -> tuple[Link, ...]:
    firm = visit.firm.pk
    return (
        Link(text=_("Take this as CSV"), href=reverse("walls-kept-csv", args=[firm]) + form.encoded),
        Link(text=_("Take this as XLSX"), href=reverse("walls-kept-xlsx", args=[firm]) + form.encoded),
    )


def _heading(kept: Sequence[KeptFrom]) -> str:
    if not kept:
        return _("No wall kept anybody from anything that they would have seen")
    members = len({each.member for each in kept})
    clients = len(BitMap().union(*(each.clients for each in kept)))
    people = ngettext("%(count)s [member]", "%(count)s [members]", members) % {"count": figure(members)}
    what = ngettext("%(count)s [client]", "%(count)s [clients]", clients) % {"count": figure(clients)}
    return _("People kept apart: %(people)s. From: %(clients)s.") % {"people": people, "clients": what}


def _lines(visit: Visit, found: _Found, kept: Sequence[KeptFrom]) -> Iterator[KeptLine]:
    names = found.names
    names.learn_things(Thing.CLIENT, {client for each in kept for client in each.clients[:FIRST]})
    for each in kept:
        since, until = _times(visit, found.form, each)
        more = len(each.clients) - FIRST
        yield KeptLine(
            wall=names.wall(each.wall),
            name=names.member(each.member),
            since=since,
            until=until,
            count=figure(len(each.clients)),
            clients=tuple(map(names.client, each.clients[:FIRST])),
            rest=_("and %(count)s more") % {"count": figure(more)} if more > 0 else "",
        )


def _times(visit: Visit, form: PastForm, kept: KeptFrom) -> tuple[str, str]:
    since, until = second_text(kept.since, visit.zone), second_text(kept.until, visit.zone)
    return (
        _("%(moment)s or earlier") % {"moment": since} if kept.since == form.first else since,
        _("%(moment)s or later") % {"moment": until} if kept.until == form.second else until,
    )


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def as_csv(visit: Visit) -> HttpResponse:
    """A row for each client that was kept from each member, as CSV."""
    return _taken(visit, Format.CSV)


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def as_xlsx(visit: Visit) -> HttpResponse:
    """The same rows as a workbook."""
    return _taken(visit, Format.XLSX)


def _taken(visit: Visit, form: Format) -> HttpResponse:
    here = reverse("walls-kept", args=[visit.firm.pk])
    found = _found(visit, here)
    if isinstance(found, Working) or not found.kept:
        # The page says what is being worked out, or what is to be put right.
        return redirect(here + read_days(visit, here).encoded)
    rows = [(each, client) for each in found.kept for client in each.clients]

    def cells(part: FilePart) -> Iterator[Cells]:
        chosen = rows[part.first : part.last]
        found.names.learn_things(Thing.CLIENT, {client for _each, client in chosen})
        for each, client in chosen:
            names = (found.names.wall(each.wall), found.names.member(each.member), found.names.client(client))
            yield (*names, *_times(visit, found.form, each))

    headers: Cells = (_("Wall"), _("Name"), _("[Client] that it kept from them"), _("From"), _("Until"))
    back = here + found.form.encoded
    return take_list(visit, Export.ACCESS, "kept-by-walls", headers, cells, form, total=len(rows), back=back)
