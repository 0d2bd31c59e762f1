"""Members as the lines of a list, searched by name or e-mail address, and the heading that counts them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .listing import Listing, list_page, sliced
from .paging import SIZE, Paging
from .search import SearchForm

Line = TypeVar("Line")


def administrators(visit: Visit) -> list[ListedMember]:
    """Who may change who has access in the firm, by name, whoever asks: everybody may know whom to ask."""
    firm_now = visit.firm_now
    able = [number for number in firm_now.active_members if firm_now.may(number, Capability.MANAGE)]
    return members_matching(visit.firm.pk, "", within=able)


def member_listing(
    visit: Visit,
    search: SearchForm,
    found: Sequence[ListedMember],
    lines: Callable[[Sequence[ListedMember]], Iterable[Line]],
    heading: Callable[[Paging, SearchForm], str] | None = None,
    empty: str = "",
    size: int = SIZE,
) -> Listing[Line]:
    """A page of the members that a search has `found`."""
    return list_page(
        visit,
        search,
        total=len(found),
        page=sliced(found),
        lines=lines,
        heading=heading or member_heading,
        empty=empty or _("Try a part of the name or e-mail address, or clear the search."),
        size=size,
    )


def with_inactive(paging: Paging, search: SearchForm, found: Sequence[ListedMember]) -> str:
    """The heading of a group's members, which says how many of them are inactive (rules.md 9, groups)."""
    heading = member_heading(paging, search)
    inactive = sum(not member.active for member in found)
    if not inactive:
        return heading
    return _("%(heading)s, %(count)s of them inactive") % {"heading": heading, "count": inactive}


def member_heading(paging: Paging, search: SearchForm) -> str:
    """The heading of a list of members: which of how many."""
    if not paging.total:
        return _("No [members] found")
    if paging.pages == 1:
        words = ngettext("Showing %(total)s [member]", "Showing all %(total)s [members]", paging.total)
    else:
        words = ngettext(
            "Showing %(first)s to %(last)s of %(total)s [member]",
            "Showing %(first)s to %(last)s of %(total)s [members]",
            paging.total,
        )
    return words % paging.words
