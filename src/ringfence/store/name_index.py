"""The names of the firms that one process keeps, and how they are brought up to date.

Like the states of `freshness.py`: proved by the version before each use, brought up by the ledger. Its
entries say only whose name, reference or engagements changed; those clients' rows are read again.
"""

import threading
from array import array
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pyroaring import BitMap

from ringfence.core.events import ClientsAdded, Described, EngagementAdded, Event
from ringfence.core.terms import Thing

from .entries import ChainBroken, entries_after
from .names import SIZE, Chunk, Names, Row, chunks_of
from .shelf import Shelf
from .sources import (
    DRIVER_ERRORS,
    Connection,
    FirmUnknown,
    Mark,
    Source,
    StateUnavailable,
    read_mark,
    source_for,
)

FAR_BEHIND = 1000
"""Entries after which all names are read anew."""
MANY = 20_000
"""Clients to read again after which all names are read anew."""
AT_ONCE = 500
"""Numbers in one statement."""


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

    def __init__(self, limit: int = 64) -> None:
        """`limit`: how many firms are kept; the least recently asked for go first."""
        self._places = Shelf(limit, _Place)

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
        except DRIVER_ERRORS as error:
            raise StateUnavailable(f"the names of firm {firm} cannot be read: {error}") from error
        self._places.trim()
        return now.names


def _caught_up(source: Source, firm: int, kept: _Kept | None) -> _Kept:
    now = read_mark(source, firm)
    if kept is None:
        return _load(source, firm)
    if now == kept.mark:
        return kept
    if not 0 < now.version - kept.mark.version <= FAR_BEHIND:
        return _load(source, firm)
    try:
        mark, clients = _touched(source, firm, kept.mark)
    except ChainBroken:
        return _load(source, firm)
    if len(clients) > MANY:
        return _load(source, firm)
    # The rows may be newer than the mark; then the entries that made them so touch them once more.
    return _Kept(kept.names.updated(_rows_of(source, firm, clients)), mark)


def _touched(source: Source, firm: int, known: Mark) -> tuple[Mark, BitMap]:
    """The clients whose line in the index may be another one after `known`."""
    clients = BitMap()
    engagements = BitMap()
    for entry in entries_after(source, firm, known):
        known = entry.mark
        for event in entry.events:
            _note(event, clients, engagements)
    for (client,) in _with_numbers(
        source, "SELECT client FROM firms_engagement WHERE firm_id = ? AND number IN", firm, engagements
    ):
        clients.add(client)
    return known, clients


def _note(event: Event, clients: BitMap, engagements: BitMap) -> None:
    match event:
        case ClientsAdded(first_client=first, count=count) if count:
            clients.add_range(first, first + count)
        case EngagementAdded(client=client):
            clients.add(client)
        case Described(thing=Thing.CLIENT, number=number):
            clients.add(number)
        case Described(thing=Thing.ENGAGEMENT, number=number):
            engagements.add(number)
        case _:
            pass


def _rows_of(source: Source, firm: int, clients: BitMap) -> Iterator[Row]:
    engagements: dict[int, list[tuple[int, str]]] = {}
    for client, number, reference in _with_numbers(
        source,
        "SELECT client, number, reference_key FROM firms_engagement WHERE firm_id = ? AND client IN",
        firm,
        clients,
    ):
        engagements.setdefault(client, []).append((number, reference or ""))
    for client, name, reference in _with_numbers(
        source,
        "SELECT number, sort_key, reference_key FROM firms_client WHERE firm_id = ? AND number IN",
        firm,
        clients,
    ):
        yield Row(client, name, reference or "", tuple(sorted(engagements.get(client, []))))


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
        chunks: list[Chunk] = []
        waiting: list[Row] = []
        # Each number lies at its name's place in an index of the table, the order that `Names` has.
        for batch in source.stream(
            "SELECT number, sort_key, reference_key FROM firms_client WHERE firm_id = ?"
            " ORDER BY sort_key, number",
            firm,
        ):
            for client, name, reference in batch:
                waiting.append(Row(client, name, reference or "", engagements.of(client)))
            if len(waiting) >= SIZE:
                chunks += chunks_of(waiting[:SIZE])
                del waiting[:SIZE]
        chunks += chunks_of(waiting)
    return _Kept(Names(tuple(chunks)), mark)


class _Engagements:
    """All engagements of a firm by client, in flat arrays: a million of them fit beside the names."""

    def __init__(self, source: Source, firm: int) -> None:
        self._first = array("I", [0])
        self._following = array("I", [0])
        self._references = [""]
        last = array("I", [0])
        for batch in source.stream(
            "SELECT number, client, reference_key FROM firms_engagement WHERE firm_id = ? ORDER BY number",
            firm,
        ):
            for number, client, reference in batch:
                self._grow(number, client, last)
                self._references.append(reference or "")
                previous = last[client]
                if previous:
                    self._following[previous] = number
                else:
                    self._first[client] = number
                last[client] = number

    def _grow(self, number: int, client: int, last: "array[int]") -> None:
        if number != len(self._following):
            raise StateUnavailable(f"there is no engagement {len(self._following)}: the table is damaged")
        self._following.append(0)
        short = client + 1 - len(self._first)
        if short > 0:
            self._first.extend(array("I", bytes(4 * short)))
            last.extend(array("I", bytes(4 * short)))

    def of(self, client: int) -> tuple[tuple[int, str], ...]:
        found: list[tuple[int, str]] = []
        number = self._first[client] if client < len(self._first) else 0
        while number:
            found.append((number, self._references[number]))
            number = self._following[number]
        return tuple(found)
