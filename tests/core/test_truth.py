"""The rules as scenarios: every document of `tests/truth/*.yaml` holds in the core.

The files are written from `docs/rules.md` alone; what a scenario means stands there, in section 8. The
runner's own behaviour (what a failed statement prints) is tested elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from ringfence.core import scenario

TRUTH = Path(__file__).parent.parent / "truth"
NAME = re.compile(r"^name: (.+)$", re.MULTILINE)
STATEMENT = re.compile(r"^(checks:$|  - check: |.*\bexpect:)", re.MULTILINE)


class Document(NamedTuple):
    """One scenario of one file, as text."""

    file: str
    name: str
    text: str

    @property
    def id(self) -> str:
        return f"{self.file}::{self.name}"


def documents() -> list[Document]:
    """Every scenario, file by file; a document without a name is an error here rather than a test lost."""
    found: list[Document] = []
    for path in sorted(TRUTH.glob("*.yaml")):
        for text in re.split(r"^---$", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            name = NAME.search(text)
            if name is None:
                raise ValueError(f"{path.name} holds a scenario without a name")
            found.append(Document(path.name, name[1], text))
    return found


DOCUMENTS = documents()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.id)
def test_the_scenario_holds(document: Document) -> None:
    (outcome,) = scenario.run(document.text)
    assert outcome.name == document.name
    assert not outcome.failures, "\n".join([document.id, *outcome.failures])


def test_every_scenario_states_something() -> None:
    assert [document.id for document in DOCUMENTS if not STATEMENT.search(document.text)] == []


def test_scenario_names_are_unique_within_their_file() -> None:
    twice = [name for name, count in Counter(document.id for document in DOCUMENTS).items() if count > 1]
    assert twice == []
