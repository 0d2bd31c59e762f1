"""A firm's clients in the order of their names, and the search for a part of a name or reference.

Pure and immutable: `name_index.py` reads the rows and keeps one per firm up to date. Who may see which client
is not known here: callers bring the sets that the core allows, and nothing outside them comes back.

The clients lie in chunks of a few thousand, each with its lines of folded text and its numbers as bitmaps.
A page is found by counting intersections chunk by chunk, a search is one pass over the text, and a changed
client makes one chunk or two anew.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice, repeat
from typing import NamedTuple

import msgspec
from pyroaring import BitMap

from ringfence.core.directory import sort_key, tax_key, tax_search_keys
from ringfence.core.state.holding import EMPTY

SIZE = 4096
"""Clients in a fresh chunk; one that grows to more than twice as many is cut up."""
KEPT = 32
"""Searches that are kept."""

_FRONT = " "
"""Stands in front of every word of a line, the first one included."""
_BETWEEN = "\x1f"
"""Stands in front of every reference: no text has it, so no search crosses it."""
_UNWANTED = re.compile(r"[\x1f\n]")
_FOLDED = re.compile(r"[ '`]")
"""What a sort key or a reference without spaces leaves out of ASCII."""


Words = tuple[str, ...]
"""What a text is looked for as: its words as in sort keys."""


class NameRow(NamedTuple):
    """One client as the index wants it."""

    client: int
    name: str
    """The sort key of the name."""
    reference: str
    """The key of the client reference, empty where there is none."""
    engagements: tuple[tuple[int, str], ...]
    """Every engagement the client ever had, with the key of its tax reference, empty where there is none."""


class Matches(NamedTuple):
    """What a text was found in. Who sees no engagement of the second set must not learn of it."""

    clients: BitMap
    """Clients by name or client reference."""
    engagements: BitMap
    """Engagements by tax reference."""


class Chunk(msgspec.Struct, frozen=True, eq=False):
    """Neighbouring clients and all their engagements, in order."""

    order: "array[int]"
    """Client numbers."""
    lines: bytes
    """One line for each of `order`: `_FRONT`, name, `_BETWEEN`, reference."""
    shares: "array[int]"
    """For each of `order`, how many of `engaged` are that client's."""
    engaged: "array[int]"
    """Engagement numbers."""
    references: bytes
    """One line for each of `engaged`: `_BETWEEN`, tax reference."""
    clients: BitMap
    engagements: BitMap

    def rows(self) -> Iterator[NameRow]:
        """What the chunk was made from."""
        lines = self.lines.decode().split("\n")
        references = [line[1:] for line in self.references.decode().split("\n")]
        start = 0
        for client, line, share in zip(self.order, lines, self.shares, strict=False):
            name, _, reference = line[1:].partition(_BETWEEN)
            end = start + share
            mine = tuple(zip(self.engaged[start:end], references[start:end], strict=True))
            yield NameRow(client, name, reference, mine)
            start = end

    def first(self) -> tuple[bytes, int]:
        """The place of the first client in the order of the index."""
        return self.lines[1 : self.lines.index(_BETWEEN.encode())], self.order[0]


def _first_name(chunk: Chunk) -> bytes:
    return chunk.first()[0]


class Names(msgspec.Struct, frozen=True, eq=False):
    """All clients that a firm ever had, removed ones included, by name and then by number."""

    chunks: tuple[Chunk, ...] = ()
    kept: dict[Words, Matches] = msgspec.field(default_factory=dict)
    """The last searches: whoever turns the pages of one asks the same again."""

    def page(self, clients: BitMap, offset: int, limit: int) -> list[int]:
        """Up to `limit` of `clients` (client numbers), from the one at `offset` (from 0) on, in order."""
        found: list[int] = []
        for chunk in self.chunks:
            here = chunk.clients.intersection_cardinality(clients)
            if offset >= here:
                offset -= here
                continue
            wanted = filter(clients.__contains__, chunk.order)
            found += islice(wanted, offset, offset + limit - len(found))
            offset = 0
            if len(found) == limit:
                break
        return found

    def page_of_engagements(self, engagements: BitMap, offset: int, limit: int) -> list[int]:
        """The same of `engagements` (engagement numbers), in the order of their clients.

        Of one service, where a client has one engagement at most, a page of engagements is a page of clients.
        """
        found: list[int] = []
        for chunk in self.chunks:
            here = chunk.engagements.intersection_cardinality(engagements)
            if offset >= here:
                offset -= here
                continue
            wanted = filter(engagements.__contains__, chunk.engaged)
            found += islice(wanted, offset, offset + limit - len(found))
            offset = 0
            if len(found) == limit:
                break
        return found

    def matching(self, text: str) -> Matches:
        """Where every word of `text` is part of a name or reference, ignoring case, width and accents.

        Words may stand in any order; client references are compared without their spaces, tax references by
        letters and digits alone. A word of a single ASCII character is part of nearly everything: it has to
        begin a word or a reference. An empty text is part of every name and of no tax reference.
        """
        words = _words(text)
        if not words:
            return Matches(BitMap.union(EMPTY, *(chunk.clients for chunk in self.chunks)), EMPTY)
        found = self.kept.get(words)
        if found is None:
            found = Matches(
                clients=self._clients_with(words),
                engagements=self._engagements_with("".join(words)),
            )
            if len(self.kept) >= KEPT:
                self.kept.clear()
            self.kept[words] = found
        return found

    def matching_names(self, text: str) -> BitMap:
        """The clients in whose name alone the words of `text` are: for who may know of nothing but names."""
        words = _words(text)
        return self._clients_with(words, names_only=True) if words else self.matching("").clients

    def called(self, name: str) -> BitMap:
        """The clients of which `name` is the whole name, ignoring case, width and accents."""
        key = _clean(sort_key(name)).encode()
        # Those of one name may lie in several chunks, and the first of them behind others.
        last = bisect_right(self.chunks, key, key=_first_name)
        first = max(bisect_left(self.chunks, key, hi=last, key=_first_name) - 1, 0)
        lines = ((chunk.lines, chunk.order) for chunk in self.chunks[first:last])
        whole = _FRONT.encode() + re.escape(key) + _BETWEEN.encode()
        return _found_in(lines, [re.compile(rb"(?m:^)" + whole)])

    def with_tax_reference(self, text: str) -> BitMap:
        """The engagements of which `text` is the whole tax reference, however it is spelled."""
        key = _folded([tax_key(text)])[0]
        if not key:
            return EMPTY
        lines = ((chunk.references, chunk.engaged) for chunk in self.chunks)
        return _found_in(lines, [re.compile(re.escape(f"{_BETWEEN}{key}".encode()) + rb"(?=\n)")])

    def _engagements_with(self, text: str) -> BitMap:
        """However a tax reference is spelled: as letters and digits, with or without GB, XI or K."""
        found = [
            _search(((chunk.references, chunk.engaged) for chunk in self.chunks), key)
            for key in tax_search_keys(text)
        ]
        return BitMap.union(EMPTY, *found)

    def _clients_with(self, words: Words, *, names_only: bool = False) -> BitMap:
        # The longest first: where it is nowhere, the others need not be looked for. Each is looked for once.
        first, *others = sorted(dict.fromkeys(words), key=len, reverse=True)
        found = _search(((chunk.lines, chunk.order) for chunk in self.chunks), first, names_only=names_only)
        for word in others:
            chunks = [chunk for chunk in self.chunks if chunk.clients.intersect(found)]
            found &= _search(((chunk.lines, chunk.order) for chunk in chunks), word, names_only=names_only)
        return found

    def engagements_of(self, clients: BitMap) -> BitMap:
        """Every engagement that these clients ever had."""
        found = BitMap()
        for chunk in self.chunks:
            if chunk.clients.intersect(clients):
                ends = accumulate(chunk.shares)
                for client, share, end in zip(chunk.order, chunk.shares, ends, strict=True):
                    if client in clients:
                        found.update(chunk.engaged[end - share : end])
        return found

    def updated(self, rows: Iterable[NameRow]) -> "Names":
        """The index with these clients as they are now, new ones among them."""
        fresh = {row.client: row for row in rows}
        if not fresh:
            return self
        if not self.chunks:
            return names_of(fresh.values())
        moved = BitMap(list(fresh))
        starts = [chunk.first() for chunk in self.chunks]
        coming: defaultdict[int, list[NameRow]] = defaultdict(list)
        for row in fresh.values():
            coming[max(bisect_right(starts, _place(row)) - 1, 0)].append(row)
        made: list[Chunk] = []
        for index, chunk in enumerate(self.chunks):
            if index not in coming and not chunk.clients.intersect(moved):
                made.append(chunk)
                continue
            staying = [row for row in chunk.rows() if row.client not in moved]
            together = sorted(staying + coming[index], key=_place)
            made += chunks_of(together) if len(together) > 2 * SIZE else _whole(together)
        return Names(tuple(made))


def names_of(rows: Iterable[NameRow]) -> Names:
    """An index of these clients."""
    return Names(tuple(chunks_of(sorted(rows, key=_place))))


def chunks_of(rows: list[NameRow]) -> Iterator[Chunk]:
    """The chunks of clients that are in order."""
    for start in range(0, len(rows), SIZE):
        yield from _whole(rows[start : start + SIZE])


def _whole(rows: list[NameRow]) -> Iterator[Chunk]:
    """All of `rows` in one chunk; none for none."""
    if rows:
        yield chunk_of(
            [row.client for row in rows],
            [row.name for row in rows],
            [row.reference for row in rows],
            array("I", [len(row.engagements) for row in rows]),
            array("I", [number for row in rows for number, _ in row.engagements]),
            [reference for row in rows for _, reference in row.engagements],
        )


def chunk_of(
    clients: Sequence[int],
    names: Sequence[str],
    references: Sequence[str],
    shares: "array[int]",
    engaged: "array[int]",
    tax_references: Sequence[str],
) -> Chunk:
    """One chunk of clients in order, column by column as `NameRow` and `Chunk` have them."""
    order = array("I", clients)
    pairs = zip(map(_clean, names), _folded(references), strict=True)
    return Chunk(
        order=order,
        lines="".join([f"{_FRONT}{name}{_BETWEEN}{reference}\n" for name, reference in pairs]).encode(),
        shares=shares,
        engaged=engaged,
        references="".join([f"{_BETWEEN}{reference}\n" for reference in _folded(tax_references)]).encode(),
        clients=BitMap(order),
        engagements=BitMap(engaged),
    )


def _place(row: NameRow) -> tuple[bytes, int]:
    """Where a client stands: by the bytes of its name, as databases order keys, then by number."""
    return _clean(row.name).encode(), row.client


def _words(text: str) -> Words:
    return tuple(_clean(sort_key(text)).split())


def _clean(text: str) -> str:
    """Without what has a meaning in the lines. No name or reference has it to begin with (rules.md 5)."""
    return text if text.isprintable() else _UNWANTED.sub(" ", text)


def _folded(references: Sequence[str]) -> Sequence[str]:
    """Keys of references without spaces, which people type or leave out, and without accents as in names."""
    together = "".join(references)
    if together.isascii() and together.isprintable() and not _FOLDED.search(together):
        return references
    return [_clean(sort_key(reference)).replace(" ", "") for reference in references]


def _search(texts: Iterable[tuple[bytes, "array[int]"]], needle: str, *, names_only: bool = False) -> BitMap:
    """The numbers whose lines contain `needle`, in front of `_BETWEEN` where `names_only`."""
    # The hit together with the rest of its line.
    rest = rb"[^\x1f\n]*\x1f[^\n]*" if names_only else rb"[^\n]*"
    single = len(needle) == 1 and needle.isascii()
    starts = (_FRONT + needle, _BETWEEN + needle) if single else (needle,)
    return _found_in(texts, [re.compile(re.escape(start.encode()) + rest) for start in starts])


def _found_in(texts: Iterable[tuple[bytes, "array[int]"]], hits: Sequence[re.Pattern[bytes]]) -> BitMap:
    """The numbers of the lines in which one of `hits` is, which holds no line feed."""
    found = array("I")
    for text, numbers in texts:
        for hit in hits:
            # The line feeds before a hit number its line.
            pieces = hit.split(text)[:-1]
            lines = accumulate(map(bytes.count, pieces, repeat(b"\n")))
            found.extend(map(numbers.__getitem__, lines))
    return BitMap(found)
