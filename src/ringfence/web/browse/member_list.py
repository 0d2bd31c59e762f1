"""The page of a list of members that are given, to be searched: who they are, and where each leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpResponse

from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit
from ringfence.wording import role_name
from ringfence.wording.saying import gettext as _

from .listing import ListPage
from .member_lines import member_listing
from .search import read_search


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInList:
    """A member in such a list."""

    name: str
    href: str
    """Empty where it leads nowhere."""
    email: str
    role: str
    inactive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberListPage(ListPage[MemberInList]):
    caption: str


def member_list(
    visit: Visit,
    members: Iterable[int],
    *,
    here: str,
    title: str,
    caption: str,
    back: str,
    section: str,
    leads: Callable[[int], str],
) -> HttpResponse:
    """The page at the address `here`; `leads` gives the address behind each member, or nothing."""
    search = read_search(visit, here, _("Name or e-mail address"))
    found = members_matching(visit.firm.pk, search.wanted.text, within=members)
    page = MemberListPage(
        frame=frame_for(visit, section),
        title=title,
        caption=caption,
        back=back,
        errors=search.errors,
        listing=member_listing(
            visit, search, found, lines=lambda rows: [_line(row, leads(row.number)) for row in rows]
        ),
    )
    return show(visit.request, "shared/member_list.html", page)


def _line(row: ListedMember, href: str) -> MemberInList:
    return MemberInList(
        name=row.name or _("a former [member]"),
        href=href,
        email=row.email,
        role=role_name(row.role),
        inactive=not row.active,
    )
