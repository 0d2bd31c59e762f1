"""Every code has its sentence, in both languages, and every sentence its code."""

import re

import pytest

from ringfence.lists.faults import F, RowFault, TableError, shown
from ringfence.lists.rows.headers import ListKind, fields_of
from ringfence.lists.saving import NotSaved
from ringfence.wording.catalogue import in_language
from ringfence.wording.list_faults import FAULTS, FIELDS, fault_text, field_text
from ringfence.wording.list_notes import NOTES, note_text


def test_every_code_has_its_sentence_and_every_sentence_its_code() -> None:
    assert sorted(FAULTS) == sorted(F)


def test_every_field_of_every_list_has_its_words() -> None:
    assert {field for kind in ListKind for field in fields_of(kind)} <= set(FIELDS)


def test_a_sentence_says_the_values_and_counts_in_thousands() -> None:
    assert fault_text(F.TOO_LONG, {"count": 1234, "limit": 80}) == (
        "It has 1,234 characters; the limit is 80. Shorten it."
    )


def test_a_code_within_the_values_is_said_in_words() -> None:
    assert "no column for the name or last name." in fault_text(
        F.NO_COLUMN, {"field": "name|last_name", "headers": "Code"}
    )
    assert field_text("service:VAT") == "tax reference of VAT"
    refused = fault_text(F.REFUSED, {"refusal": "not_permitted", "problem": "only_administrators"})
    assert refused.startswith("Refused, not_permitted: Only administrators")


@pytest.mark.parametrize("code", list(F))
def test_a_sentence_in_welsh_takes_the_same_values(code: F) -> None:
    english = str(FAULTS[code])
    with in_language("cy"):
        welsh = str(FAULTS[code])
    assert welsh != english
    assert set(re.findall(r"%\((\w+)\)s", welsh)) == set(re.findall(r"%\((\w+)\)s", english))


def test_a_fault_says_its_place() -> None:
    assert str(RowFault(7, "Code", F.FORMULA)).startswith("row 7, Code: It is a spreadsheet formula.")
    assert str(TableError("a.csv", F.EMPTY_FILE)).startswith("a.csv: The file is empty.")
    assert str(TableError("a.csv", F.NUL_CHARACTER, 3)).startswith("a.csv, row 3: There is a NUL")


def test_every_note_is_said_in_both_languages_with_the_same_values() -> None:
    for code, message in NOTES.items():
        with in_language("cy"):
            welsh = str(message)
        assert welsh != str(message), code
        assert set(re.findall(r"%\((\w+)\)s", welsh)) == set(re.findall(r"%\((\w+)\)s", str(message)))
    assert note_text("wide_grants", {"count": 1234}).count("1,234") == 1
    assert str(NotSaved("keeps_changing")).startswith("The firm keeps being changed.")


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("2 lines\r\nof note", "2 lines↵of note"),
        ("one\ntwo\rthree", "one↵two↵three"),
        ("Ace\u00a0Ltd\tCardiff", "Ace Ltd Cardiff"),
        ("a\u200bb\x07", "a\ufffdb\ufffd"),
    ],
)
def test_what_stands_in_a_cell_is_told_with_its_line_breaks_as_such(cell: str, told: str) -> None:
    assert shown(cell) == told
