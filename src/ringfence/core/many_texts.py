"""The words of very many things at once, as columns: what a list says of a hundred thousand clients.

They are texts like all others to whoever walks through them; whoever works on all together takes the columns.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, groupby
from operator import attrgetter
from typing import Any, overload

from .directory import tax_keys, unique_keys
from .events import Text
from .terms import Thing


class _Texts(Sequence[Text]):
    """A sequence of texts that is equal to a tuple of the same."""

    @overload
    def __getitem__(self, index: int) -> Text: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Text]: ...
    def __getitem__(self, index: int | slice) -> Text | Sequence[Text]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


class ManyTexts(_Texts):
    """Texts about things of one kind, in order of their numbers, without a member.

    Each column has a text for every number, "" where nothing is stated.
    """

    def __init__(self, thing: Thing, numbers: Sequence[int], columns: Mapping[str, Sequence[str]]) -> None:
        self.thing, self.numbers = thing, numbers
        self.columns = {name: columns[name] for name in sorted(columns) if any(columns[name])}

    def __len__(self) -> int:
        return len(self.numbers)

    def parts(self, size: int) -> "Iterator[ManyTexts]":
        """So many of them at a time: what is made of one part goes before the next is begun."""
        for start in range(0, len(self.numbers), size):
            some = slice(start, start + size)
            columns = {name: column[some] for name, column in self.columns.items()}
            yield ManyTexts(self.thing, self.numbers[some], columns)

    def __iter__(self) -> Iterator[Text]:
        for number, fields in zip(self.numbers, self.fields(), strict=True):
            yield Text(thing=self.thing, number=number, fields=fields)

    def field(self, number: int, name: str) -> str:
        """What is stated of one of them; "" where nothing is."""
        place = bisect_left(self.numbers, number)
        there = place < len(self.numbers) and self.numbers[place] == number
        return self.columns[name][place] if there and name in self.columns else ""

    @cached_property
    def reference_keys(self) -> list[str]:
        """The key of each one's reference, which who judges a list and who writes it both ask for."""
        keys = tax_keys if self.thing is Thing.ENGAGEMENT else unique_keys
        return keys(self.columns["reference"])

    def fields(self) -> list[dict[str, str]]:
        """What is stated of each."""
        names, columns = tuple(self.columns), self.columns.values()
        if all(map(all, columns)):
            return [dict(zip(names, texts, strict=False)) for texts in zip(*columns, strict=True)]
        return [
            {name: text for name, text in zip(names, texts, strict=True) if text}
            for texts in zip(*columns, strict=True)
        ]


class _Joined(_Texts):
    """Texts one after the other, many of them in columns."""

    def __init__(self, parts: Sequence[Sequence[Text]]) -> None:
        self.parts = parts

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __iter__(self) -> Iterator[Text]:
        return chain.from_iterable(self.parts)


MANY = 100
"""Texts from which on columns are kept: few are as well told one by one."""


def joined(several: Iterable[Sequence[Text]]) -> Sequence[Text]:
    """These texts one after the other; columns stay what they are."""
    parts: list[Sequence[Text]] = []
    alone: list[Text] = []
    for part in chain.from_iterable(each.parts if isinstance(each, _Joined) else (each,) for each in several):
        if len(part) < MANY or not isinstance(part, ManyTexts):
            alone += part
            continue
        if alone:
            parts.append(tuple(alone))
            alone = []
        parts.append(part)
    if not parts:
        return tuple(alone)
    return _Joined((*parts, tuple(alone)) if alone else parts)


def runs(texts: Sequence[Text]) -> Iterator[tuple[Thing, Sequence[Text]]]:
    """Texts that stand next to each other and are about things of one kind; `ManyTexts` each by itself."""
    for part in texts.parts if isinstance(texts, _Joined) else (texts,):
        if isinstance(part, ManyTexts):
            yield part.thing, part
        else:
            for thing, run in groupby(part, key=_THING):
                yield thing, list(run)


_THING: Any = attrgetter("thing")
