"""Reading an answer as a person does: headings, links, tables, errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import html


def document(response: Any) -> Any:
    """The page as a tree. It is valid (`checks.py`), so the faster parser reads it like the strict one."""
    return html.document_fromstring(response.content or b"<html>", parser=html.HTMLParser(encoding="utf-8"))


def text(response: Any) -> str:
    """All that the page's main part says."""
    return _line(document(response).find(".//main"))


def heading(response: Any) -> str:
    return _line(document(response).find(".//h1"))


def title(response: Any) -> str:
    return _line(document(response).find(".//title"))


def rows(response: Any) -> list[list[str]]:
    """The cells of the page's tables, row by row, without their heads."""
    return [
        [_line(cell) for cell in row if cell.tag in ("td", "th")]
        for body in document(response).iter("tbody")
        for row in body.iter("tr")
    ]


def names(response: Any) -> list[str]:
    """The first cell of each row."""
    return [row[0] for row in rows(response)]


def errors(response: Any) -> list[tuple[str, str]]:
    """The error summary: each text with where it leads."""
    for box in document(response).iter("div"):
        if "govuk-error-summary" in (box.get("class") or "").split():
            return [(_line(link), link.get("href")) for link in box.iter("a")]
    return []


def link(response: Any, words: str) -> str:
    """The address of the link with exactly these words."""
    for each in document(response).iter("a"):
        if _line(each) == words:
            return str(each.get("href"))
    raise AssertionError(f"there is no link {words!r}")


def places(response: Any, within: str = "body") -> list[str]:
    """Where the links of a part of the page lead, in their order: of `main`, of `nav` …"""
    return [link.get("href") for part in document(response).iter(within) for link in part.iter("a")]


def value(response: Any, name: str) -> str:
    """The value of a field of the page's forms."""
    for each in document(response).find(".//main").iter("input"):
        if each.get("name") == name:
            return each.get("value") or ""
    raise AssertionError(f"there is no field {name!r}")


def checked(response: Any) -> list[str]:
    """The values of the boxes that are ticked."""
    boxes = document(response).iter("input")
    ticked = [box for box in boxes if box.get("type") == "checkbox" and "checked" in box.attrib]
    # One without a name is no choice: it ticks others, by scripts.
    return [box.get("value") for box in ticked if box.get("name")]


def _line(element: Any) -> str:
    return re.sub(r"\s+", " ", "".join(_shown(element))).strip()


def _shown(element: Any) -> Iterator[str]:
    """The texts of a wide screen: headings of cells that stand one under another are for narrow ones."""
    if element.get("class") != "rf-stack__heading":
        yield element.text or ""
        for part in element:
            if isinstance(part.tag, str):
                yield from _shown(part)
            yield part.tail or ""
