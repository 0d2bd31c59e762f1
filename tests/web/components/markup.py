"""Markup as a tree that can be compared: what a reader and a browser see, without the way it is written.

Order of attributes and classes and space between elements do not count; space within a line of text does.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from jinja2 import Environment, FileSystemLoader
from msgspec import Struct

from ringfence.web.shell.jinja import environment
from tests.support.repository import ROOT

# What is inside these is read out as one text, so a space that is lost joins two words.
ONE_TEXT = {"a", "button", "label", "legend", "p", "span", "strong", "th", "td", "dt", "h1", "h2"}


class Node(Struct, frozen=True):
    """An element with its attributes, or where `name` is empty a text."""

    name: str
    attributes: dict[str, str]
    reads: str
    children: tuple[Node, ...]


def templates() -> Environment:
    """The environment of the pages, as a server makes it."""
    return environment(loader=FileSystemLoader(ROOT / "src/ringfence/web/templates"))


def tree(markup: str) -> tuple[Node, ...]:
    """The nodes of a piece of HTML."""
    fragment: Any = html5lib.parseFragment(markup, namespaceHTMLElements=False)
    return _children(fragment)


def _node(element: Element) -> Node:
    name = element.tag.rsplit("}", 1)[-1]
    return Node(
        name=name,
        attributes={key: _value(key, value) for key, value in element.attrib.items()},
        reads=_line("".join(element.itertext())) if name in ONE_TEXT else "",
        children=_children(element),
    )


def _value(key: str, value: str) -> str:
    return " ".join(sorted(value.split())) if key == "class" else value


def _children(element: Element) -> tuple[Node, ...]:
    found = [_text(element.text)]
    for child in element:
        if isinstance(child.tag, str):
            found.append(_node(child))
        found.append(_text(child.tail))
    return tuple(node for node in found if node is not None)


def _text(text: str | None) -> Node | None:
    line = _line(text or "")
    return Node("", {}, line, ()) if line else None


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
