"""The picture of one run: how long each engine takes for one question, on a scale of powers of ten."""

import math
from collections.abc import Sequence
from html import escape

from .asking import Asked

WIDTH, ROW, LEFT, RIGHT, TOP = 760, 34, 260, 90, 30
INK, OURS, THEIRS, LINE = "#0b0c0c", "#1d4f5e", "#b1b4b6", "#d8dadb"


def chart(found: Sequence[Asked]) -> str:
    """An SVG document; the quickest engine stands on top. Times are in microseconds."""
    rows = sorted(found, key=lambda each: each.seconds)
    least = math.floor(math.log10(rows[0].seconds * 1e6))
    most = math.ceil(math.log10(rows[-1].seconds * 1e6))
    height = TOP + ROW * len(rows) + 10
    title = ", ".join(f"{each.name}: {_time(each.seconds)}" for each in rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' font-family="Helvetica, Arial, sans-serif" font-size="14" fill="{INK}">',
        f"<title>One question: {escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for power in range(least, most + 1):
        x, told = _place(power, least, most), _time(10**power / 1e6)
        parts += [
            f'<line x1="{x}" y1="{TOP - 6}" x2="{x}" y2="{height - 10}" stroke="{LINE}"/>',
            f'<text x="{x}" y="{TOP - 12}" font-size="12" text-anchor="middle">{told}</text>',
        ]
    for number, each in enumerate(rows):
        y = TOP + ROW * number
        end = _place(math.log10(each.seconds * 1e6), least, most)
        colour = OURS if each.name.startswith("Ringfence") else THEIRS
        parts += [
            f'<text x="{LEFT - 10}" y="{y + 20}" text-anchor="end">{escape(each.name)}</text>',
            f'<rect x="{LEFT}" y="{y + 6}" width="{end - LEFT}" height="20" fill="{colour}"/>',
            f'<text x="{end + 8}" y="{y + 20}">{_time(each.seconds)}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def _place(power: float, least: int, most: int) -> int:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * (power - least) / (most - least))


def _time(seconds: float) -> str:
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size * 0.9995:
            return f"{float(f'{seconds / size:.2g}'):g} {unit}"
    return f"{float(f'{seconds / 1e-6:.2g}'):g} µs"
