"""Clients as the lines of a list, each with the ways by which a member reaches it or is kept from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Way
from ringfence.access.listing.clients import ListedClient, client_rows
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.visit import Visit
from ringfence.wording.ways import WayNames, way_text


@dataclass(frozen=True, slots=True, kw_only=True)
class WayClientLine:
    """A client with the ways to it."""

    name: str
    href: str
    reference: str
    services: tuple[tuple[str, str], ...]
    """Each service's name and tax reference."""
    confidential: bool
    ways: tuple[str, ...]
    """All that give the answer; each with its services where these differ."""
    why: str


def way_client_lines(
    visit: Visit,
    member: int,
    numbers: Sequence[int],
    shown: BitMap,
    *,
    route: str,
    why: Callable[[int], str],
) -> list[WayClientLine]:
    """The lines of these clients, each with those of its engagements that are `shown`, and the ways to them.

    `route` names the page that a client leads to; `why` gives the address of the proof. Four queries at most,
    and one for names of delegators.
    """
    rows = client_rows(visit.firm_now, visit.number, numbers, shown)
    ways = {
        engagement.number: visit.firm_now.ways_on(member, engagement.number)
        for row in rows.values()
        for engagement in row.engagements
    }
    names = NamesOfWays(visit.firm.pk, [way for found in ways.values() for way in found])
    return [_line(visit, rows[number], ways, names, route, why) for number in numbers if number in rows]


def _line(
    visit: Visit,
    row: ListedClient,
    ways: dict[int, tuple[Way, ...]],
    names: NamesOfWays,
    route: str,
    why: Callable[[int], str],
) -> WayClientLine:
    return WayClientLine(
        name=row.name,
        href=reverse(route, args=[visit.firm.pk, row.number]),
        reference=row.reference,
        services=tuple((names.service(each.service), each.reference) for each in row.engagements),
        confidential=row.confidential,
        ways=tuple(
            told_ways(((names.service(each.service), ways[each.number]) for each in row.engagements), names)
        ),
        why=why(row.number),
    )


def told_ways(engagements: Iterable[tuple[str, tuple[Way, ...]]], names: WayNames) -> Iterable[str]:
    """The ways in words: once where all services have the same, else with the services of each."""
    by_ways: dict[tuple[Way, ...], list[str]] = {}
    for service, found in engagements:
        by_ways.setdefault(found, []).append(service)
    for found, services in by_ways.items():
        for way in found:
            said = way_text(way, names)
            yield said if len(by_ways) == 1 else f"{', '.join(services)}: {said}"
