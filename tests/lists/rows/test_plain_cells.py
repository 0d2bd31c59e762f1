"""Which cells are plain, looked at many at a time, held against a look at each."""

from hypothesis import given
from hypothesis import strategies as st

from ringfence.lists.files.cells import SheetCell
from ringfence.lists.rows.cells import plain, plain_ones

_PLAIN = st.text("aZ09 &(),./_-", max_size=9)
_TEXT = st.one_of(_PLAIN, _PLAIN, st.sampled_from(["7", "1.0", "10,0", "a\nb", "=1", "é", "", "a" * 13]))
_CELLS = st.one_of(_TEXT, _TEXT.map(SheetCell))


@given(st.lists(st.one_of(st.just("Oak Ltd"), _CELLS), max_size=120))
def test_many_cells_are_plain_as_each_is_by_itself(cells: list[str]) -> None:
    assert list(plain_ones(cells, 12)) == [plain(cell, 12) for cell in cells]


@given(st.lists(st.one_of(st.just("Oak Ltd"), _TEXT), max_size=4))
def test_a_few_cells_are_plain_as_each_is_by_itself(cells: list[str]) -> None:
    assert list(plain_ones(cells, 12)) == [plain(cell, 12) for cell in cells]
