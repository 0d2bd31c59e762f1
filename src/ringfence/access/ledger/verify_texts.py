"""The texts beside a ledger against the digests in its entries, by columns of neighbouring texts.

What is proved here is handed on, to be held against the tables (`verify_names.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import cast

from pyroaring import BitMap

from ringfence.core.events import Described, Event
from ringfence.core.terms import Thing
from ringfence.proof.chain import digests_of, text_digest
from ringfence.proof.ledger_file import ERASED_BY_ITSELF, ERASING
from ringfence.store.body import DIGEST

from .text_columns import TextColumns, TextsBeside

MOST_NAMED = 100
"""Entries that lack words and are named."""
THINGS = frozenset(thing.value for thing in Thing)
Said = Callable[[str, Sequence[int], Sequence[bytes | None]], None]
"""Takes neighbouring texts that were proved: of what kind of thing, of which, and what they say."""


class TextsProved:
    """The texts of a firm, asked for in order of the entries."""

    def __init__(self, firm: int, said: Said) -> None:
        self._beside = TextsBeside(firm)
        self._said = said
        self.count = 0
        self.erased = 0
        """Those of which nothing is left to be proved."""
        self._blanked: dict[tuple[int, int], tuple[str, int] | None] = {}
        """Those that no erasure has accounted for yet, by entry and place: the member or client whose words
        they were, None for others."""

    def differing(self, entry: int, digests: bytes) -> Iterator[str]:
        """A sentence for each text of the entry that is not what it should be; `digests` are the entry's."""
        expected = len(digests) // DIGEST
        count, slots = 0, BitMap()
        for some in self._beside.of(entry):
            count += len(some.slots)
            if some.slots and some.slots[0] >= 0 and some.slots[-1] < expected:
                slots.update(some.slots)
                yield from self._differing(entry, digests, some)
        if not len(slots) == count == expected:
            yield f"Entry {entry} has {expected} texts, {count} lie beside it."

    def account(self, command: str, events: Sequence[Event]) -> None:
        """Take off what an erasure says that it took; one that does not say may have taken more."""
        if not self._blanked or not command.endswith(ERASING):
            return
        described = [event for event in events if isinstance(event, Described)]
        said = [event.erased for event in described if event.erased is not None]
        for place in chain.from_iterable(said):
            self._blanked.pop(place, None)
        if not said:
            taken = {None, *((event.thing.value, event.number) for event in described)}
            self._blanked = {place: whose for place, whose in self._blanked.items() if whose not in taken}

    def left(self) -> Iterator[str]:
        """A sentence where there are texts beside entries that were never asked for, and for what is gone."""
        if self._beside.left():
            yield "There are texts beside entries that the ledger does not have."
        yield from self._unaccounted()

    def _unaccounted(self) -> Iterator[str]:
        for entry in sorted({entry for entry, _slot in self._blanked})[:MOST_NAMED]:
            yield f"Entry {entry} lacks words, and no later entry says that they were erased."

    def _differing(self, entry: int, digests: bytes, some: TextColumns) -> Iterator[str]:
        self.count += len(some.slots)
        there = some
        if None in some.texts:
            self.erased += some.texts.count(None)
            self._blank(entry, some)
            there = some.among(text is not None for text in some.texts)
        if there.slots and not _all_fit(digests, there):
            yield from _unfit(entry, digests, there)
        else:
            self._said(some.thing, some.numbers, some.texts)

    def _blank(self, entry: int, some: TextColumns) -> None:
        by_itself = some.thing in ERASED_BY_ITSELF
        for slot, number, text in zip(some.slots, some.numbers, some.texts, strict=True):
            if text is None:
                self._blanked[entry, slot] = (some.thing, number) if by_itself else None


def _all_fit(digests: bytes, there: TextColumns) -> bool:
    """Whether each text fits its digest, all of them at once; none of them is erased."""
    return there.thing in THINGS and _found(there) == _expected(digests, there.slots)


def _found(there: TextColumns) -> bytes:
    thing, _slots, numbers, members, salts, _texts = there
    texts = cast(Sequence[bytes], there.texts)
    if not any(members):
        return b"".join(digests_of(Thing(thing), numbers, salts, texts))
    return b"".join(map(text_digest, salts, [Thing(thing)] * len(texts), numbers, members, texts))


def _expected(digests: bytes, slots: Sequence[int]) -> bytes:
    first, last = slots[0], slots[-1]
    if last - first + 1 == len(slots):
        return digests[first * DIGEST : (last + 1) * DIGEST]
    return b"".join([digests[slot * DIGEST : (slot + 1) * DIGEST] for slot in slots])


def _unfit(entry: int, digests: bytes, there: TextColumns) -> Iterator[str]:
    for place, slot in enumerate(there.slots):
        if not _all_fit(digests, there.part(slice(place, place + 1))):
            yield f"Text {slot} beside entry {entry} was changed: it does not fit its digest."
