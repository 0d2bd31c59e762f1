"""The index of the ledger: which entries name a member, a client or a group.

It holds nothing that the entries do not say and can be made again from them. An entry that names a hundred
thousand clients takes a row for each run or block of their numbers, not for each client.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.access.sql import among_numbers, numbers_parameter, rows_of
from ringfence.access.writing.tables.bulk import insert
from ringfence.core.events import Event
from ringfence.core.state.register import Register
from ringfence.core.terms import Thing
from ringfence.firms.models import LedgerMention

from .members_and_clients import clients_in, groups_in, members_in

ALONE = 16
"""Numbers of a kind up to which each has a row of its own."""
BLOCK = 65_536
"""Numbers of one row at the most where it holds some of them: a bitmap of 8 kB."""


class Mention(NamedTuple):
    """Some of the things of a kind that an entry names: all from `first` to `last`, or those in `numbers`."""

    thing: str
    first: int
    last: int
    numbers: bytes | None


def mentions_of(events: Iterable[Event], register: Register) -> list[Mention]:
    """What the index says of an entry with these events; `register` knows all engagements that they name."""
    events = tuple(events)
    named = (
        (Thing.MEMBER, members_in(events)),
        (Thing.CLIENT, clients_in(events, register)),
        (Thing.GROUP, groups_in(events)),
    )
    return [mention for thing, numbers in named for mention in _packed(thing, numbers)]


def _packed(thing: Thing, numbers: BitMap) -> Iterator[Mention]:
    if not numbers:
        return
    first, last = numbers.min(), numbers.max()
    if len(numbers) > ALONE and len(numbers) == last - first + 1:
        yield Mention(thing.value, first, last, None)
        return
    if len(numbers) > ALONE and first // BLOCK != last // BLOCK:
        for block in range(first // BLOCK, last // BLOCK + 1):
            yield from _packed(thing, numbers & BitMap(range(block * BLOCK, (block + 1) * BLOCK)))
        return
    if len(numbers) > ALONE:
        yield Mention(thing.value, first, last, numbers.serialize())
        return
    for number in numbers:
        yield Mention(thing.value, number, number, None)


def write_mentions(firm: int, entry: int, mentions: Sequence[Mention]) -> None:
    """Put an entry into the index, in the transaction that writes it."""
    insert("firms_ledgermention", Mention._fields, mentions, firm_id=firm, entry=entry)


def entries_naming(firm: int, thing: Thing, numbers: BitMap) -> BitMap:
    """The entries that name any of these members, clients or groups."""
    found = BitMap()
    for _thing, entry, first, last, held in _rows_meeting(firm, {thing: numbers}):
        if entry not in found and _meets(numbers, first, last, held):
            found.add(entry)
    return found


def entries_naming_each(firm: int, named: Mapping[Thing, BitMap]) -> dict[Thing, dict[int, BitMap]]:
    """The entries that name each of these, by kind and number; meant for few of them. One question."""
    found = {thing: {number: BitMap() for number in numbers} for thing, numbers in named.items()}
    for kind, entry, first, last, held in _rows_meeting(firm, named):
        thing = Thing(kind)
        for number in named[thing] & BitMap(range(first, last + 1)):
            if _meets(BitMap([number]), first, last, held):
                found[thing][number].add(entry)
    return found


def _rows_meeting(
    firm: int, named: Mapping[Thing, BitMap]
) -> Iterable[tuple[str, int, int, int, bytes | memoryview | None]]:
    """What the index has from the lowest to the highest of these, and more: kind, entry, what it names."""
    parts: list[str] = []
    given: list[object] = []
    for thing, numbers in named.items():
        if not numbers:
            continue
        # By the first that each mention names, and of those that name several also by the others.
        parts += [
            "SELECT thing, entry, first, first, NULL FROM firms_ledgermention"
            f" WHERE firm_id = %s AND thing = %s AND {among_numbers('first')}",
            "SELECT thing, entry, first, last, numbers FROM firms_ledgermention"
            " WHERE firm_id = %s AND thing = %s AND last > first AND last >= %s AND first <= %s",
        ]
        given += [firm, thing.value, numbers_parameter(numbers)]
        given += [firm, thing.value, numbers.min(), numbers.max()]
    return rows_of(" UNION ALL ".join(parts), *given) if parts else ()


def _meets(numbers: BitMap, first: int, last: int, held: bytes | memoryview | None) -> bool:
    if held is None:
        return numbers.range_cardinality(first, last + 1) > 0
    return numbers.intersect(BitMap.deserialize(bytes(held)))


def stored_mentions(firm: int) -> Iterator[tuple[int, Mention]]:
    """What the index says, in order of the entries."""
    rows = LedgerMention.objects.filter(firm=firm).order_by("entry", "thing", "first")
    fields = rows.values_list("entry", "thing", "first", "last", "numbers")
    for entry, thing, first, last, held in fields.iterator(chunk_size=5_000):
        yield entry, Mention(thing, first, last, None if held is None else bytes(held))
