"""Choosing one colleague: members by name or e-mail address, each leading on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse

from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.web.browse.listing import ListPage
from ringfence.web.browse.member_lines import member_listing
from ringfence.web.browse.search import read_search
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueLine:
    """Somebody who can be chosen."""

    name: str
    email: str
    href: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleaguesPage(ListPage[ColleagueLine]):
    caption: str
    lead: str
    instead: Link | None
    """Another answer than one of them."""


def colleagues(
    visit: Visit,
    *,
    section: str = "manage",
    title: str,
    caption: str,
    lead: str,
    here: str,
    back: str,
    within: Iterable[int],
    address: Callable[[int], str],
    noted: Callable[[int], str] = lambda _number: "",
    instead: Link | None = None,
) -> HttpResponse:
    """Choose one of the members `within`, searched by name or e-mail address; `address` is where each leads.

    `section` is the part of the pages that is marked as the visitor's; `noted` says something of a member.
    """
    search = read_search(visit, here, _("Name or e-mail address"))
    found = members_matching(visit.firm.pk, search.wanted.text, within=within)

    def lines(rows: Sequence[ListedMember]) -> list[ColleagueLine]:
        return [
            ColleagueLine(name=row.name, email=row.email, href=address(row.number), note=noted(row.number))
            for row in rows
        ]

    page = ColleaguesPage(
        frame=frame_for(visit, section),
        title=title,
        caption=caption,
        lead=lead,
        instead=instead,
        back=back,
        errors=search.errors,
        listing=member_listing(visit, search, found, lines=lines),
    )
    return show(visit.request, "shared/colleagues.html", page)
