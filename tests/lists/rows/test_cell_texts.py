"""What may be a name here is what may be one in the core, so that a list that passes is not refused later."""

import sys
from pathlib import Path

import pytest

from ringfence.core import texts
from ringfence.core.refusals import Refused
from ringfence.lists.faults import F
from ringfence.lists.rows import cell_texts
from ringfence.lists.rows.cell_texts import cell_problem, letters_problem, neutralise, point_zero, restore
from tests.lists.lists import clients_in, save


def _refused(text: str) -> bool:
    try:
        texts.clean(text, "name", most=texts.CLIENT_NAME)
    except Refused:
        return True
    return False


def test_every_letter_is_accepted_as_the_core_accepts_it() -> None:
    letters = map(chr, range(sys.maxunicode + 1))
    differing = [
        hex(ord(letter))
        for letter in letters
        if bool(cell_texts.text_problem(f"a{letter}b", texts.CLIENT_NAME)) != _refused(f"a{letter}b")
    ]
    assert differing == []


@pytest.mark.parametrize(
    "address",
    ["jo@example.com", "jo@example", "jo", "a b@example.com", "a@b@c.de", "jo@x.y", "é@ü.de", '"x"@y.z'],
)
def test_an_address_is_accepted_as_the_core_accepts_it(address: str) -> None:
    try:
        texts.clean_email(address)
        refused = False
    except Refused:
        refused = True
    assert bool(cell_texts.email_problem(address)) == refused


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("#N/A", F.ERROR_CELL),
        ("#REF!", F.ERROR_CELL),
        ("#DIV/0!", F.ERROR_CELL),
        ("Err:502", F.ERROR_CELL),
        ("1.23457E+15", F.ROUNDED),
        ("1e+20", F.ROUNDED),
        ("=1+1", F.FORMULA),
        ("[object Object]", F.PROGRAMS_OWN),
        ('"{""richText"":[{""text"":""Ac""}]}"', F.PROGRAMS_OWN),
        ("1955839661.0", F.POINT_ZERO),
        ('"101,0"', F.POINT_ZERO),
    ],
)
def test_what_a_program_left_in_a_reference_is_a_fault_that_names_cell_and_remedy(
    tmp_path: Path, cell: str, code: F
) -> None:
    (fault,) = clients_in(save(tmp_path / "a.csv", f"Code,Name\n{cell},Acme\n")).faults
    assert (fault.line, fault.column, fault.code) == (2, "Code", code)


@pytest.mark.parametrize("text", ["#N/A", "'#REF!", "1E+20", "12.0", "12,0", "[object Object]"])
def test_what_is_called_like_an_error_comes_back_from_an_export(text: str) -> None:
    written = neutralise(text)
    assert (cell_problem(written), point_zero(written), restore(written)) == (None, None, text)


@pytest.mark.parametrize("text", ["12.50", "12.00", "A12.0", "1.0.0", "v1.0"])
def test_other_points_are_no_matter(text: str) -> None:
    assert point_zero(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SiÃ¢n Llŷr", F.GARBLED),
        ("Oâ€™Neill", F.GARBLED),
        ("Si‰n", F.GARBLED),
        ("Ren‚", None),
        ("Si\ufffdn", F.LOST_LETTER),
        ("T? Gwyn", F.QUESTION_MARK),
        ("Si?n", F.QUESTION_MARK),
        ("?yn a'r ?d", F.QUESTION_MARK),
        ("??? Morgan", F.QUESTION_MARK),
        ("?-1", F.QUESTION_MARK),
        ("Siân Llŷr", None),
        ("Ąćż Łódź", None),
        ("Smith–Jones & Co", None),
        ("O’Neill “the” Café", None),
        ("Who's there? Nobody", None),
        ("Why?", None),
        ("Really??", None),
        ("?", None),
        ("A/B? Ltd", None),
        ("東京", None),
    ],
)
def test_letters_that_were_lost_or_garbled_are_seen(text: str, code: F | None) -> None:
    problem = letters_problem(text)
    assert (problem[0] if problem else None) is code


def test_a_garbled_letter_is_a_fault_only_where_nothing_proves_the_encoding(tmp_path: Path) -> None:
    """A list that was exported comes back, whatever the firm's names are."""
    path = save(tmp_path / "a.csv", "Code,Name\nA1,Si‰n\n")
    reading = clients_in(path)
    assert reading.faults == ()
    assert [remark.code for remark in reading.remarks] == [F.GARBLED]
