"""Which clients a list about one member's reach has: all, those of one way, those that are closed to them.

The page and what is taken out of it ask the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyroaring import BitMap

from ringfence.access import Way
from ringfence.access.listing.clients import Wanted, clients_matching, engagements_matching
from ringfence.core.terms import Reason
from ringfence.web.shell.visit import Visit

HINDERING = (
    Reason.WALL,
    Reason.BLOCKED,
    Reason.BLOCKED_BY_GROUP,
    Reason.NO_ACCESS_PERMISSION,
    Reason.INACTIVE_MEMBER,
    Reason.NOT_ASSIGNED,
)
"""The reasons of denials in the order in which they are told."""


def way_key(way: Way) -> str:
    """The way as it stands in an address: ``group-group-2``."""
    named = [part for each in (way.subject, way.target) if each is not None for part in each]
    return "-".join([way.reason.value, *map(str, named)])


class AskedReach:
    """What the address asks for of a member: `by` one way, or `show` those closed to them, or theirs alone.

    A way that gives nothing now is passed over.
    """

    def __init__(self, visit: Visit, member: int) -> None:
        self._visit, self._member = visit, member
        asked, shown = visit.request.GET.get("by", ""), visit.request.GET.get("show", "")
        ways: Mapping[Way, BitMap] = visit.firm_now.ways(member) if asked else {}
        nothing: tuple[Way | None, BitMap] = (None, BitMap())
        found = next(((way, within) for way, within in ways.items() if way_key(way) == asked), nothing)
        self.way, self._within = found
        self.closed = shown == "closed"
        self.only = shown == "only"

    @property
    def whole(self) -> bool:
        """Whether of each client all services are told, also those that the member cannot open."""
        return self.closed or self.way is not None

    @property
    def kept(self) -> dict[str, str]:
        """What a search, and what takes the list out, send along."""
        if self.way is not None:
            return {"by": way_key(self.way)}
        return {"show": "closed" if self.closed else "only"} if self.closed or self.only else {}

    def clients(self, wanted: Wanted, *, searched: bool) -> BitMap:
        """The clients of the list; `wanted` counts only where something is `searched`."""
        now, own = self._visit.firm_now, self._visit.number
        if self._within:
            found = now.clients_of(engagements_matching(now, own, self._within, wanted))
        elif self.closed:
            found = clients_matching(now, own, now.clients - now.clients_seen_by(self._member), wanted)
        elif searched:
            found = now.clients_of(engagements_matching(now, own, now.seen_by(self._member), wanted))
        else:
            found = now.clients_seen_by(self._member)
        return found & now.only_seen_by(self._member) if self.only else found
