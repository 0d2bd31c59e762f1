"""What a spreadsheet makes of references, and what only looks a little like it."""

import pytest

from ringfence.lists.plans.likeness import seems_the_same


@pytest.mark.parametrize(
    ("new", "known"),
    [
        ("123", "00123"),
        ("100000", "1E5"),
        ("1.00E+05", "1E5"),
        ("123.0", "123"),
        ("7.5", "7.50"),
        ("2026-04-03", "3/4"),
        ("03/04/26", "3/4"),
        ("03-Apr", "3/4"),
        ("01-Mar", "MAR1"),
        ("1 Mawrth", "MAR1"),
        ("2026-12-01", "12-2026"),
    ],
)
def test_a_reference_that_a_spreadsheet_changed_is_recognised(new: str, known: str) -> None:
    assert seems_the_same(new, known)


@pytest.mark.parametrize(
    ("new", "known"),
    [
        ("123", "123"),
        ("124", "00123"),
        ("A123", "A0123"),
        ("2026-04-03", "A3/4"),
        ("2026-04-03", "4"),
        ("03/05/26", "3/4"),
        ("NaN", "inf"),
        ("", "0"),
    ],
)
def test_another_reference_is_another_reference(new: str, known: str) -> None:
    assert not seems_the_same(new, known)
