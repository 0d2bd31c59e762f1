"""A commission is divided in whole pence: its lines are exactly the whole, the first has what is left."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.access.commission import WHOLE, divided
from tests.core.random_examples import name_the_seed, random_examples

PENCE = st.integers(1, 99_999_999_999)
SPLITS = st.lists(st.integers(1, WHOLE), min_size=1, max_size=8).filter(lambda each: sum(each) <= WHOLE)


@st.composite
def whole_splits(draw: st.DrawFn) -> list[int]:
    """Splits that come to a hundred per cent."""
    found = draw(SPLITS)
    rest = WHOLE - sum(found)
    return [*found, rest] if rest else found


@pytest.mark.parametrize(
    ("pence", "splits", "lines"),
    [
        (100_00, [10_000], (100_00,)),
        (100_00, [6_000, 4_000], (60_00, 40_00)),
        (100_00, [3_333, 3_333, 3_334], (33_33, 33_33, 33_34)),
        (1_00, [5_000, 5_000], (50, 50)),
        (1, [5_000, 5_000], (1, 0)),
        (1_01, [3_333, 3_333, 3_334], (35, 33, 33)),
        (100_00, [2_500], (25_00,)),
        (1, [5_000], (1,)),
        (1, [4_999], (0,)),
        (100_00, [], ()),
    ],
)
def test_the_remainder_goes_to_the_first(pence: int, splits: list[int], lines: tuple[int, ...]) -> None:
    assert divided(pence, splits) == lines


@random_examples(300)
@given(pence=PENCE, splits=whole_splits())
def test_lines_of_a_hundred_per_cent_are_exactly_the_whole(pence: int, splits: list[int]) -> None:
    name_the_seed()
    assert sum(divided(pence, splits)) == pence


@random_examples(300)
@given(pence=PENCE, splits=SPLITS)
def test_lines_are_exactly_their_percentage_together(pence: int, splits: list[int]) -> None:
    name_the_seed()
    exact = Decimal(pence) * sum(splits) / WHOLE
    assert sum(divided(pence, splits)) == exact.quantize(Decimal(1), ROUND_HALF_UP)


@random_examples(300)
@given(pence=PENCE, splits=SPLITS)
def test_every_line_but_the_first_is_its_own_percentage_rounded_down(pence: int, splits: list[int]) -> None:
    name_the_seed()
    first, *others = divided(pence, splits)
    assert others == [int(Decimal(pence) * split / WHOLE) for split in splits[1:]]
    assert 0 <= first - int(Decimal(pence) * splits[0] / WHOLE) <= len(splits)
