"""docs/policies.md: every statement of the rules has an example there, which comes out as it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from ruamel.yaml import YAML

from ringfence.access.policing.faults import PF
from ringfence.access.policing.naming import Meant
from ringfence.access.policing.reading import ReadPolicy, read_policies
from ringfence.core.decision.moment import at
from ringfence.core.policies.checking import broken
from ringfence.core.scenario.setup import Book, build
from ringfence.core.statements import Statement
from ringfence.core.terms import Instant, Thing

PAGE = Path(__file__).parents[3] / "docs" / "policies.md"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
FIRM = next(block for block in BLOCKS if "members:" in block)
EXAMPLES = [block for block in BLOCKS if block is not FIRM]


class BookNames:
    """The names of a scenario's firm."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def _number(self, thing: Thing, word: str, unknown: PF) -> Meant:
        number = self._book.number(thing, word)
        return Meant(number) if number else Meant(fault=unknown)

    def member(self, word: str) -> Meant:
        return self._number(Thing.MEMBER, word, PF.UNKNOWN_MEMBER)

    def group(self, word: str) -> Meant:
        return self._number(Thing.GROUP, word, PF.UNKNOWN_GROUP)

    def client(self, word: str) -> Meant:
        return self._number(Thing.CLIENT, word, PF.UNKNOWN_CLIENT)

    def service(self, word: str) -> Meant:
        return self._number(Thing.SERVICE, word, PF.UNKNOWN_SERVICE)

    def engagement(self, client: int, service: int) -> int:
        return self._book.engagement(client, service)


@pytest.fixture(scope="module")
def book() -> Book:
    return build(YAML(typ="safe", pure=True).load(FIRM))


def read(text: str, book: Book) -> ReadPolicy:
    (policy,) = read_policies(text, BookNames(book))
    return policy


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.splitlines()[0].removeprefix("name: "))
def test_each_example_comes_out_as_the_page_says(text: str, book: Book) -> None:
    policy = read(text, book)
    found = broken(at(book.state, Instant(0)), policy.statements)
    said = re.findall(r"# (holds|broken)", text)
    if said:
        assert ["broken" if each else "holds" for each in found] == said


def test_every_statement_of_the_rules_has_an_example(book: Book) -> None:
    shown = {type(each) for text in EXAMPLES for each in read(text, book).statements}
    assert shown == set(get_args(Statement))


def test_every_way_of_meaning_somebody_on_the_page_is_read(book: Book) -> None:
    """The table at its end: each piece of code, in a statement of its own."""
    table = PAGE.read_text().partition("| Written | Means |")[2].partition("\n\n")[0]
    cells = [row.split("|")[1] for row in table.splitlines()[2:]]
    written = [piece for cell in cells for piece in re.findall(r"`([^`]+)`", cell)]
    assert len(written) == 17
    for piece in written:
        text = piece.replace("{group: [A, B]", "{group: [Audit]")
        clients = any(word in text for word in _CLIENT_WORDS)
        statement = f"{{at_least: 1, see: {text}}}" if clients else f"{{never: {text}, sees: all}}"
        assert read(f"name: A\nstatements: [{statement}]", book).statements


_CLIENT_WORDS = ("Hartley", "Cwm Farm", "service", "all", "confidential", "clients")
