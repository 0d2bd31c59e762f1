"""The firm's clients and engagements as numbers: who belongs to whom, what is there, what was removed.

Flat arrays, four bytes an engagement, so that a million fit in a few megabytes. No grants, no names.
Registers that follow one another share them: what is new is written behind the end of the older ones.
"""

import threading
from array import array
from collections.abc import Iterator, Mapping
from itertools import compress
from itertools import count as count_from
from operator import eq, lt, mul

import msgspec
from pyroaring import BitMap

from ringfence.core.terms import Instant

from .columns import picked
from .holding import EMPTY

WORTH_KEEPING = 500
"""So many clients are spread once where the very next question is about the same."""
_LATEST = threading.local()


def _numbers_at(column: "array[int]", places: BitMap) -> BitMap:
    """The numbers that a column has at these places, as a set without 0."""
    found = BitMap(picked(column, places))
    found.discard(0)
    return found


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """Clients and engagements of one firm. Arrays are indexed by number; number 0 is nobody.

    An array may be longer than this register goes: ask `next_client` and `next_engagement`, not its length.
    A client's engagements are a chain: `first[client]`, then `following[engagement]` until 0. The chain
    keeps what was removed, so that numbers are never used again; `engagements` and `clients` say what is
    there.
    """

    client_of: "array[int]"
    service_of: "array[int]"
    first: "array[int]"
    following: "array[int]"
    next_client: int
    """The number that the next client gets."""
    next_engagement: int
    engagements: BitMap
    clients: BitMap
    by_service: Mapping[int, BitMap]
    """Engagement numbers by service, removed ones included."""
    confidential: BitMap
    """Client numbers."""
    removed: Mapping[int, Instant]
    """When each removed client was removed."""
    ended: BitMap
    """Engagements that were removed on their own, for good."""

    def chain(self, client: int) -> Iterator[int]:
        """The client's engagements, also those not there any more."""
        engagement = self.first[client]
        while engagement:
            yield engagement
            engagement = self.following[engagement]

    def engagements_of(self, client: int) -> list[int]:
        """The client's engagements that are there; empty for a client that is not."""
        if not 0 < client < self.next_client:
            return []
        return [number for number in self.chain(client) if number in self.engagements]

    def engagement_for(self, client: int, service: int) -> int | None:
        """The client's engagement for a service, if it is there."""
        for number in self.engagements_of(client):
            if self.service_of[number] == service:
                return number
        return None

    def spread(self, clients: BitMap, among: BitMap | None = None) -> BitMap:
        """All engagements of `clients` (a set of client numbers), as a set of engagement numbers.

        Those that are there, or those `among` others.
        """
        if not clients:
            return EMPTY
        if among is None and len(clients) >= WORTH_KEEPING:
            return self._spread_once(clients)
        return self._spread(clients, self.engagements if among is None else among)

    def _spread_once(self, clients: BitMap) -> BitMap:
        """The same; what is asked of one set again and again, as for many grantees, is worked out once."""
        known = getattr(_LATEST, "spread", None)
        if known is not None and known[0] is self and known[1] == clients:
            found: BitMap = known[2]
            return found
        found = self._spread(clients, self.engagements)
        _LATEST.spread = (self, BitMap(clients), found)
        return found

    def _spread(self, clients: BitMap, among: BitMap) -> BitMap:
        layer = found = _numbers_at(self.first, clients)
        while layer := _numbers_at(self.following, layer):
            found = found | layer
        return found & among

    def clients_of(self, engagements: BitMap) -> BitMap:
        """The clients that have at least one of `engagements`."""
        return BitMap(picked(self.client_of, engagements))

    def gone_for_good(self, client: int, now: Instant) -> bool:
        """Whether the client was removed and can no longer be restored (rules.md 7)."""
        removed_at = self.removed.get(client)
        return removed_at is not None and now - removed_at > RESTORABLE

    def all_gone_for_good(self, now: Instant) -> list[int]:
        """All such clients: the references that they had are free (rules.md 9, `client.restore`)."""
        return [client for client in self.removed if self.gone_for_good(client, now)]


RESTORABLE = 30 * 24 * 3600 * 1_000_000
"""Microseconds in which a removed client can be restored: 30 days (rules.md 7)."""


def empty_register() -> Register:
    return Register(
        client_of=array("I", [0]),
        service_of=array("I", [0]),
        first=array("I", [0]),
        following=array("I", [0]),
        next_client=1,
        next_engagement=1,
        engagements=EMPTY,
        clients=EMPTY,
        by_service={},
        confidential=EMPTY,
        removed={},
        ended=EMPTY,
    )


def build_register(
    client_of: "array[int]",
    service_of: "array[int]",
    *,
    clients: int,
    confidential: BitMap = EMPTY,
    removed: Mapping[int, Instant] | None = None,
    ended: BitMap = EMPTY,
    like: Register | None = None,
) -> Register:
    """A register from the columns of all engagements ever (index 0 unused) and the highest client number.

    One pass over the engagements; an engagement that was never there has client 0. What follows from the
    columns alone is taken from the register `like` where it has the very same ones.
    """
    if like is not None and (client_of, service_of, clients + 1) == (
        like.client_of,
        like.service_of,
        like.next_client,
    ):
        first, following, by_service = like.first, like.following, like.by_service
    else:
        first, following = _chains(client_of, clients)
        by_service = _by_service(service_of)
    gone = dict(removed or {})
    register = Register(
        client_of=client_of,
        service_of=service_of,
        first=first,
        following=following,
        next_client=clients + 1,
        next_engagement=len(client_of),
        engagements=BitMap(range(1, len(client_of))) - ended,
        clients=BitMap(range(1, clients + 1)) - BitMap(gone),
        by_service=by_service,
        confidential=confidential,
        removed=gone,
        ended=ended,
    )
    if not gone:
        return register
    left = register.engagements - register.spread(BitMap(gone))
    return msgspec.structs.replace(register, engagements=left)


def _chains(client_of: "array[int]", clients: int) -> "tuple[array[int], array[int]]":
    first = array("I", bytes(4 * (clients + 1)))
    following = array("I", bytes(4 * len(client_of)))
    last = array("I", bytes(4 * (clients + 1)))
    for number in range(1, len(client_of)):
        client = client_of[number]
        if not client:
            continue
        previous = last[client]
        if previous:
            following[previous] = number
        else:
            first[client] = number
        last[client] = number
    return first, following


def _by_service(service_of: "array[int]") -> dict[int, BitMap]:
    members: dict[int, array[int]] = {}
    for number, service in enumerate(service_of):
        if number:
            found = members.get(service)
            if found is None:
                found = members[service] = array("I")
            found.append(number)
    return {service: BitMap(found) for service, found in members.items() if service}


def with_clients(
    register: Register,
    *,
    count: int,
    client_of: "array[int]",
    service_of: "array[int]",
    confidential: BitMap,
) -> Register:
    """The register with `count` more clients and their engagements, numbered on from the last ones.

    `client_of` and `service_of` have one number per new engagement, in order of their numbers.
    """
    start = register.next_engagement
    first, following = _chains_of(client_of, start, register.next_client, count)
    fresh = {service: array("I") for service in set(service_of)}
    append = {service: found.append for service, found in fresh.items()}
    for number, service in enumerate(service_of, start):
        append[service](number)
    added = BitMap(range(register.next_client, register.next_client + count))
    return msgspec.structs.replace(
        _with_columns(register, client_of, service_of, fresh),
        first=_longer(register.first, register.next_client, first),
        following=_longer(register.following, start, following),
        next_client=register.next_client + count,
        clients=register.clients | added,
        confidential=register.confidential | confidential,
    )


def _chains_of(
    client_of: "array[int]", start: int, first_client: int, clients: int
) -> "tuple[array[int], array[int]]":
    """`first` of the new clients and `following` of their engagements, numbered from these two on."""
    behind = client_of[1:]
    following = array("I", map(mul, count_from(start + 1), map(eq, client_of, behind)))
    first = array("I", [start])
    first.extend(compress(count_from(start + 1), map(lt, client_of, behind)))
    if client_of and len(first) == clients and len(first) == following.count(0) + 1:
        # Each client's engagements lie together, in order of the clients, as in every list.
        following.append(0)
        return first, following
    first, following = array("I", bytes(4 * clients)), array("I", bytes(4 * len(client_of)))
    last: dict[int, int] = {}
    for offset, client in enumerate(client_of):
        if client in last:
            following[last[client]] = start + offset
        else:
            first[client - first_client] = start + offset
        last[client] = offset
    return first, following


def _with_columns(
    register: Register,
    client_of: "array[int]",
    service_of: "array[int]",
    by_service: "Mapping[int, array[int]]",
) -> Register:
    """The register with more engagements, not yet in any chain; `by_service` has their numbers."""
    start, count = register.next_engagement, len(client_of)
    services = dict(register.by_service)
    for service, found in by_service.items():
        services[service] = services.get(service, EMPTY) | BitMap(found)
    return msgspec.structs.replace(
        register,
        client_of=_longer(register.client_of, start, client_of),
        service_of=_longer(register.service_of, start, service_of),
        next_engagement=start + count,
        engagements=register.engagements | BitMap(range(start, start + count)),
        by_service=services,
    )


_GROWING = threading.Lock()


def _longer(column: "array[int]", length: int, more: "array[int]") -> "array[int]":
    """The first `length` numbers of a column and `more` behind them.

    In place where nobody has written there yet: older registers do not look behind their end. A second
    register that follows the same one, as after a preview, gets a copy.
    """
    with _GROWING:
        if len(column) == length:
            try:
                column.extend(more)
            except BufferError:
                # Somebody looks at it this very moment (`columns.py`).
                return _copied(column, length, more)
            return column
    return _copied(column, length, more)


def _copied(column: "array[int]", length: int, more: "array[int]") -> "array[int]":
    # One copy, where `column[:length] + more` would be two.
    grown = column[:length]
    grown.extend(more)
    return grown


def with_engagements(register: Register, client_of: "array[int]", service_of: "array[int]") -> Register:
    """The register with more engagements of clients that are there, numbered on from the last ones.

    As in `with_clients`, one number per new engagement; a client may be named several times.
    """
    start = register.next_engagement
    first = register.first
    # What is there is written to as well, so these two are no longer shared.
    following = _copied(register.following, start, array("I", bytes(4 * len(client_of))))
    fresh: dict[int, array[int]] = {}
    for number, (client, service) in enumerate(zip(client_of, service_of, strict=True), start):
        last = first[client]
        if last:
            while after := following[last]:
                last = after
            following[last] = number
        else:
            first = first[: register.next_client] if first is register.first else first
            first[client] = number
        fresh.setdefault(service, array("I")).append(number)
    return msgspec.structs.replace(
        _with_columns(register, client_of, service_of, fresh), first=first, following=following
    )


def without_engagement(register: Register, number: int) -> Register:
    gone = BitMap([number])
    return msgspec.structs.replace(
        register, engagements=register.engagements - gone, ended=register.ended | gone
    )


def without_client(register: Register, client: int, at: Instant) -> Register:
    return msgspec.structs.replace(
        register,
        clients=register.clients - BitMap([client]),
        engagements=register.engagements - BitMap(list(register.chain(client))),
        removed={**register.removed, client: at},
    )


def with_client_back(register: Register, client: int) -> Register:
    left = {number: at for number, at in register.removed.items() if number != client}
    back = BitMap(list(register.chain(client))) - register.ended
    return msgspec.structs.replace(
        register,
        clients=register.clients | BitMap([client]),
        engagements=register.engagements | back,
        removed=left,
    )


def sharing_columns(register: Register, other: Register) -> Register:
    """The same register, on the columns of another one wherever those begin with its own.

    Two registers of one firm that were read apart would each take some sixteen bytes an engagement.
    """
    clients, engagements = register.next_client, register.next_engagement
    return msgspec.structs.replace(
        register,
        client_of=_shared(register.client_of, other.client_of, engagements),
        service_of=_shared(register.service_of, other.service_of, engagements),
        first=_shared(register.first, other.first, clients),
        following=_shared(register.following, other.following, engagements),
    )


def _shared(column: "array[int]", other: "array[int]", length: int) -> "array[int]":
    return other if len(other) >= length and other[:length] == column[:length] else column
