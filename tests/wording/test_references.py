"""A masked tax reference shows its last four letters and digits, and nothing of a short one (rules.md 5)."""

import pytest

from ringfence.wording.references import masked


@pytest.mark.parametrize(
    ("reference", "shown"),
    [
        ("1987654321", "ending in 4321"),
        ("GB 123 4567 89", "ending in 6789"),
        ("123/AB456-7", "ending in 4567"),
        ("12345678", "ending in 5678"),
        ("1234567", "not shown"),
        ("123-45-6 7", "not shown"),
        ("---", "not shown"),
        ("", ""),
    ],
)
def test_a_masked_reference_shows_no_more_than_its_end(reference: str, shown: str) -> None:
    assert masked(reference) == shown
