"""The names of the firms that one process keeps, and how they are brought up to date.

Like the states of `freshness.py`: proved by the version before each use, brought up by the ledger. Its
entries say only whose name, reference or engagements changed; those clients' rows are read again.
"""

import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from pyroaring import BitMap

from ringfence.core.events import ClientsAdded, Described, EngagementAdded, EngagementsAdded, Event, unpacked
from ringfence.core.terms import Thing

from .engines import source_for
from .entries import ChainBroken, entries_after, worth_following
from .names import Chunk, NameRow, Names, chunk_of
from .recently_used import RecentlyUsed, firms_kept
from .sources import Connection, FirmUnknown, Mark, Source, StateUnavailable, driver_errors, read_mark

FAR_BEHIND = 1000
"""Changes after which all names are read anew."""
MANY = 20_000
"""Clients to read again after which all names are read anew."""
AT_ONCE = 500
"""Numbers in one statement."""
BATCH = 4096
"""Clients in a chunk, and engagements read at a time."""


class _Kept(NamedTuple):
    names: Names
    mark: Mark


class _Place:
    """What the process keeps of one firm."""

    def __init__(self) -> None:
        self.kept: _Kept | None = None
        self.lock = threading.Lock()


class NameIndex:
    """The names of the firms asked for last. Safe for threads; share one per process."""

    def __init__(self, limit: int | None = None) -> None:
        """`limit`: how many firms are kept, as is set unless given; the least recently asked for go first."""
        self._places = RecentlyUsed(limit or firms_kept(), _Place)

    def current(self, connection: Connection, firm: int) -> Names:
        """The firm's names as they are now. Raises `FirmUnknown`, `StateUnavailable`."""
        place = self._places.of(firm)
        source = source_for(connection)
        try:
            with place.lock:
                now = _caught_up(source, firm, place.kept)
                # What a transaction of the owner sees may be rolled back yet: answer, but do not keep it.
                if not source.in_transaction:
                    place.kept = now
        except FirmUnknown:
            self._places.drop(firm)
            raise
        except driver_errors() as error:
            raise StateUnavailable(f"the names of firm {firm} cannot be read: {error}") from error
        self._places.trim()
        return now.names


def _caught_up(source: Source, firm: int, kept: _Kept | None) -> _Kept:
    now = read_mark(source, firm)
    if kept is None:
        return _load(source, firm)
    if now == kept.mark:
        return kept
    if not worth_following(source, firm, kept.mark, now, FAR_BEHIND):
        return _load(source, firm)
    try:
        mark, clients, added, described = _touched(source, firm, kept.mark)
    except ChainBroken:
        return _load(source, firm)
    if len(clients) > MANY or len(described) > MANY:
        return _load(source, firm)
    # The rows may be newer than the mark; then the entries that made them so touch them once more.
    for (client,) in _with_numbers(
        source, "SELECT client FROM firms_engagement WHERE firm_id = ? AND number IN", firm, described
    ):
        clients.add(client)
    engagements = added | described | kept.names.engagements_of(clients)
    return _Kept(kept.names.updated(_rows_of(source, firm, clients, engagements)), mark)


def _touched(source: Source, firm: int, known: Mark) -> tuple[Mark, BitMap, BitMap, BitMap]:
    """What makes a line in the index another one after `known`: clients, and engagements added and described.

    The clients of those added are among the clients, those of the described ones need not be.
    """
    clients, added, described = BitMap(), BitMap(), BitMap()
    for entry in entries_after(source, firm, known):
        known = entry.mark
        for event in entry.events:
            _note(event, clients, added, described)
    return known, clients, added, described


def _note(event: Event, clients: BitMap, added: BitMap, described: BitMap) -> None:
    match event:
        case ClientsAdded(first_engagement=first, client_of=client_of):
            clients.add_range(event.first_client, event.first_client + event.count)
            added.add_range(first, first + len(unpacked(client_of)))
        case EngagementAdded(client=client, engagement=engagement):
            clients.add(client)
            added.add(engagement)
        case EngagementsAdded(first_engagement=first, client_of=client_of):
            clients |= BitMap(unpacked(client_of))
            added.add_range(first, first + len(unpacked(client_of)))
        case Described(thing=Thing.CLIENT, number=number):
            clients.add(number)
        case Described(thing=Thing.ENGAGEMENT, number=number):
            described.add(number)
        case _:
            pass


def _rows_of(source: Source, firm: int, clients: BitMap, engagements: BitMap) -> Iterator[NameRow]:
    """These clients, with those of `engagements` that are theirs."""
    theirs: dict[int, list[tuple[int, str]]] = {}
    for client, number, reference in _with_numbers(
        source,
        "SELECT client, number, reference_key FROM firms_engagement WHERE firm_id = ? AND number IN",
        firm,
        engagements,
    ):
        theirs.setdefault(client, []).append((number, reference or ""))
    for client, name, reference in _with_numbers(
        source,
        "SELECT number, sort_key, reference_key FROM firms_client WHERE firm_id = ? AND number IN",
        firm,
        clients,
    ):
        yield NameRow(client, name, reference or "", tuple(sorted(theirs.get(client, []))))


def _with_numbers(
    source: Source, statement: str, firm: int, numbers: Iterable[int]
) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement that ends in ``IN``, for all of `numbers`."""
    left = list(numbers)
    places = ", ".join("?" * AT_ONCE)
    for start in range(0, len(left), AT_ONCE):
        some = left[start : start + AT_ONCE]
        # Nothing has the number 0: filling up keeps it one statement, which databases prepare once.
        some += [0] * (AT_ONCE - len(some))
        yield from source.rows(f"{statement} ({places})", firm, *some)


def _load(source: Source, firm: int) -> _Kept:
    with source.reading():
        mark = read_mark(source, firm)
        engagements = _Engagements(source, firm)
        # The order that `Names` has. Not by the index of that order: its rows lie all over the table, and
        # sorting the table read straight through takes half the time.
        clients = source.stream(
            "SELECT number, sort_key, coalesce(reference_key, '') FROM firms_client"
            " WHERE firm_id = ? AND number > 0 ORDER BY sort_key || '', number",
            firm,
            at_a_time=BATCH,
        )
        chunks = tuple(engagements.chunk_with(*zip(*batch, strict=True)) for batch in clients)
    return _Kept(Names(chunks), mark)


class _Engagements:
    """All engagements of a firm by client, in flat columns: a million of them are read beside the names."""

    def __init__(self, source: Source, firm: int) -> None:
        client_of = array("I", [0])
        self._references = [""]
        for batch in source.stream(
            "SELECT number, client, coalesce(reference_key, '') FROM firms_engagement"
            " WHERE firm_id = ? ORDER BY number",
            firm,
            at_a_time=BATCH,
        ):
            numbers, clients, references = zip(*batch, strict=True)
            if (numbers[0], numbers[-1]) != (len(client_of), len(client_of) + len(batch) - 1):
                raise StateUnavailable(f"firm {firm} lacks engagement {len(client_of)}: the table is damaged")
            client_of.extend(clients)
            self._references.extend(references)
        self._first = array("I", bytes(4 * (max(client_of) + 1)))
        self._following = array("I", bytes(4 * len(client_of)))
        self._chain(client_of)

    def _chain(self, client_of: "array[int]") -> None:
        # From the last to the first, so that each client's come in order of number.
        first, following = self._first, self._following
        for number in range(len(client_of) - 1, 0, -1):
            client = client_of[number]
            following[number] = first[client]
            first[client] = number

    def chunk_with(self, clients: Sequence[int], names: Sequence[str], references: Sequence[str]) -> Chunk:
        """A chunk of these clients, which are in order, with all their engagements."""
        shares, engaged = array("I"), array("I")
        first, following = self._first, self._following
        for client in clients:
            before = len(engaged)
            number = first[client] if client < len(first) else 0
            while number:
                engaged.append(number)
                number = following[number]
            shares.append(len(engaged) - before)
        taxes = list(map(self._references.__getitem__, engaged))
        return chunk_of(clients, names, references, shares, engaged, taxes)
