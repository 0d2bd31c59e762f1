"""How names and references are compared and sorted, on every database alike (rules.md 5, "Names")."""

import pytest

from ringfence.core.directory import shows, sort_key, unique_key


@pytest.mark.parametrize(
    "other",
    ["  Fortune 500  ", "FORTUNE 500", "fortune\u00a0500", "Ｆortune 500"],
    ids=["spaces around", "capitals", "a fixed space", "a wide letter"],
)
def test_names_that_look_alike_are_one_name(other: str) -> None:
    assert unique_key(other) == unique_key("Fortune 500")


@pytest.mark.parametrize("other", ["Fortune 501", "Fortune500", "Fortüne 500"])
def test_names_that_differ_are_two_names(other: str) -> None:
    assert unique_key(other) != unique_key("Fortune 500")


def test_capitals_that_become_two_letters_are_folded_too() -> None:
    assert unique_key("STRASSE") == unique_key("Straße")


def test_accents_make_no_difference_to_the_order() -> None:
    assert sorted(["Zoe", "Émile", "Eve", "ángel"], key=sort_key) == ["ángel", "Émile", "Eve", "Zoe"]


@pytest.mark.parametrize(
    "text", ["", "  ", "\u200b", "\u200b \u2060", "\u3164", "\u2800", "\ufe0f", "\u00ad"]
)
def test_a_text_of_which_nothing_can_be_seen_is_empty(text: str) -> None:
    assert not shows(text)


@pytest.mark.parametrize("text", ["a", "0", "ŷ", "\u200ba", "\U0001f950", "株", "-"])
def test_a_text_with_anything_to_see_is_not_empty(text: str) -> None:
    assert shows(text)
