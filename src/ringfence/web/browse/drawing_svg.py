"""A picture of who reaches what as SVG: within a page, or as a file of its own.

Colours stand in attributes, since the pages take no styles but those of the style sheet, and a file has none.
All of them differ from the white below by 4.5 to 1 at least, and each kind of line has its own pattern.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from .drawing import LINE_WORDS, SHAPE_WORDS, Drawing, LineKind, Node, Shape
from .drawing_layout import (
    GAP,
    HEAD,
    LINE_HEIGHT,
    MARGIN,
    NOTE_HEIGHT,
    NOTE_SIZE,
    PADDING,
    TEXT_SIZE,
    WIDTH,
    Box,
    DrawnLine,
    Layout,
    lay_out,
    text_width,
)

INK, GREY, PAPER = "#0b0c0c", "#484f53", "#ffffff"
FONT = "Helvetica, Arial, sans-serif"
SIGN = 40.0
"""Where the text of a box begins, beside its sign."""


class Stroke(NamedTuple):
    """How a kind of line is drawn; `dashes` is empty for one without a gap."""

    colour: str
    width: float
    dashes: str = ""
    round: bool = False


MANY, THINNER = 30, 0.7
"""Lines from which on all are thinner, and how much."""

STROKES: dict[LineKind, Stroke] = {
    LineKind.OWN: Stroke("#00703c", 3),
    LineKind.GROUP: Stroke("#1d5b96", 2.5, "12 5"),
    LineKind.DELEGATED: Stroke("#b4510a", 3.5, "0.1 7", round=True),
    LineKind.WIDE: Stroke("#5b2d8e", 2.5, "16 5 3 5"),
    LineKind.EMERGENCY: Stroke("#a81b63", 2.5, "8 3 2 3 2 3"),
    LineKind.RULE: Stroke("#484f53", 2, "4 4"),
    LineKind.BLOCKED: Stroke("#b10e1e", 2.5, "3 3 10 3"),
}
FILLS: dict[Shape, str] = {
    Shape.MEMBER: "#fdf3e7",
    Shape.GROUP: "#e8f1fa",
    Shape.CLIENT: "#e9f5ee",
    Shape.RULE: "#f3f2f1",
}


def svg(drawing: Drawing, *, alone: bool = False) -> Markup:
    """The picture with its key. `alone`: as a file of its own, which links to nothing."""
    return _Written(drawing, alone).whole()


class _Written:
    """One picture being written."""

    def __init__(self, drawing: Drawing, alone: bool) -> None:
        self._drawing, self._alone = drawing, alone
        self._layout: Layout = lay_out(drawing)
        self._thinner = THINNER if len(drawing.arrows) > MANY else 1.0
        self._used = [line for line in LineKind if any(arrow.line is line for arrow in drawing.arrows)]

    def whole(self) -> Markup:
        key, key_height = self._key()
        width, height = round(self._layout.width), round(self._layout.height + key_height)
        name = self._drawing.name
        parts = [
            Markup(
                '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" '
                'role="group" aria-labelledby="{name}-title" aria-describedby="{name}-desc" '
                'font-family="{font}" font-size="{size}" fill="{ink}">'
            ).format(w=width, h=height, name=name, font=FONT, size=TEXT_SIZE, ink=INK),
            Markup('<title id="{}-title">{}</title>').format(name, self._drawing.title),
            Markup('<desc id="{}-desc">{}</desc>').format(name, self._drawing.description),
            Markup('<rect width="{}" height="{}" fill="{}"/>').format(width, height, PAPER),
            *self._heads(),
            *self._columns(),
            *(self._path(path) for path in self._layout.paths),
            *(self._box(box) for box in self._layout.boxes),
            key,
            Markup("</svg>"),
        ]
        return Markup("").join(parts)

    def _heads(self) -> Iterator[Markup]:
        """The heads of the arrows; who is kept out gets a bar."""
        yield Markup("<defs>")
        for line in self._used:
            shape = "M0 0 L10 5 L0 10 Z" if line is not LineKind.BLOCKED else "M6 0 H9 V10 H6 Z"
            yield Markup(
                '<marker id="{}-{}" viewBox="0 0 10 10" refX="9" refY="5" '
                'markerWidth="{s}" markerHeight="{s}" markerUnits="userSpaceOnUse" orient="auto">'
                '<path d="{}" fill="{}"/></marker>'
            ).format(
                self._drawing.name,
                line.value,
                shape,
                STROKES[line].colour,
                s=round((12 if line is not LineKind.BLOCKED else 16) * self._thinner),
            )
        yield Markup("</defs>")

    def _columns(self) -> Iterator[Markup]:
        for left, text in zip(self._layout.left, self._drawing.columns, strict=True):
            yield Markup('<text x="{}" y="{}" font-weight="bold">{}</text>').format(left, HEAD - 8, text)

    # --- Lines

    def _path(self, path: DrawnLine) -> Markup:
        arrow, stroke = path.arrow, STROKES[path.arrow.line]
        stroke = stroke._replace(width=stroke.width * self._thinner)
        title = Markup("<title>{}</title>").format(arrow.note) if arrow.note else Markup("")
        return Markup('<path d="{}" fill="none" {} marker-end="url(#{}-{})">{}</path>').format(
            _curve(path), _stroke(stroke), self._drawing.name, arrow.line.value, title
        )

    # --- Boxes

    def _box(self, box: Box) -> Markup:
        node = box.node
        parts = [_stack(box), _outline(box), _sign(box)]
        y = box.y + PADDING / 2 + LINE_HEIGHT * 0.74
        for line in box.lines:
            parts.append(_text(box.x + SIGN, y, line, underlined=bool(node.href) and not self._alone))
            y += LINE_HEIGHT
        for note in box.notes:
            parts.append(
                Markup('<text x="{}" y="{:.1f}" font-size="{}" fill="{}">{}</text>').format(
                    box.x + SIGN, y - 1, NOTE_SIZE, GREY, note
                )
            )
            y += NOTE_HEIGHT
        whole = " ".join(node.text.split())
        cut = Markup("<title>{}</title>").format(whole) if " ".join(box.lines) != whole else Markup("")
        inside = cut + Markup("").join(parts)
        if node.href and not self._alone:
            return Markup('<a href="{}">{}</a>').format(node.href, inside)
        return Markup("<g>{}</g>").format(inside)

    # --- The key

    def _key(self) -> tuple[Markup, float]:
        """What shapes and lines mean, in as many rows as they need; with the height of it."""
        shapes = [shape for shape in Shape if any(node.shape is shape for node in self._drawing.nodes)]
        entries = [(self._shape_sample(shape), str(SHAPE_WORDS[shape]), 30.0) for shape in shapes]
        entries += [(self._line_sample(line), str(LINE_WORDS[line]), 64.0) for line in self._used]
        x, y = MARGIN, self._layout.height + 30
        parts = [
            Markup('<path d="M{} {:.0f} H{:.0f}" stroke="#b1b4b6"/>').format(
                MARGIN, self._layout.height + 4, self._layout.width - MARGIN
            )
        ]
        for sample, words, indent in entries:
            wide = indent + text_width(words, NOTE_SIZE) + 26
            if x > MARGIN and x + wide > self._layout.width:
                x, y = MARGIN, y + 28
            parts.append(
                Markup(
                    '<g transform="translate({:.0f} {:.0f})">{}'
                    '<text x="{}" y="5" font-size="{}">{}</text></g>'
                ).format(x, y, sample, indent, NOTE_SIZE, words)
            )
            x += wide
        return Markup("").join(parts), y - self._layout.height + 22

    def _shape_sample(self, shape: Shape) -> Markup:
        node = Node(key="", column=0, shape=shape, text="")
        return Markup('<g transform="translate(-6 -15)">{}</g>').format(_sign(Box(node, 0, 0, 30, (), ())))

    def _line_sample(self, line: LineKind) -> Markup:
        return Markup('<path d="M2 0 H52" fill="none" {} marker-end="url(#{}-{})"/>').format(
            _stroke(STROKES[line]), self._drawing.name, line.value
        )


def _stroke(stroke: Stroke) -> Markup:
    said = Markup('stroke="{}" stroke-width="{}"').format(stroke.colour, stroke.width)
    if stroke.dashes:
        said += Markup(' stroke-dasharray="{}"').format(stroke.dashes)
    return said + Markup(' stroke-linecap="round"') if stroke.round else said


def _curve(path: DrawnLine) -> str:
    """Curves between columns, straight through them; around on the left within one."""
    (x, y), *rest = path.points
    said = [f"M{x:.1f} {y:.1f}"]
    if path.around:
        ((end, low),) = rest
        out = min(GAP / 2 - 8, 18 + abs(low - y) / 6)
        return f"{said[0]} C{x - out:.1f} {y:.1f} {end - out:.1f} {low:.1f} {end:.1f} {low:.1f}"
    for number, (after, low) in enumerate(rest):
        if number % 2:
            said.append(f"L{after:.1f} {low:.1f}")
        else:
            middle = (x + after) / 2
            said.append(f"C{middle:.1f} {y:.1f} {middle:.1f} {low:.1f} {after:.1f} {low:.1f}")
        x, y = after, low
    return " ".join(said)


def _text(x: float, y: float, text: str, *, underlined: bool) -> Markup:
    line = Markup(' text-decoration="underline"') if underlined else Markup("")
    return Markup('<text x="{}" y="{:.1f}"{}>{}</text>').format(x, y, line, text)


def _outline(box: Box) -> Markup:
    """Who: round ends. A group: a double edge on the left. A client: a folded corner. A rule: dashes."""
    x, y, height, fill = box.x, box.y, box.height, FILLS[box.node.shape]
    edge = Markup('fill="{}" stroke="{}" stroke-width="{}"').format(fill, INK, 3 if box.node.marked else 1.25)
    match box.node.shape:
        case Shape.MEMBER:
            return Markup('<rect x="{}" y="{:.1f}" width="{}" height="{}" rx="{}" {}/>').format(
                x, y, WIDTH, height, min(height / 2, 26), edge
            )
        case Shape.GROUP:
            return Markup(
                '<rect x="{x}" y="{y:.1f}" width="{w}" height="{h}" rx="4" {edge}/>'
                '<path d="M{bar} {y:.1f} v{h}" stroke="{ink}" stroke-width="1.25"/>'
            ).format(x=x, y=y, w=WIDTH, h=height, edge=edge, bar=x + 5, ink=INK)
        case Shape.CLIENT:
            fold = 13
            return Markup(
                '<path d="M{x} {y:.1f} h{short} l{fold} {fold} v{low} h-{w} Z" {edge}/>'
                '<path d="M{turn} {y:.1f} v{fold} h{fold}" fill="none" stroke="{ink}" stroke-width="1.25"/>'
            ).format(
                x=x,
                y=y,
                short=WIDTH - fold,
                fold=fold,
                low=height - fold,
                w=WIDTH,
                edge=edge,
                turn=x + WIDTH - fold,
                ink=INK,
            )
        case Shape.RULE:
            return Markup(
                '<rect x="{}" y="{:.1f}" width="{}" height="{}" rx="4" stroke-dasharray="6 4" {}/>'
            ).format(x, y, WIDTH, height, edge)


def _stack(box: Box) -> Markup:
    """What shows behind a box that stands for several."""
    if not box.node.many:
        return Markup("")
    radius = {Shape.MEMBER: min(box.height / 2, 26), Shape.CLIENT: 0}.get(box.node.shape, 4)
    return Markup("").join(
        Markup('<rect x="{:.1f}" y="{:.1f}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}"/>').format(
            box.x + off, box.y + off, WIDTH, box.height, radius, PAPER, INK
        )
        for off in (7, 3.5)
    )


def _sign(box: Box) -> Markup:
    """The sign at the left of a box: a person, people, a sheet, a key hole for what holds for everybody."""
    at = Markup('transform="translate({:.1f} {:.1f})"').format(box.x + 21, box.y + box.height / 2)
    match box.node.shape:
        case Shape.MEMBER:
            sign = Markup('<circle cy="-5" r="4.6"/><path d="M-8 9 a8 8 0 0 1 16 0 Z"/>')
        case Shape.GROUP:
            sign = Markup(
                '<circle cx="-4" cy="-4" r="3.6"/><path d="M-11 8 a7 7 0 0 1 14 0 Z"/>'
                '<circle cx="5.5" cy="-5" r="3.1"/>'
                '<path d="M4.5 5 h7 a6 6 0 0 0 -9.5 -4 a9 9 0 0 1 2.5 4 Z"/>'
            )
        case Shape.CLIENT:
            sign = Markup(
                '<path d="M-7 -10 h9 l5 5 v15 h-14 Z" fill="none" stroke="{ink}" stroke-width="1.6"/>'
                '<path d="M-3.5 -2 h7 M-3.5 2 h7 M-3.5 6 h7" stroke="{ink}" stroke-width="1.4"/>'
            ).format(ink=INK)
        case Shape.RULE:
            sign = Markup(
                '<path d="M-7 -1 h14 v10 h-14 Z"/>'
                '<path d="M-4.5 -1 v-4 a4.5 4.5 0 0 1 8.6 -1.8" fill="none" stroke="{}" stroke-width="2"/>'
            ).format(INK)
    return Markup('<g {} aria-hidden="true">{}</g>').format(at, sign)
