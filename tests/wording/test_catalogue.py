"""Sentences find their Welsh by the standard library alone, in the language that was said around them."""

import subprocess
import sys

import pytest

from ringfence.core.refusals import Refusal
from ringfence.wording import refusal_text
from ringfence.wording.catalogue import in_language, language_spoken
from ringfence.wording.saying import gettext, gettext_lazy, ngettext

NOBODY, NEB = "Nobody else gains or loses access.", "Nid oes neb arall yn ennill nac yn colli mynediad."


def test_outside_a_language_it_is_english() -> None:
    assert language_spoken() == "en"
    assert gettext(NOBODY) == NOBODY


@pytest.mark.parametrize("language", ["cy", "cy-gb", "CY"])
def test_the_kinds_of_welsh_are_welsh(language: str) -> None:
    with in_language(language):
        assert gettext(NOBODY) == NEB


@pytest.mark.parametrize("language", ["en-gb", "fr", ""])
def test_a_language_that_is_not_there_is_english(language: str) -> None:
    with in_language(language):
        assert language_spoken() == "en"


def test_a_language_ends_where_it_was_said_to() -> None:
    with in_language("cy"):
        with in_language("en"):
            assert gettext(NOBODY) == NOBODY
        assert gettext(NOBODY) == NEB
    assert language_spoken() == "en"


def test_welsh_counts_in_five_forms() -> None:
    with in_language("cy"):
        said = [ngettext("%(count)s [client]", "%(count)s [clients]", number) for number in (1, 2, 3, 6, 5)]
    assert said == [
        "%(count)s cleient",
        "%(count)s gleient",
        "%(count)s chleient",
        "%(count)s chleient",
        "%(count)s cleient",
    ]


def test_a_lazy_text_is_put_into_words_when_it_is_read() -> None:
    text = gettext_lazy(NOBODY)
    with in_language("cy"):
        assert str(text) == NEB
    assert str(text) == NOBODY


def test_a_message_without_text_stays_empty() -> None:
    with in_language("cy"):
        assert gettext("") == ""


def test_sentences_need_no_framework() -> None:
    script = (
        "import sys; sys.modules['django'] = None\n"
        "from ringfence import wording\n"
        "from ringfence.core.refusals import Refusal\n"
        "from ringfence.wording.catalogue import in_language\n"
        "with in_language('cy'): print(*map(wording.refusal_text, Refusal), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    with in_language("cy"):
        assert done.stdout.decode().splitlines() == [refusal_text(refusal) for refusal in Refusal]
