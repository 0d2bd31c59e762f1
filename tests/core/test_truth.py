"""The rules as scenarios: every document of `tests/truth/*.yaml` holds in the core.

The files are written from `docs/rules.md` alone; what a scenario means stands there, in section 8. The
runner's own behaviour (what a failed statement prints) is tested elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from ringfence.core import scenario
from tests.truth.documents import Document, documents

STATEMENT = re.compile(r"^(checks:$|  - check: |.*\bexpect:)", re.MULTILINE)
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
