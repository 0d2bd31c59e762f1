"""The words beside the entries: written and read here alone, whether each has a row or many share one.

A list of a hundred thousand clients is one entry with a quarter of a million texts. Neighbouring texts about
things of one kind lie together, in blocks of a few hundred: so the firm is locked for a hundredth of their
rows. Each keeps its own salt, and is erased by itself.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

import msgspec
from django.db.models import Q, QuerySet
from pyroaring import BitMap

from ringfence.access.sql import among_numbers, numbers_parameter, rows_of
from ringfence.access.writing.tables.bulk import insert
from ringfence.core.events import Text
from ringfence.core.many_texts import ManyTexts, runs
from ringfence.core.terms import Thing
from ringfence.firms.models import LedgerBlock, LedgerText
from ringfence.proof.chain import digests_of, encode_columns, encode_fields, new_salts, text_digest

TOGETHER = frozenset({Thing.CLIENT, Thing.ENGAGEMENT})
"""Of what there are so many that their texts lie in blocks."""
BLOCK = 256
"""Texts in one block, and from which on neighbouring texts lie together."""
AT_ONCE = 5_000
"""Rows read at once; so many blocks would hold a million texts, of which few are wanted at a time."""
BLOCKS_AT_ONCE = 20
_ROW_COLUMNS = ("slot", "thing", "number", "member", "salt", "text")
_BLOCK_COLUMNS = ("slot", "thing", "first", "last", "content")
ERASED = {"text": None, "salt": b""}


class StoredText(NamedTuple):
    """One text as it lies there; `text` is None and `salt` empty once it was erased."""

    entry: int
    slot: int
    thing: str
    number: int
    member: int
    salt: bytes
    text: str | None


class _Content(msgspec.Struct, array_like=True):
    """What a block holds, of each text in order of its slot and number."""

    numbers: list[int]
    salts: list[bytes]
    texts: list[bytes | None]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Content)


class Proved(NamedTuple):
    """The texts of one change, as they will lie beside whatever entry it becomes."""

    digests: tuple[bytes, ...]
    """One for each text, for the entry's body."""
    rows: list[tuple[Any, ...]]
    blocks: list[tuple[Any, ...]]

    def size_of_blocks(self) -> int:
        """Bytes."""
        return sum(len(content) for *_place, content in self.blocks)


def prove(texts: Sequence[Text]) -> Proved:
    """Give each text its salt and digest; nothing is asked of the database."""
    proved = Proved((), [], [])
    digests: list[bytes] = []
    for thing, alike in runs(texts):
        if thing in TOGETHER and len(alike) >= BLOCK and _ascend(alike):
            for numbers, words in _block_by_block(alike):
                salts = new_salts(len(numbers))
                content = _ENCODER.encode(_Content(numbers, salts, list(words)))
                proved.blocks.append((len(digests), thing.value, numbers[0], numbers[-1], content))
                digests += digests_of(thing, numbers, salts, words)
            continue
        for text, salt in zip(alike, new_salts(len(alike)), strict=True):
            stored = encode_fields(text.fields)
            place = (len(digests), thing.value, text.number, text.member)
            proved.rows.append((*place, salt, stored.decode()))
            digests.append(text_digest(salt, thing, text.number, text.member, stored))
    return proved._replace(digests=tuple(digests))


def _ascend(texts: Sequence[Text]) -> bool:
    """Whether their numbers ascend, none of them with a member."""
    if isinstance(texts, ManyTexts):
        return True
    numbers = [text.number for text in texts]
    return all(map(int.__lt__, numbers, numbers[1:])) and not any(text.member for text in texts)


def _block_by_block(texts: Sequence[Text]) -> Iterator[tuple[list[int], list[bytes]]]:
    """Numbers and words of as many as one block holds: what is made of them goes before the next come."""
    if isinstance(texts, ManyTexts):
        yield from ((list(part.numbers), encode_columns(part.columns)) for part in texts.parts(BLOCK))
        return
    for start in range(0, len(texts), BLOCK):
        part = texts[start : start + BLOCK]
        yield [text.number for text in part], [encode_fields(text.fields) for text in part]


def write_texts(firm: int, entry: int, proved: Proved) -> None:
    """Put them beside the entry, in the transaction that writes it."""
    insert("firms_ledgertext", _ROW_COLUMNS, proved.rows, firm_id=firm, entry=entry)
    insert("firms_ledgerblock", _BLOCK_COLUMNS, proved.blocks, firm_id=firm, entry=entry)


# --- Read


def stored_texts(firm: int, entries: Q = Q()) -> Iterator[StoredText]:  # noqa: B008 - immutable
    """The texts beside these `entries` (a condition on `entry`), in order of entry and slot."""
    blocks = _block_rows(LedgerBlock.objects.filter(entries, firm=firm).order_by("entry", "slot"))
    block = next(blocks, None)
    rows = LedgerText.objects.filter(entries, firm=firm).order_by("entry", "slot")
    for row in rows.values_list(*StoredText._fields).iterator(chunk_size=AT_ONCE):
        while block is not None and block[:2] < row[:2]:
            yield from _texts_in(*block)
            block = next(blocks, None)
        yield _stored(row)
    while block is not None:
        yield from _texts_in(*block)
        block = next(blocks, None)


class BlockOfTexts(NamedTuple):
    """Neighbouring texts of an entry about things of one kind, as columns; their members are 0."""

    slot: int
    """Of the first; the others follow without gaps."""
    thing: str
    numbers: list[int]
    salts: list[bytes]
    texts: list[bytes | None]


def blocks_of(firm: int, entry: int) -> Iterator[BlockOfTexts]:
    """The texts of an entry that lie in blocks, in order of slot: for who goes through all of them."""
    for _, slot, thing, content in _block_rows(
        LedgerBlock.objects.filter(firm=firm, entry=entry).order_by("slot")
    ):
        held = _held(content)
        yield BlockOfTexts(slot, thing, held.numbers, held.salts, held.texts)


_Block = tuple[int, int, str, bytes]
"""Entry, first slot, thing and content."""


def _block_rows(blocks: QuerySet[LedgerBlock]) -> Iterator[_Block]:
    fields = blocks.values_list("entry", "slot", "thing", "content")
    for entry, slot, thing, content in fields.iterator(chunk_size=BLOCKS_AT_ONCE):
        yield entry, slot, thing, bytes(content)


def _texts_in(entry: int, slot: int, thing: str, content: bytes) -> Iterator[StoredText]:
    held = _held(content)
    for place, (number, salt, text) in enumerate(
        zip(held.numbers, held.salts, held.texts, strict=False), start=slot
    ):
        yield StoredText(entry, place, thing, number, 0, salt, None if text is None else text.decode())


def _held(content: bytes) -> _Content:
    """What a block holds; nothing where it is damaged, which verifying tells: its texts are missing."""
    try:
        return _DECODER.decode(content)
    except msgspec.MsgspecError:
        return _Content([], [], [])


_Given = tuple[int, int, int, str | None]
"""Number, entry, slot and words."""


def _given_in(block: _Block) -> Iterator[_Given]:
    return ((each.number, each.entry, each.slot, each.text) for each in _texts_in(*block))


def texts_about(firm: int, wanted: Mapping[Thing, Collection[int]], until: int) -> dict[Thing, list[_Given]]:
    """What entries up to and with `until` say of these things, by number, entry and slot.

    One statement for things of all kinds, and one for each few blocks in which some of them are.
    """
    sought = {thing: BitMap(numbers) for thing, numbers in wanted.items() if numbers}
    found: dict[Thing, list[_Given]] = {thing: [] for thing in wanted}
    places: list[tuple[int, int]] = []
    for kind, number, entry, slot, text, last in _rows_and_blocks(firm, sought, until):
        thing = Thing(kind)
        if not last:
            found[thing].append((number, entry, slot, text))
        elif sought[thing].range_cardinality(number, last + 1):
            places.append((entry, slot))
    for block in _blocks_at(firm, places):
        thing = Thing(block[2])
        found[thing] += [given for given in _given_in(block) if given[0] in sought[thing]]
    return {thing: sorted(given, key=lambda each: each[:3]) for thing, given in found.items()}


def _rows_and_blocks(firm: int, sought: Mapping[Thing, BitMap], until: int) -> list[tuple[Any, ...]]:
    """Rows about these things; and of blocks in which they may be, which have a last number, their places."""
    parts, given = [], []
    for thing, numbers in sought.items():
        parts.append(
            "SELECT thing, number, entry, slot, text, 0 FROM firms_ledgertext"
            f" WHERE firm_id = %s AND thing = %s AND {among_numbers('number')} AND entry <= %s"
        )
        given += [firm, thing.value, numbers_parameter(numbers), until]
    for thing in sought.keys() & TOGETHER:
        # Their contents are large: of those alone that have one of the things they are read.
        parts.append(
            "SELECT thing, first, entry, slot, NULL, last FROM firms_ledgerblock"
            " WHERE firm_id = %s AND thing = %s AND first <= %s AND last >= %s AND entry <= %s"
        )
        given += [firm, thing.value, sought[thing].max(), sought[thing].min(), until]
    return rows_of(" UNION ALL ".join(parts), *given) if parts else []


def _blocks_at(firm: int, places: Sequence[tuple[int, int]]) -> "Iterator[_Block]":
    """The blocks at these entries and slots."""
    for start in range(0, len(places), BLOCKS_AT_ONCE):
        some = places[start : start + BLOCKS_AT_ONCE]
        which = reduce(or_, (Q(entry=entry, slot=slot) for entry, slot in some))
        yield from _block_rows(LedgerBlock.objects.filter(which, firm=firm))


def _parts(wanted: BitMap) -> Iterator[list[int]]:
    numbers = list(wanted)
    return (numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE))


def _blocks_about(firm: int, thing: Thing, wanted: BitMap) -> Iterator[LedgerBlock]:
    """The blocks in which one of these may be. Which they are is looked up first: contents are large."""
    if not wanted or thing not in TOGETHER:
        return
    blocks = LedgerBlock.objects.filter(firm=firm, thing=thing.value)
    near = blocks.filter(first__lte=wanted.max(), last__gte=wanted.min())
    for entry, slot, first, last in near.values_list("entry", "slot", "first", "last").order_by("first"):
        if wanted.range_cardinality(first, last + 1):
            yield LedgerBlock.objects.get(firm=firm, entry=entry, slot=slot)


def reasons(firm: int, entries: Collection[int]) -> Iterator[StoredText]:
    """The reasons of these entries."""
    # The thing of a reason has no number: so the index of things leads to it.
    rows = LedgerText.objects.filter(firm=firm, thing=Thing.ENTRY.value, number=0, entry__in=entries)
    for row in rows.order_by("entry", "slot").values_list(*StoredText._fields):
        yield _stored(row)


def _stored(row: tuple[Any, ...]) -> StoredText:
    entry, slot, thing, number, member, salt, text = row
    return StoredText(entry, slot, thing, number, member, bytes(salt), text)


# --- Erase


Gone = list[tuple[int, int]]
"""Entry and slot of each text that was erased: what is erased is put into it."""


def forget_texts(firm: int, which: Q, gone: Gone) -> None:
    """Erase the words of texts that have rows of their own, and their salts."""
    rows = LedgerText.objects.filter(which, firm=firm, text__isnull=False)
    gone += rows.order_by("entry", "slot").values_list("entry", "slot")
    rows.update(**ERASED)


def forget_things(firm: int, thing: Thing, numbers: Iterable[int], gone: Gone) -> None:
    """Erase every word about these things, and their salts."""
    wanted = BitMap(numbers)
    for part in _parts(wanted):
        forget_texts(firm, Q(thing=thing.value, number__in=part), gone)
    for block in list(_blocks_about(firm, thing, wanted)):
        held = _held(bytes(block.content))
        for place, number in enumerate(held.numbers):
            if number in wanted:
                if held.texts[place] is not None:
                    gone.append((block.entry, block.slot + place))
                held.salts[place], held.texts[place] = b"", None
        LedgerBlock.objects.filter(firm=firm, entry=block.entry, slot=block.slot).update(
            content=_ENCODER.encode(held)
        )


def forget_reasons(firm: int, of: Callable[[QuerySet[Any]], Collection[int]], gone: Gone) -> None:
    """Erase the reasons of those entries that `of` chooses from all that have one."""
    reasons = LedgerText.objects.filter(firm=firm, thing=Thing.ENTRY.value, text__isnull=False)
    chosen = list(of(reasons.values("entry")))
    forget_texts(firm, Q(thing=Thing.ENTRY.value, entry__in=chosen), gone)
