"""Every value of the core has its one sentence, in English and in Welsh, and its heading in the documents."""

import re
from enum import Enum
from typing import get_args

import pytest

from ringfence.core.commands import Command, Problem
from ringfence.core.decision.holders import Idle
from ringfence.core.explanation.grants import Use
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Capability, Level, Reason, Role
from ringfence.wording.capabilities import CAPABILITIES
from ringfence.wording.catalogue import in_language
from ringfence.wording.explanation import USES
from ringfence.wording.ledger import COMMANDS
from ringfence.wording.levels_and_roles import (
    LEVEL_NAMES,
    LEVEL_TEXTS,
    ROLE_NAMES,
    ROLE_TEXTS,
)
from ringfence.wording.reasons import FOR_ADMINISTRATORS, FOR_MEMBERS
from ringfence.wording.refusals import PROBLEMS, REFUSALS
from ringfence.wording.saying import LazyText
from ringfence.wording.standing import IDLE
from tests.support.repository import ROOT

Sentences = dict[Enum, LazyText]

TABLES = [
    pytest.param(Reason, FOR_ADMINISTRATORS, id="reasons for administrators"),
    pytest.param(Reason, FOR_MEMBERS, id="reasons for members"),
    pytest.param(Refusal, REFUSALS, id="refusals"),
    pytest.param(Problem, PROBLEMS, id="problems"),
    pytest.param(Level, LEVEL_NAMES, id="level names"),
    pytest.param(Level, LEVEL_TEXTS, id="level texts"),
    pytest.param(Role, ROLE_NAMES, id="role names"),
    pytest.param(Role, ROLE_TEXTS, id="role texts"),
    pytest.param(Use, USES, id="uses"),
    pytest.param(Idle, IDLE, id="idle grants"),
    pytest.param(Capability, CAPABILITIES, id="capabilities"),
]


@pytest.mark.parametrize(("values", "sentences"), TABLES)
def test_every_value_has_a_sentence_in_both_languages(values: type[Enum], sentences: Sentences) -> None:
    assert set(sentences) == set(values)
    for value in values:
        _in_both(sentences[value])


def test_every_command_has_its_words() -> None:
    assert set(COMMANDS) == _tags(get_args(Command))
    for words in COMMANDS.values():
        _in_both(words)


def test_every_problem_says_what_to_do_or_that_nothing_need_be_done() -> None:
    alone = {Problem.BUILT_IN_SERVICE, Problem.SUCCESSOR}
    for problem, sentence in PROBLEMS.items():
        assert len(str(sentence).split(". ")) >= 2 or problem in alone, problem


@pytest.mark.parametrize(
    ("section", "values"), [("Reasons", Reason), ("Refusals", Refusal), ("Capabilities", Capability)]
)
def test_every_value_has_its_heading_in_the_documents(section: str, values: type[Enum]) -> None:
    page = (ROOT / "docs/reasons.md").read_text("utf-8")
    part = page.split(f"\n## {section}\n")[1].split("\n## ")[0]
    assert re.findall(r"^### `(\w+)`$", part, re.MULTILINE) == [value.value for value in values]


def _in_both(words: LazyText) -> None:
    with in_language("en"):
        english = str(words)
    with in_language("cy"):
        welsh = str(words)
    assert english
    assert welsh
    assert english != welsh, f"no Welsh for {english!r}"


def _tags(kinds: tuple[type, ...]) -> set[str]:
    return {kind.__struct_config__.tag for kind in kinds}  # type: ignore[attr-defined]
