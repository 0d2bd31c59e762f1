"""Modules named in docstrings, comments, documents and breaks of the rules are there.

A decision says what was so on the day it bears, and keeps the paths of that day.
"""

import re

import pytest

from tests.mutants import read_mutants
from tests.support.repository import ROOT, files, name, read

MODULE = re.compile(r"(?<![\w./-])((?:\w+/)*\w+\.py)\b")
PROSE = re.compile(r'""".*?"""|#[^\n]*', re.DOTALL)


@pytest.fixture(scope="module")
def modules() -> set[str]:
    """Every path of a module as people shorten it: from any folder of it on."""
    found: set[str] = set()
    for path in files(".py"):
        parts = name(path).split("/")
        found.update("/".join(parts[start:]) for start in range(len(parts)))
    return found


def test_every_module_named_in_the_sources_is_there(modules: set[str]) -> None:
    stale = [
        f"{name(path)}: {cited}"
        for path in files(".py")
        for prose in PROSE.findall(read(path))
        for cited in MODULE.findall(prose)
        if cited not in modules
    ]
    assert not stale, f"name the module as it is called now: {stale}"


def test_every_module_named_in_a_document_is_there(modules: set[str]) -> None:
    stale = [
        f"{name(path)}: {cited}"
        for path in files(".md", ".yaml", ".toml")
        if path.parent.name != "decisions"
        for cited in MODULE.findall(read(path))
        if cited not in modules
    ]
    assert not stale, f"name the module as it is called now: {stale}"


def test_every_break_of_the_rules_edits_a_module_that_is_there() -> None:
    edited = {edit.file for mutant in read_mutants() for edit in mutant.edits}
    assert edited, "no break edits a file: has the form of the breaks changed?"
    missing = sorted(file for file in edited if not (ROOT / "src/ringfence" / file).is_file())
    assert not missing, f"breaks edit modules that are gone: {missing}"
