"""What the reports on use share: the days looked at, the lines of a list, and who may put something right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.http import Http404
from django.urls import reverse

from ringfence.access.use import MOST_DAYS, Sizing
from ringfence.core.directory import sort_key
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm
from ringfence.web.browse.take_links import take_links
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLine:
    """Something that is not needed, what is known of it, and where it is put right."""

    name: str
    href: str
    notes: tuple[str, ...]
    remedies: tuple[Link, ...]
    """None for who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseListPage(ListPage[UseLine]):
    lead: str
    too_young: str
    """That the firm is younger than the days looked at; empty where it is not."""
    bulk: tuple[Link, ...]
    """What puts all of them right at once."""
    post: str
    """Where a button sends all that was found; empty for none."""
    post_text: str
    downloads: tuple[Link, ...]
    heads: tuple[str, ...]


def sizing(visit: Visit, days: int) -> Sizing:
    """What the firm does not need, over so many days."""
    if not 1 <= days <= MOST_DAYS:
        raise Http404
    return Sizing(visit.firm_now, days, visit.zone)


def puts_right(visit: Visit) -> bool:
    """Whether remedies are offered at all; each is refused by the core where it may not be."""
    return visit.can(Capability.MANAGE)


def too_young(visit: Visit, found: Sizing) -> str:
    """That the firm is younger than what is asked, so that nothing can be said."""
    if found.old_enough:
        return ""
    return _(
        "Your firm is younger than %(days)s days, so nothing can have gone unused for that long. Choose "
        "fewer days."
    ) % {"days": found.days}


def named_rows(search: SearchForm, rows: Sequence[Row], name: Callable[[Row], str]) -> list[Row]:
    """Those of the rows whose name has what was searched for in it, by name."""
    wanted = sort_key(search.wanted.text)
    return sorted((row for row in rows if wanted in sort_key(name(row))), key=lambda row: sort_key(name(row)))


def lines_page(
    visit: Visit,
    found: Sizing,
    search: SearchForm,
    rows: Sequence[Row],
    lines: Callable[[Sequence[Row]], Sequence[UseLine]],
    *,
    title: str,
    lead: str,
    heads: tuple[str, ...],
    take: str,
    bulk: tuple[Link, ...] = (),
    post: str = "",
    post_text: str = "",
    by_time: bool = True,
) -> UseListPage:
    """The page of one report whose rows are read whole; `take` is the route of its files.

    `by_time`: whether it is about the days looked at, so that a younger firm can have nothing in it.
    """
    firm = visit.firm.pk
    return UseListPage(
        frame=frame_for(visit, "manage"),
        title=title,
        back=reverse("use", args=[firm]) + f"?days={found.days}",
        errors=search.errors,
        lead=lead,
        too_young=too_young(visit, found) if by_time else "",
        bulk=bulk if rows else (),
        post=post if rows else "",
        post_text=post_text,
        downloads=take_links(take, search, firm, found.days) if rows else (),
        heads=heads,
        listing=list_page(
            visit,
            search,
            total=len(rows),
            page=sliced(rows),
            lines=lines,
            heading=_heading,
            empty=none_text(search),
        ),
    )


def none_text(search: SearchForm) -> str:
    """What is to be done where a search finds nothing; empty where there is nothing to find."""
    return _("Try fewer words, or clear the search.") if search.active else ""


def _heading(paging: Paging, search: SearchForm) -> str:
    if not paging.total:
        return _("Nothing found") if search.active else _("Nothing to put right")
    if paging.pages == 1:
        return _("Showing all %(total)s") % paging.words
    return _("Showing %(first)s to %(last)s of %(total)s") % paging.words
