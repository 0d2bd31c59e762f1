"""A picture of who reaches what in words: the table beside it, which says the same as its boxes and lines."""

from __future__ import annotations

from typing import NamedTuple

from .drawing import LINE_WORDS, Drawing, LineKind, Node


class EndWords(NamedTuple):
    """A box to which a line leads."""

    text: str
    note: str
    """Of a box that stands for several, what sets it apart."""
    href: str


class ReachWords(NamedTuple):
    """What a box reaches by lines of one kind."""

    by: str
    ends: tuple[EndWords, ...]


class BoxWords(NamedTuple):
    """A box from which lines lead, or that nothing is joined to."""

    text: str
    note: str
    href: str
    reaches: tuple[ReachWords, ...]


def in_words(drawing: Drawing) -> tuple[BoxWords, ...]:
    """The boxes from left to right, each with all that its lines lead to."""
    nodes = {node.key: node for node in drawing.nodes}
    reached = {arrow.end for arrow in drawing.arrows}
    ends: dict[str, dict[LineKind, list[EndWords]]] = {}
    for arrow in drawing.arrows:
        by_line = ends.setdefault(arrow.start, {})
        by_line.setdefault(arrow.line, []).append(_end(nodes[arrow.end]))
    return tuple(
        BoxWords(node.text, node.note, node.href, _reaches(ends.get(node.key, {})))
        for node in sorted(drawing.nodes, key=lambda node: node.column)
        if node.key in ends or node.key not in reached
    )


def _end(node: Node) -> EndWords:
    return EndWords(node.text, node.note if node.many else "", node.href)


def _reaches(ends: dict[LineKind, list[EndWords]]) -> tuple[ReachWords, ...]:
    return tuple(ReachWords(str(LINE_WORDS[line]), tuple(ends[line])) for line in LineKind if line in ends)
