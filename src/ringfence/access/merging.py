"""Two changes of one text put together line by line, and what changed between two versions of it.

Texts come in as they are stored, lines parted by line feeds. Where both changed the same lines, neither is
taken: whoever asks decides.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum

import msgspec

Lines = tuple[str, ...]


class KeptSide(StrEnum):
    """Whose lines stay where both changed the same ones."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"
    """Theirs, and after them mine."""


class MergedPart(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of the text put together; where `theirs` and `mine` differ, both changed what was there."""

    theirs: Lines
    mine: Lines

    @property
    def disputed(self) -> bool:
        return self.theirs != self.mine

    def kept(self, side: KeptSide) -> Lines:
        """The lines that stay by this choice."""
        if side is KeptSide.BOTH and self.disputed:
            return (*self.theirs, *self.mine)
        return self.mine if side is KeptSide.MINE else self.theirs


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """Two changes of one text put together, part by part from the top."""

    parts: tuple[MergedPart, ...]

    @property
    def disputes(self) -> tuple[MergedPart, ...]:
        return tuple(part for part in self.parts if part.disputed)

    def text(self, sides: Sequence[KeptSide] = ()) -> str:
        """The whole text, with a choice for each dispute from the top; else raises `ValueError`."""
        if len(sides) != len(self.disputes):
            raise ValueError(f"{len(sides)} choices for {len(self.disputes)} disputes")
        left, lines = list(reversed(sides)), list[str]()
        for part in self.parts:
            lines += part.kept(left.pop()) if part.disputed else part.mine
        return "\n".join(lines)


def merge(base: str, mine: str, theirs: str) -> Merged:
    """`mine` and `theirs`, both made from `base`, put together.

    Every line that either side added, and none that either side took away, is in the result or in a dispute.
    """
    base_, mine_, theirs_ = base.split("\n"), mine.split("\n"), theirs.split("\n")
    parts: list[MergedPart] = []
    before = _Agreement(0, 0, 0, 0)
    for agreed in _agreements(base_, mine_, theirs_):
        parts += _between(
            base_[before.base_end : agreed.base],
            mine_[before.mine_end : agreed.mine],
            theirs_[before.theirs_end : agreed.theirs],
        )
        same = tuple(base_[agreed.base : agreed.base_end])
        parts += [MergedPart(theirs=same, mine=same)] if same else []
        before = agreed
    return Merged(parts=tuple(parts))


def _between(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[MergedPart]:
    """What becomes of lines that one or both changed."""
    if mine == theirs or theirs == base:
        return [MergedPart(theirs=tuple(mine), mine=tuple(mine))] if mine else []
    if mine == base:
        return [MergedPart(theirs=tuple(theirs), mine=tuple(theirs))] if theirs else []
    return [MergedPart(theirs=tuple(theirs), mine=tuple(mine))]


class _Agreement(msgspec.Struct, frozen=True):
    """Lines that all three texts have, by where they begin in each."""

    base: int
    mine: int
    theirs: int
    size: int

    @property
    def base_end(self) -> int:
        return self.base + self.size

    @property
    def mine_end(self) -> int:
        return self.mine + self.size

    @property
    def theirs_end(self) -> int:
        return self.theirs + self.size


def _agreements(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[_Agreement]:
    """What all three have, from the top; an empty one at the end."""
    ours, others = _matching(base, mine), _matching(base, theirs)
    first, second = 0, 0
    while first < len(ours) and second < len(others):
        (at, in_mine, size), (also_at, in_theirs, also_size) = ours[first], others[second]
        start, end = max(at, also_at), min(at + size, also_at + also_size)
        if start < end:
            yield _Agreement(start, in_mine + start - at, in_theirs + start - also_at, end - start)
        if at + size < also_at + also_size:
            first += 1
        else:
            second += 1
    yield _Agreement(len(base), len(mine), len(theirs), 0)


def _matching(old: list[str], new: list[str]) -> list[tuple[int, int, int]]:
    return [(block.a, block.b, block.size) for block in _matcher(old, new).get_matching_blocks()]


def _matcher(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher[str]:
    # Lines that stand a hundred times, such as empty ones, are no landmarks: looked at, they take for ever.
    return SequenceMatcher(None, old, new, autojunk=True)


class LineChange(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of two versions side by side; where they are the same, nothing changed there."""

    old: Lines
    new: Lines

    @property
    def same(self) -> bool:
        return self.old == self.new


def line_changes(old: str, new: str) -> tuple[LineChange, ...]:
    """How the new text differs from the old one, from the top, lines that stayed among them."""
    before, after = old.split("\n"), new.split("\n")
    return tuple(
        LineChange(old=tuple(before[a:b]), new=tuple(after[c:d]))
        for _tag, a, b, c, d in _matcher(before, after).get_opcodes()
    )
