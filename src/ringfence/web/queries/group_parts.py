"""What a group was given, in parts that a page can name: all clients, each service, single ones.

Single ones with the same level and end are one part. Numbers alone; who may see the page is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.access import FirmNow
from ringfence.core.commands.definitions import On
from ringfence.core.terms import ALL_CLIENTS, GIVING, Instant, Level, Target, group_subject

NONE = BitMap()
ALL, SERVICE, SINGLE = "all", "service", "single"


class GroupPart(NamedTuple):
    """Grants of a group that a page shows as one line."""

    kind: str
    """`ALL`, `SERVICE` or `SINGLE`."""
    service: int
    level: Level
    expires: Instant | None
    clients: BitMap
    """Clients given as a whole, of a part of single ones."""
    engagements: BitMap
    """Services of clients, of a part of single ones."""

    @property
    def key(self) -> str:
        """How addresses name the part; another one has this name once its level or end is changed."""
        return f"{self.kind}-{self.service}-{int(self.level)}-{self.expires or 0}"

    @property
    def on(self) -> On:
        """The targets of its grants."""
        if self.kind == ALL:
            return On(all=True)
        if self.kind == SERVICE:
            return On.service(self.service)
        return On(clients=self.clients, engagements=self.engagements)

    def counts(self, now: Instant) -> bool:
        """Whether it has not expired."""
        return self.expires is None or now < self.expires


def parts_of(firm_now: FirmNow, group: int) -> list[GroupPart]:
    """The group's grants on what is in the firm, in parts; blocks last, large parts of single ones first."""
    found = [*_wide(firm_now, group), *sorted(_single(firm_now, group), key=_size, reverse=True)]
    return sorted(found, key=lambda part: part.level is Level.BLOCKED)


def terms_of(firm_now: FirmNow, group: int) -> tuple[Level, Instant | None]:
    """The level and end that most of the group's grants have: what is added to it gets the same."""
    giving = [
        part
        for part in parts_of(firm_now, group)
        if part.level is not Level.BLOCKED and part.counts(firm_now.now)
    ]
    if not giving:
        return Level.EDITOR, None
    main = max(giving, key=lambda part: (part.kind == SINGLE, _size(part)))
    return main.level, main.expires


def terms_on(firm_now: FirmNow, group: int, engagement: int) -> list[tuple[Level, Instant | None]]:
    """Level and end of each grant of the group that stands on the engagement, expired ones and blocks too."""
    held = firm_now.grants_of(group_subject(group))
    client, service = firm_now.client_of(engagement), firm_now.service_of(engagement)
    targets = [Target("engagement", engagement), Target("client", client), ALL_CLIENTS]
    if client not in held.excluded.get(service, ()):
        targets.append(Target("service", service))
    found = [terms for target in targets if (terms := held.grant_on(target)) is not None]
    return [(terms.level, terms.expires) for terms in found]


def narrow_clients(firm_now: FirmNow, group: int, *, blocks: bool = False) -> BitMap:
    """The clients on which, as a whole, a grant of the group other than Blocked stands; or one Blocked."""
    held = firm_now.grants_of(group_subject(group))
    return BitMap.union(*_of(held.clients, blocks)) & firm_now.clients


def single_engagements(firm_now: FirmNow, group: int, *, blocks: bool = False) -> BitMap:
    """The engagements on which a grant of the group other than Blocked stands by itself; or one Blocked."""
    held = firm_now.grants_of(group_subject(group))
    return BitMap.union(*_of(held.engagements, blocks)) & firm_now.engagements


def _of(levels: Sequence[BitMap], blocks: bool) -> Sequence[BitMap]:
    return levels[Level.OWNER :] if blocks else levels[: Level.OWNER]


def narrow_engagements(firm_now: FirmNow, group: int, *, blocks: bool = False) -> BitMap:
    """What can be taken out by itself: all in the group, or blocked by it, but by a grant on all clients."""
    wide = firm_now.grants_of(group_subject(group)).counting_on(ALL_CLIENTS, firm_now.now)
    if not blocks and wide not in GIVING:
        return firm_now.held_by_group(group)
    if blocks and wide is not Level.BLOCKED:
        return firm_now.blocked_by_group(group)
    found = [single_engagements(firm_now, group, blocks=blocks)]
    found.append(firm_now.engagements_of_all(narrow_clients(firm_now, group, blocks=blocks)))
    for service in given_services(firm_now, group, blocks=blocks):
        excluded = firm_now.engagements_of_all(left_out(firm_now, group, service))
        found.append(firm_now.with_service(service) - excluded)
    return BitMap.union(*found)


def left_out(firm_now: FirmNow, group: int, service: int) -> BitMap:
    """The clients with the service that the group's grant on it excludes."""
    excluded = firm_now.grants_of(group_subject(group)).excluded.get(service, BitMap())
    if not excluded:
        return excluded
    return firm_now.clients_of(firm_now.engagements_of_all(excluded) & firm_now.with_service(service))


def removed_engagements(firm_now: FirmNow, group: int) -> BitMap:
    """The engagements that the group's grants on services leave out: its removed clients."""
    held = firm_now.grants_of(group_subject(group))
    found = BitMap()
    for service, excluded in held.excluded.items():
        if held.services.get(service) in GIVING:
            found |= firm_now.engagements_of_all(excluded) & firm_now.with_service(service)
    return found


def given_services(firm_now: FirmNow, group: int, *, blocks: bool = False) -> list[int]:
    """The services on which a grant of the group other than Blocked stands; or one Blocked."""
    held = firm_now.grants_of(group_subject(group))
    return [service for service, level in held.services.items() if (level is Level.BLOCKED) is blocks]


def _size(part: GroupPart) -> int:
    return len(part.clients) + len(part.engagements)


def _wide(firm_now: FirmNow, group: int) -> Iterator[GroupPart]:
    held = firm_now.grants_of(group_subject(group))
    if held.all:
        yield GroupPart(ALL, 0, held.all, held.expires.get(ALL_CLIENTS), BitMap(), BitMap())
    for service, level in sorted(held.services.items()):
        yield GroupPart(
            SERVICE, service, level, held.expires.get(Target("service", service)), BitMap(), BitMap()
        )


def _single(firm_now: FirmNow, group: int) -> Iterator[GroupPart]:
    held = firm_now.grants_of(group_subject(group))
    ends: dict[tuple[str, Instant], BitMap] = {}
    for target, until in held.expires.items():
        if target.kind in {"client", "engagement"}:
            ends.setdefault((target.kind, until), BitMap()).add(target.number)
    times = {until for _kind, until in ends}
    ending = {
        kind: BitMap.union(BitMap(), *(found for (one, _until), found in ends.items() if one == kind))
        for kind in ("client", "engagement")
    }
    for place, level in enumerate((*GIVING, Level.BLOCKED)):
        clients = held.clients[place] & firm_now.clients
        engagements = held.engagements[place] & firm_now.engagements
        found = [
            GroupPart(SINGLE, 0, level, None, clients - ending["client"], engagements - ending["engagement"])
        ]
        for until in sorted(times):
            one, other = ends.get(("client", until), NONE), ends.get(("engagement", until), NONE)
            found.append(GroupPart(SINGLE, 0, level, until, clients & one, engagements & other))
        yield from (part for part in found if _size(part))
