"""Where the boxes and lines of a picture lie: columns from left to right, few crossings, nothing on top of
anything else. Numbers are units of the picture, which are pixels at its natural size.

The usual way of layered drawings: lines that pass a column get a lane through it, the order within columns is
improved by the middle of the neighbours, and boxes move as near to their neighbours as the others let them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from .drawing import Arrow, Drawing, Node

WIDTH: float = 204
GAP: float = 84
"""Of a box, and between columns."""
SPACE, LANE = 18.0, 10.0
"""Between boxes, and the height of a lane."""
LINE_HEIGHT, NOTE_HEIGHT, PADDING = 20.0, 18.0, 22.0
TEXT_SIZE, NOTE_SIZE = 15.0, 13.0
ROOM = WIDTH - 58.0
"""For a line of text beside the sign of a box."""
HEAD, MARGIN = 40.0, 16.0
SWEEPS = 12
NARROW, WIDE, NARROW_SHARE, WIDE_SHARE, CAPITAL, OTHER = (
    "iljtfrI.,'’|!:;()[] -",
    "mwMW@%",
    0.33,
    0.86,
    0.69,
    0.56,
)
"""Kinds of letters, with their width as a share of the size: of Helvetica and Arial, about."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its place: the upper left corner, and the lines into which its text and note are broken."""

    node: Node
    x: float
    y: float
    height: float
    lines: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """An arrow with the points that it passes; between two points it is a curve, or straight in a column."""

    arrow: Arrow
    points: tuple[tuple[float, float], ...]
    around: bool = False
    """Whether both ends are in one column: it goes around on the left."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture without its key."""

    width: float
    height: float
    left: tuple[float, ...]
    """Where each column begins."""
    boxes: tuple[Box, ...]
    paths: tuple[DrawnLine, ...]


def text_width(text: str, size: float) -> float:
    """About how wide a text is drawn."""
    return sum(map(_share, text)) * size


def _share(letter: str) -> float:
    if letter in NARROW:
        return NARROW_SHARE
    if letter in WIDE or ord(letter) > 0x2E7F:
        return WIDE_SHARE
    return CAPITAL if letter.isupper() else OTHER


def broken(text: str, room: float, size: float, most: int = 2) -> tuple[str, ...]:
    """The text in `most` lines at most that fit the room; what does not is cut off with an ellipsis."""
    lines: list[str] = []
    rest = text.split()
    while rest and len(lines) < most:
        line = rest.pop(0)
        while rest and text_width(f"{line} {rest[0]}", size) <= room:
            line = f"{line} {rest.pop(0)}"
        last = len(lines) == most - 1 and bool(rest)
        lines.append(_cut(f"{line} …" if last else line, room, size))
    return tuple(lines)


def _cut(line: str, room: float, size: float) -> str:
    if text_width(line, size) <= room:
        return line
    while line and text_width(f"{line}…", size) > room:
        line = line[:-1]
    return f"{line.rstrip()}…"


def lay_out(drawing: Drawing) -> Layout:
    """The places of everything in the picture."""
    return _Layering(drawing).layout()


class _Layering:
    """One picture on its way. A slot is a box, by its key, or a lane: the place of a line in a column."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._nodes = {node.key: node for node in drawing.nodes}
        self._lines = {node.key: broken(node.text, ROOM, TEXT_SIZE, 3) for node in drawing.nodes}
        self._notes = {node.key: broken(node.note, ROOM, NOTE_SIZE) for node in drawing.nodes}
        self._columns: list[list[str]] = [[] for _ in drawing.columns]
        for node in drawing.nodes:
            self._columns[node.column].append(node.key)
        self._near: dict[str, list[str]] = {}
        self._lanes: dict[str, tuple[str, ...]] = {}
        for arrow in drawing.arrows:
            self._join(arrow)
        self._height = {slot: self._height_of(slot) for column in self._columns for slot in column}
        self._middle: dict[str, float] = {}
        around = {self._nodes[arrow.start].column for arrow in drawing.arrows if self._around(arrow)}
        self._left = tuple(
            MARGIN + column * (WIDTH + GAP) + (GAP / 2 if min(around, default=column + 1) == 0 else 0)
            for column in range(len(drawing.columns))
        )

    def _around(self, arrow: Arrow) -> bool:
        return self._nodes[arrow.start].column == self._nodes[arrow.end].column

    def _join(self, arrow: Arrow) -> None:
        """The slots that an arrow passes, a lane in each column between its ends; its neighbours."""
        one, other = self._nodes[arrow.start], self._nodes[arrow.end]
        if one.column == other.column:
            return
        step = 1 if one.column < other.column else -1
        passed = [one.key]
        for column in range(one.column + step, other.column, step):
            # Lines of one kind out of one box share their lane, and part behind it.
            lane = f"{arrow.start}\n{arrow.line}\n{column}"
            if lane not in self._near:
                self._columns[column].append(lane)
            passed.append(lane)
            self._near.setdefault(lane, [])
        passed.append(other.key)
        self._lanes[_name(arrow)] = tuple(passed)
        for before, after in pairwise(passed):
            self._near.setdefault(before, []).append(after)
            self._near.setdefault(after, []).append(before)

    def _height_of(self, slot: str) -> float:
        node = self._nodes.get(slot)
        if node is None:
            return LANE
        return PADDING + LINE_HEIGHT * len(self._lines[slot]) + NOTE_HEIGHT * len(self._notes[slot])

    def layout(self) -> Layout:
        """Order, then places, then lines."""
        self._order()
        self._place()
        top = min((self._middle[slot] - self._height[slot] / 2 for slot in self._middle), default=0.0)
        for slot in self._middle:
            self._middle[slot] += HEAD + MARGIN - top
        boxes = tuple(
            Box(
                node,
                self._left[node.column],
                self._middle[node.key] - self._height[node.key] / 2,
                self._height[node.key],
                self._lines[node.key],
                self._notes[node.key],
            )
            for node in self._drawing.nodes
        )
        bottom = max((self._middle[slot] + self._height[slot] / 2 for slot in self._middle), default=HEAD)
        return Layout(
            self._left[-1] + WIDTH + MARGIN, bottom + MARGIN, self._left, boxes, tuple(self._paths())
        )

    # --- The order within columns

    def _order(self) -> None:
        best, fewest = [list(column) for column in self._columns], self._crossings()
        for sweep in range(SWEEPS):
            columns = self._columns if sweep % 2 == 0 else self._columns[::-1]
            for before, column in pairwise(columns):
                self._sort(column, before)
            if (crossings := self._crossings()) < fewest:
                best, fewest = [list(column) for column in self._columns], crossings
            if not fewest:
                break
        self._columns = best

    def _sort(self, column: list[str], beside: Sequence[str]) -> None:
        """By the middle of the neighbours; who has none beside keeps their place."""
        place = {slot: number for number, slot in enumerate(beside)}
        own = {slot: number * len(beside) / len(column) for number, slot in enumerate(column)}
        for slot in column:
            if found := [place[each] for each in self._near.get(slot, ()) if each in place]:
                own[slot] = fmean(found)
        column.sort(key=own.__getitem__)

    def _crossings(self) -> int:
        return sum(self._crossing(*pair) for pair in pairwise(self._columns))

    def _crossing(self, column: Sequence[str], after: Sequence[str]) -> int:
        place = {slot: number for number, slot in enumerate(after)}
        ends = [sorted(place[each] for each in self._near.get(slot, ()) if each in place) for slot in column]
        return sum(
            later < end
            for number, found in enumerate(ends)
            for others in ends[number + 1 :]
            for end in found
            for later in others
        )

    # --- Places

    def _place(self) -> None:
        for column in self._columns:
            height = 0.0
            for slot in column:
                self._middle[slot] = height + self._height[slot] / 2
                height += self._height[slot] + SPACE
            for slot in column:
                self._middle[slot] -= height / 2
        for sweep in range(SWEEPS):
            for column in self._columns if sweep % 2 == 0 else self._columns[::-1]:
                self._settle(column)

    def _settle(self, column: Sequence[str]) -> None:
        """Each slot as near to its neighbours as the others let it, in the order that they have.

        Slots that would lie on one another move together, to the mean of what they want.
        """
        offset, offsets = 0.0, []
        for before, slot in zip([None, *column], column, strict=False):
            if before is not None:
                offset += (self._height[before] + self._height[slot]) / 2 + SPACE
            offsets.append(offset)
        blocks: list[tuple[float, int]] = []
        for slot, moved in zip(column, offsets, strict=True):
            near = [self._middle[each] for each in self._near.get(slot, ())]
            block = ((fmean(near) if near else self._middle[slot]) - moved, 1)
            while blocks and blocks[-1][0] > block[0]:
                mean, count = blocks.pop()
                total = count + block[1]
                block = ((mean * count + block[0] * block[1]) / total, total)
            blocks.append(block)
        wanted = [mean for mean, count in blocks for _ in range(count)]
        for slot, moved, mean in zip(column, offsets, wanted, strict=True):
            self._middle[slot] = mean + moved

    # --- Lines

    def _paths(self) -> list[DrawnLine]:
        ports = self._ports()
        paths = []
        for arrow in self._drawing.arrows:
            one, other = self._nodes[arrow.start], self._nodes[arrow.end]
            if one.column == other.column:
                x = self._left[one.column]
                ends = ((x, self._middle[one.key]), (x, self._middle[other.key]))
                paths.append(DrawnLine(arrow, ends, around=True))
                continue
            passed = self._lanes[_name(arrow)]
            right = one.column < other.column
            points = [(self._left[one.column] + (WIDTH if right else 0), ports[_name(arrow), one.key])]
            for number, lane in enumerate(passed[1:-1], 1):
                left = self._left[one.column + (number if right else -number)]
                ends_of_lane = (left, left + WIDTH) if right else (left + WIDTH, left)
                points += [(x, self._middle[lane]) for x in ends_of_lane]
            end = self._left[other.column] + (0 if right else WIDTH)
            points.append((end, ports[_name(arrow), other.key]))
            paths.append(DrawnLine(arrow, tuple(points)))
        return paths

    def _ports(self) -> Mapping[tuple[str, str], float]:
        """At which height each line leaves and meets its boxes, in the order of the other ends."""
        sides: dict[tuple[str, bool], dict[str, list[str]]] = {}
        for arrow in self._drawing.arrows:
            passed = self._lanes.get(_name(arrow))
            if passed is None:
                continue
            right = self._nodes[arrow.start].column < self._nodes[arrow.end].column
            for key, near, side in ((passed[0], passed[1], right), (passed[-1], passed[-2], not right)):
                # Lines that share a lane leave and meet their box as one.
                sides.setdefault((key, side), {}).setdefault(near, []).append(_name(arrow))
        found = {}
        for (key, _side), ends in sides.items():
            room = max(self._height[key] - 24, 0)
            apart = min(room / len(ends), 14.0)
            for number, near in enumerate(sorted(ends, key=self._middle.__getitem__)):
                for name in ends[near]:
                    found[name, key] = self._middle[key] + (number - (len(ends) - 1) / 2) * apart
        return found


def _name(arrow: Arrow) -> str:
    return f"{arrow.start}\n{arrow.end}\n{arrow.line}"
