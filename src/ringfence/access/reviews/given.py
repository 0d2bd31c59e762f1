"""Since when the items of a review were given, by whom and why: from the ledger, for one page of them."""

from collections.abc import Iterable, Mapping

import msgspec
from pyroaring import BitMap

from ringfence.access.firm_now import FirmNow
from ringfence.access.ledger.entries import Entry, entries_numbered
from ringfence.access.ledger.mentions import entries_naming_each
from ringfence.core import events as e
from ringfence.core.terms import Instant, Thing

from .rows import Item

LOOKED_AT = 4
"""Entries that are read for one item; what was given earlier has no answer here."""


class GivenSince(msgspec.Struct, frozen=True, kw_only=True):
    """The entry that made an access what it was when the review began."""

    at: Instant
    by: int | None
    """The member who did it; None for the operator."""
    reason: str


def given_of(firm_now: FirmNow, items: Iterable[Item]) -> Mapping[int, GivenSince]:
    """By number of the item; without an answer for those that were given otherwise, as with a new client."""
    items = list(items)
    finder = _Finder(firm_now, items)
    wanted = {item: finder.candidates(item) for item in items}
    numbers = BitMap.union(BitMap(), *wanted.values())
    found = {entry.number: entry for entry in entries_numbered(firm_now.firm, numbers)}
    given = {}
    for item, candidates in wanted.items():
        for number in reversed(candidates):
            if number in found and any(_sets(event, item) for event in found[number].events):
                given[item.number] = _given(found[number])
                break
    return given


def _given(entry: Entry) -> GivenSince:
    return GivenSince(at=entry.at, by=entry.actor.member, reason=entry.reason)


class _Finder:
    """Which entries name whom, asked for at once for every kind of things."""

    def __init__(self, firm_now: FirmNow, items: list[Item]) -> None:
        self._now = firm_now
        named: dict[Thing, BitMap] = {Thing.MEMBER: BitMap(), Thing.GROUP: BitMap(), Thing.CLIENT: BitMap()}
        for item in items:
            named[Thing(item.subject.kind)].add(item.subject.number)
            if item.delegator:
                named[Thing.MEMBER].add(item.delegator)
            elif client := client_of(firm_now, item):
                named[Thing.CLIENT].add(client)
        self._known = entries_naming_each(firm_now.firm, named)

    def _naming(self, thing: Thing, number: int) -> BitMap:
        return self._known[thing][number]

    def candidates(self, item: Item) -> BitMap:
        """The last entries that name all that the item is about."""
        found = self._naming(Thing(item.subject.kind), item.subject.number)
        if item.delegator:
            found = found & self._naming(Thing.MEMBER, item.delegator)
        elif client := client_of(self._now, item):
            found = found & self._naming(Thing.CLIENT, client)
        return BitMap(list(found)[-LOOKED_AT:])


def client_of(firm_now: FirmNow, item: Item) -> int:
    """The client that the item is about; 0 for wide grants and delegations."""
    if item.target is None or item.target.kind in ("service", "all"):
        return 0
    return item.target.number if item.target.kind == "client" else firm_now.client_of(item.target.number)


def _sets(event: e.Event, item: Item) -> bool:
    match event:
        case e.GrantsSet() if item.target is not None:
            on = item.target
            return event.subject == item.subject and event.kind == on.kind and on.number in event.targets
        case e.DelegationSet() if item.target is None:
            return (event.delegator, event.delegate) == (item.delegator, item.subject.number)
    return False
