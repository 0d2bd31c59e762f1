"""A cell in which nothing is special is taken as it stands: the same that a longer look makes of it."""

from hypothesis import given
from hypothesis import strategies as st

from ringfence.lists.rows.cells import Cells, plain
from ringfence.lists.rows.columns import Columns
from ringfence.lists.rows.headers import ListKind

CELLS = st.text(st.sampled_from("aEr0159 .,:'`-_/&()?=+#\n\t\x1fé\ufffd\u200b"), max_size=12)


@given(CELLS)
def test_a_plain_cell_is_its_own_text(cell: str) -> None:
    cells = Cells(Columns(ListKind.CLIENTS, (), ()))
    if plain(cell, 10):
        assert len(cell) <= 10
        # One with a space behind it is not plain, and is looked at all the same.
        assert cells.checked(2, "Name", f"{cell} ", 10) == cell
        assert not cells.faults
        assert not cells.remarks
