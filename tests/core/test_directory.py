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
    ("name", "typed"),
    [
        ("Łukasz", "lukasz"),
        ("Sørensen", "sorensen"),
        ("Æthelred", "aethelred"),
        ("Œuvre", "oeuvre"),
        ("Đorđe", "dorde"),
        ("Þórr Guðmundsson", "thorr gudmundsson"),
        ("Ħal Għaxaq", "hal ghaxaq"),
        ("Diyarbakır", "diyarbakir"),
        ("Sápmi Vuoŋa", "sapmi vuona"),
        ("O'Connell", "oconnell"),
        ("O’Connell", "oconnell"),
        ("O`Connell", "oconnell"),
        ("O´Connell", "oconnell"),
        ("D＇Arcy", "darcy"),
        ("Oʻahu ‘Ōpio", "oahu opio"),
    ],
)
def test_a_name_is_sorted_and_found_as_a_plain_keyboard_types_it(name: str, typed: str) -> None:
    assert sort_key(name) == typed


@pytest.mark.parametrize("text", ["'", "``", "’", "'’"])
def test_a_name_of_apostrophes_alone_keeps_them(text: str) -> None:
    assert sort_key(text) == unique_key(text)


def test_a_letter_of_another_script_stays() -> None:
    assert sort_key("Београд 名前") == "београд 名前"


@pytest.mark.parametrize("name", ["Łukasz", "O'Connell", "Straße 5`"])
def test_the_key_of_a_key_is_the_same(name: str) -> None:
    assert sort_key(sort_key(name)) == sort_key(name)


@pytest.mark.parametrize(
    "text", ["", "  ", "\u200b", "\u200b \u2060", "\u3164", "\u2800", "\ufe0f", "\u00ad"]
)
def test_a_text_of_which_nothing_can_be_seen_is_empty(text: str) -> None:
    assert not shows(text)


@pytest.mark.parametrize("text", ["a", "0", "ŷ", "\u200ba", "\U0001f950", "株", "-"])
def test_a_text_with_anything_to_see_is_not_empty(text: str) -> None:
    assert shows(text)
