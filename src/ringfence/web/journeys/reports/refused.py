"""What members tried and may not do, by day: for administrators and auditors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.listing.clients import client_name_of
from ringfence.access.listing.people import members_matching
from ringfence.access.refused_attempts import RefusedLine, What, refused_attempts
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import command_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text

NAMED = 5
"""Clients of a line that are named; the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLine:
    """What one member tried on one day."""

    last: str
    """The last time on that day."""
    member: Link
    what: str
    count: str
    clients: tuple[Link, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPage(ListPage[AttemptLine]):
    lead: str


@needs(Capability.READ_CONTROL)
def refused(visit: Visit) -> HttpResponse:
    """Refused attempts, the latest first; the search is for who made them."""
    firm = visit.firm.pk
    search = read_search(visit, reverse("report-refused", args=[firm]), _("Name or e-mail address"))
    found = refused_attempts(firm)
    if search.active:
        wanted = {row.number for row in members_matching(firm, search.wanted.text)}
        found = [each for each in found if each.member in wanted]
    page = RefusedPage(
        frame=frame_for(visit, "manage"),
        title=_("Refused attempts"),
        back=reverse("reports", args=[firm]),
        errors=search.errors,
        lead=_(
            "Records that somebody may not open, and changes that they may not make. An attempt is no "
            "offence: somebody may need the [client] for their work."
        ),
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: _lines(visit, rows),
            heading=_heading,
            empty=_("Try a part of the name or e-mail address, or clear the search.")
            if search.active
            else _("Nobody was refused anything in the time that is kept."),
        ),
    )
    return show(visit.request, "reports/refused.html", page)


def _heading(paging: Paging, search: SearchForm) -> str:
    if not paging.total:
        return _("No refused attempts")
    return _("Each [member] by day: %(total)s") % paging.words


def _lines(visit: Visit, rows: Sequence[RefusedLine]) -> list[AttemptLine]:
    firm = visit.firm.pk
    people = member_names(firm, {row.member for row in rows})
    named = [list(row.clients & visit.firm_now.clients)[:NAMED] for row in rows]
    names = client_name_of(firm, [number for numbers in named for number in numbers])
    return [
        AttemptLine(
            last=moment_text(row.last_at, visit.zone),
            member=Link(text=people.get(row.member, ""), href=reverse("member", args=[firm, row.member])),
            what=_what(row.what),
            count=figure(row.count),
            clients=tuple(
                Link(text=names.get(number, ""), href=reverse("client-access", args=[firm, number]))
                for number in numbers
            ),
            more=_more(len(row.clients) - len(numbers)),
        )
        for row, numbers in zip(rows, named, strict=True)
    ]


def _what(what: str) -> str:
    match what:
        case What.OPEN_RECORD:
            return _("Open a record")
        case What.FORM:
            return _("Send a form of a page that is not for them")
        case _:
            return command_text(what)


def _more(count: int) -> str:
    if not count:
        return ""
    return ngettext("and %(more)s more", "and %(more)s more", count) % {"more": figure(count)}
