"""docs/security.md has each requirement of OWASP ASVS 5.0 (levels 1 and 2) once, and names tests."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import NamedTuple

import pytest
from django.apps import apps

from tests.support.repository import ROOT

PAGE = ROOT / "docs" / "security.md"
IDS = ROOT / "tests" / "guards" / "asvs-5.0.txt"
"""Of the standard, 5.0.0: the number and the level of each requirement of levels 1 and 2."""
STATES = {"met", "partly", "not met", "operator", "n/a"}
DANGEROUS = {"eval", "exec", "__import__"}
MODULES = {"pickle", "marshal", "shelve", "dill"}


class Row(NamedTuple):
    """A line of the table."""

    id: str
    short: str
    state: str
    how: str
    held: str


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if re.match(r"\| \d+\.\d+\.\d+ \|", line)]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert all(len(each) == len(Row._fields) for each in cells), "a line has other columns than the head"
    return [Row(*each) for each in cells]


@pytest.fixture(scope="module")
def tests() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        found.update(re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE))
    return found


def test_every_requirement_stands_once(rows: list[Row]) -> None:
    wanted = [line.split()[0] for line in IDS.read_text("utf-8").splitlines()]
    assert len(wanted) == len(set(wanted)) == 253
    assert [row.id for row in rows] == wanted


def test_every_state_is_known_and_counted(rows: list[Row]) -> None:
    counts = Counter(row.state for row in rows)
    assert set(counts) <= STATES
    text = PAGE.read_text("utf-8")
    told = text[text.index("| met | partly |") :].splitlines()[2]
    assert [int(cell) for cell in told.strip("| ").split("|")] == [
        counts[state] for state in ("met", "partly", "not met", "operator", "n/a")
    ]


def test_what_is_met_is_held_by_something_and_the_rest_says_why(rows: list[Row]) -> None:
    assert [row.id for row in rows if row.state == "met" and not row.held] == []
    assert [row.id for row in rows if not row.how] == []


def test_everything_that_holds_something_is_there(tests: set[str]) -> None:
    named = set(re.findall(r"`(test_\w+|tests/[\w/.\-]+)`", PAGE.read_text("utf-8")))
    lacking = {
        each for each in named if not ((ROOT / each).exists() if each.startswith("tests/") else each in tests)
    }
    assert not lacking, f"{PAGE.name} names tests that are not there: put the present names in: {lacking}"


def test_every_table_is_in_the_inventory() -> None:
    text = PAGE.read_text("utf-8")
    part = text[text.index("## Personal data") : text.index("## OWASP")]
    listed = Counter(
        name
        for line in part.splitlines()
        for name in re.findall(r"`(\w+)`", line.split("|")[1] if "|" in line else "")
    )
    there = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert [name for name, count in listed.items() if count > 1] == []
    assert set(listed) == there, "say in docs/security.md what lies in a table, of whom, how long, how erased"


def test_the_sources_run_nothing_that_was_sent() -> None:
    found = []
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DANGEROUS
            )
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            shell = isinstance(node, ast.keyword) and node.arg == "shell"
            if called or shell or MODULES.intersection(names):
                found.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert not found, f"nothing may be run that comes from elsewhere: {found}"
