"""What an XLSX number format makes of a number (ECMA-376, part 1, 18.8.31): digits, a date, a percentage.

As much of it as tells a reference from what a spreadsheet made of one; what cannot be told is said to be so.
"""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Literal

import msgspec

from ringfence.lists.faults import F

from .cells import SheetCell, number_cell, percentage, plain_number

Kind = Literal["general", "date", "percentage", "digits", "other"]

BUILT_IN: dict[int, str] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0;(#,##0)",
    38: "#,##0;(#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)",
    48: "##0.0E+0",
    49: "@",
    **dict.fromkeys((*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)), "yyyy-mm-dd"),
}
"""Codes of the formats that a workbook does not write down; how a date is shown does not matter."""
UNKNOWN = "[=]"
"""A code of which nobody can say what it shows."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>General)'
    r"|(?P<half>AM/PM|A/P)|(?P<power>E[+-])|(?P<place>[0#?])|(?P<date>[ymdhsebg])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?", re.DOTALL)
_MOST_DECIMALS = 15
_PLACES = frozenset("0#?")
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


class Section(msgspec.Struct, frozen=True):
    """One section of a format.

    `tokens` are placeholders (`0`, `#`, `?`), `.`, and literal text after a `'`.
    """

    kind: Kind
    tokens: tuple[str, ...] = ()
    grouped: bool = False


def is_date(code: str) -> bool:
    """Whether numbers in this format are shown as a date or a time."""
    return _sections(code)[0].kind == "date"


def in_format(value: float, code: str) -> str:
    """The cell that a number is in a format that shows no date."""
    sections = _sections(code)
    section, sign = sections[0], "-" if value < 0 else ""
    if value < 0 and len(sections) > 1:
        section, sign = sections[1], ""
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    if section.kind == "general":
        return plain_number(value)
    if section.kind == "percentage":
        return percentage(value)
    if section.kind == "digits" and not (section.grouped and abs(value) >= 1000):
        return number_cell(value, sign + _filled(section.tokens, abs(value)))
    return SheetCell(plain_number(value), fault=F.FORMATTED_NUMBER)


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[Section, ...]:
    """The sections of a format: positive numbers, negative ones, zero."""
    sections: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["other"] == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return tuple(_section(tokens, alone=len(sections) == 1) for tokens in sections[:3])


def _section(tokens: list[re.Match[str]], *, alone: bool) -> Section:
    kinds = {kind for token in tokens if (kind := _kind_told_by(token))}
    for kind in ("date", "other", "percentage"):
        if kind in kinds:
            return Section(kind)
    parts = [part for token in tokens if (part := _part(token))]
    places = [number for number, part in enumerate(parts) if part in _PLACES]
    if not places:
        text = "".join(part[1:] for part in parts)
        # `General`, `@` and a colour alone show the number as it is; with text around it, or as text alone,
        # not; a section of nothing, as in `0;-0;;@`, hides it.
        as_it_is = any(token["general"] or token["other"] == "@" for token in tokens)
        hides = not as_it_is and not (alone and all(token["bracket"] is not None for token in tokens))
        return Section("other" if text or hides else "general")
    inner = parts[places[0] : places[-1] + 1]
    if "'/" in inner and not any(token["quoted"] == "/" or token["escaped"] == "/" for token in tokens):
        return Section("other")  # a fraction
    grouped = "'," in inner
    if "'," in parts[places[-1] :] or parts.count(".") > 1:
        return Section("other")  # shown in thousands
    return Section("digits", tuple(part for part in parts if part != "',"), grouped)


def _kind_told_by(token: re.Match[str]) -> Kind | None:
    bracket = token["bracket"]
    if token["half"] or token["date"] or (bracket and _ELAPSED.fullmatch(bracket)):
        return "date"
    if token["power"] or (bracket and bracket[0] in "<>="):
        return "other"
    return "percentage" if token["other"] == "%" else None


def _part(token: re.Match[str]) -> str:
    """A placeholder, `.`, or `'` and literal text; "" for what shows nothing."""
    if token["place"] or token["other"] == ".":
        return token[0]
    if token["bracket"] is not None:
        currency = _CURRENCY.fullmatch(token["bracket"])
        return f"'{currency[1]}" if currency and currency[1] else ""
    literal = token["quoted"] or token["escaped"] or token["other"]
    return f"'{literal}" if literal and literal != "@" else ""


def _filled(tokens: tuple[str, ...], value: float) -> str:
    """The number in the placeholders: whole digits from the right, decimals from the left."""
    point = tokens.index(".") if "." in tokens else len(tokens)
    decimals = min(sum(token in _PLACES for token in tokens[point:]), _MOST_DECIMALS)
    exact = _EXACT.quantize(Decimal(f"{value:.15g}"), Decimal(1).scaleb(-decimals))
    whole, _point, fraction = f"{exact:f}".partition(".")
    shown = _whole(tokens[:point], whole.lstrip("0"))
    rest = iter(fraction)
    optional = len(fraction.rstrip("0"))
    used = 0
    behind = ""
    for token in tokens[point:]:
        if token in _PLACES:
            digit, used = next(rest, "0"), used + 1
            behind += digit if token == "0" or used <= optional else ""
        else:
            behind += token.removeprefix("'")
    return shown + behind


def _whole(tokens: tuple[str, ...], digits: str) -> str:
    left = list(digits)
    first = next((number for number, token in enumerate(tokens) if token in _PLACES), -1)
    pieces: list[str] = []
    for number in range(len(tokens) - 1, -1, -1):
        token = tokens[number]
        if token not in _PLACES:
            pieces.append(token.removeprefix("'"))
        elif number == first and left:
            pieces.append("".join(left))
        elif left:
            pieces.append(left.pop())
        else:
            pieces.append({"0": "0", "?": " "}.get(token, ""))
    return "".join(reversed(pieces))
