"""Clients as the lines of a list, and the heading that counts them and says what was searched for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from pyroaring import BitMap

from ringfence.access.listing.clients import ListedClient, client_rows, groups_of_clients, page_of_clients
from ringfence.web.shell.addresses import numbered
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .listing import Listing, list_page
from .paging import Paging
from .search import SearchForm


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLine:
    """A client in a list. A `closed` one is there by name alone."""

    name: str
    href: str
    closed: bool = False
    reference: str = ""
    services: tuple[tuple[str, str], ...] = ()
    """Each service's name and tax reference."""
    confidential: bool = False
    groups: tuple[Link, ...] = ()
    """The groups that it is in, the first few by name; without an address for who may not see the group."""
    more_groups: int = 0
    note: str = ""
    """What else is said of it, under its name."""


GROUPS_SHOWN = 3
"""Groups that stand beside a client; where there are more, the rest is counted."""


def control_listing(visit: Visit, search: SearchForm, clients: BitMap, shown: BitMap) -> Listing[ClientLine]:
    """A page of these clients for the control side, each with those of its engagements that are `shown`.

    Each line leads to who can open the client.
    """
    return list_page(
        visit,
        search,
        total=len(clients),
        page=partial(page_of_clients, visit.firm_now, clients),
        lines=lambda numbers: client_lines(visit, search, numbers, shown, route="client-access"),
        heading=client_heading,
        empty=nothing_matches(search),
    )


def none_yet() -> str:
    """Where clients come from, in a firm that has none."""
    return _("No [clients] have been added to this firm yet. They are added one by one, or as a list.")


def nothing_matches(search: SearchForm) -> str:
    """What to do where none of the firm's clients is found."""
    if not search.active:
        return none_yet()
    return _(
        "Try fewer words, in any order, or a part of one; a single letter or digit finds what begins "
        "with it. Or clear the search to see every [client] of the firm."
    )


def client_lines(
    visit: Visit,
    search: SearchForm,
    numbers: Iterable[int],
    shown: BitMap,
    *,
    route: str,
    closed: BitMap | None = None,
) -> list[ClientLine]:
    """The lines of these clients, in this order; `route` names the page that each leads to.

    Of the `closed` ones nothing is told but the name. Services have the names of the search's services.
    """
    numbers = list(numbers)
    rows = client_rows(visit.firm_now, visit.number, numbers, shown)
    services = {each.number: each.name for each in search.services}
    lines, beside = [], _groups_beside(visit, search, rows)
    address = numbered(route, visit.firm.pk)
    for number in numbers:
        if (row := rows.get(number)) is None:
            continue
        href = address(number)
        if closed is not None and number in closed:
            lines.append(ClientLine(name=row.name, href=href, closed=True))
            continue
        lines.append(
            ClientLine(
                name=row.name,
                href=href,
                reference=row.reference,
                services=tuple((services.get(each.service, ""), each.reference) for each in row.engagements),
                confidential=row.confidential,
                groups=beside.get(number, ())[:GROUPS_SHOWN],
                more_groups=max(0, len(beside.get(number, ())) - GROUPS_SHOWN),
            )
        )
    return lines


def _groups_beside(
    visit: Visit, search: SearchForm, rows: Mapping[int, ListedClient]
) -> dict[int, tuple[Link, ...]]:
    """The groups of these clients, by name, of a list whose search knows groups."""
    if not search.groups:
        return {}
    shown = BitMap(each.number for row in rows.values() for each in row.engagements)
    found = groups_of_clients(visit.firm_now, visit.number, shown)
    address = numbered("group", visit.firm.pk) if visit.can(Capability.READ_CONTROL) else lambda number: ""
    links = {each.number: Link(text=each.name, href=address(each.number)) for each in search.groups}
    place = {number: index for index, number in enumerate(links)}
    return {
        client: tuple(links[number] for number in sorted(place.keys() & groups, key=place.__getitem__))
        for client, groups in found.items()
    }


def client_heading(paging: Paging, search: SearchForm) -> str:
    """The heading of a list of clients: which of how many, and what was searched for."""
    if not paging.total:
        return _("No [clients] found") if search.active else _("No [clients]")
    if paging.total == 1:
        counted = _("Showing 1 [client]")
    elif paging.pages == 1:
        counted = ngettext("Showing %(total)s [client]", "Showing all %(total)s [clients]", paging.total)
    else:
        counted = ngettext(
            "Showing %(first)s to %(last)s of %(total)s [client]",
            "Showing %(first)s to %(last)s of %(total)s [clients]",
            paging.total,
        )
    return searched_for(counted, paging, search)


def searched_for(counted: str, paging: Paging, search: SearchForm) -> str:
    """`counted`, with its numbers and what was searched for put in."""
    values = {**paging.words, "text": search.text}
    values["service"] = next((each.name for each in search.services if each.number == search.service), "")
    if search.text and search.service:
        told = _("%(counted)s for “%(text)s” in %(service)s")
    elif search.text:
        told = _("%(counted)s for “%(text)s”")
    elif search.service:
        told = _("%(counted)s in %(service)s")
    else:
        told = "%(counted)s"
    said = told % {**values, "counted": counted % values}
    group = next((each.name for each in search.groups if each.number == search.group), "")
    return _("%(counted)s in the [group] %(group)s") % {"counted": said, "group": group} if group else said
