"""A picture of who reaches what as values: boxes in columns, lines between them. Who asks says which.

Boxes are told apart by their shape, lines by the way of access that they stand for, never by colour alone.
Where things lie is worked out in `drawing_layout.py`, and written as SVG in `drawing_svg.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ringfence.wording.saying import LazyText, gettext_lazy


class Shape(StrEnum):
    """What a box stands for."""

    MEMBER = "member"
    GROUP = "group"
    CLIENT = "client"
    RULE = "rule"
    """Something that is nobody's grant: openness, a role, control turned off."""


class LineKind(StrEnum):
    """By what the one end reaches the other."""

    OWN = "own"
    GROUP = "group"
    DELEGATED = "delegated"
    WIDE = "wide"
    EMERGENCY = "emergency"
    RULE = "rule"
    BLOCKED = "blocked"


SHAPE_WORDS: dict[Shape, LazyText] = {
    Shape.MEMBER: gettext_lazy("[Member]"),
    Shape.GROUP: gettext_lazy("[Group]"),
    Shape.CLIENT: gettext_lazy("[Client]"),
    Shape.RULE: gettext_lazy("What holds for everybody"),
}
LINE_WORDS: dict[LineKind, LazyText] = {
    LineKind.OWN: gettext_lazy("Own access to [a client]"),
    LineKind.GROUP: gettext_lazy("Through [a group]"),
    LineKind.DELEGATED: gettext_lazy("Through delegation"),
    LineKind.WIDE: gettext_lazy("Own access to a service or to all [clients]"),
    LineKind.EMERGENCY: gettext_lazy("Emergency access"),
    LineKind.RULE: gettext_lazy("Open by the firm’s settings or by role"),
    LineKind.BLOCKED: gettext_lazy("Kept out"),
}
"""How the key under a picture names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box. Columns count from 0, left to right; `key` is the box's own in its picture."""

    key: str
    column: int
    shape: Shape
    text: str
    note: str = ""
    """A second, smaller line: a number, a level, an end."""
    href: str = ""
    many: bool = False
    """Whether it stands for several, gathered: drawn as a stack."""
    marked: bool = False
    """Whether it is what the picture is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A line from who reaches to what they reach, both by their keys."""

    start: str
    end: str
    line: LineKind
    note: str = ""
    """What a pointer that rests on it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture. `name` begins the ids of its parts, so that two pictures may stand on one page."""

    name: str
    title: str
    description: str
    """What it shows, in a sentence for who does not see it; the table beside it says the rest."""
    columns: tuple[str, ...]
    """The headings of the columns."""
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
