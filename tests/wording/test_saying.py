"""Sentences with names in them."""

from __future__ import annotations

import pytest

from ringfence.wording.catalogue import in_language
from ringfence.wording.saying import gettext, gettext_lazy, ngettext


def test_a_name_that_ends_with_a_full_stop_ends_its_sentence() -> None:
    assert gettext("%(who)s asks to open %(client)s.") % {"who": "Mads", "client": "Vala Ltd."} == (
        "Mads asks to open Vala Ltd."
    )


def test_it_does_so_in_the_middle_of_a_text_and_in_welsh() -> None:
    with in_language("cy"):
        said = gettext("%(name)s cannot be removed. %(why)s.") % {
            "name": "Vala Cyf.",
            "why": "Mae ei hangen.",
        }
    assert ".." not in said
    assert said.endswith("Mae ei hangen.")


@pytest.mark.parametrize("name", ["Vala", "Vala Ltd. & Co"])
def test_another_name_leaves_the_sentence_its_own_full_stop(name: str) -> None:
    assert gettext("In the place of %(name)s.") % {"name": name} == f"In the place of {name}."


def test_what_follows_a_name_at_once_stays() -> None:
    assert gettext("%(old)s is now called %(new)s.") % {"old": "A.", "new": "B."} == "A. is now called B."
    assert gettext("%(at)s.%(part)s") % {"at": "A.", "part": "B"} == "A..B"


def test_counted_and_lazy_sentences_do_the_same() -> None:
    said = ngettext("%(num)s of %(name)s.", "%(num)s of %(name)s.", 2) % {"num": 2, "name": "Vala Ltd."}
    assert said == "2 of Vala Ltd."
    assert (
        str(gettext_lazy("In the place of %(name)s.")) % {"name": "Vala Ltd."} == "In the place of Vala Ltd."
    )
