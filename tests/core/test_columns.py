"""Columns of numbers: much is answered as little is, and both as written out number by number."""

import subprocess
import sys
import threading
from array import array
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core.state import columns
from ringfence.core.state.register import _longer

NUMBERS = st.lists(st.integers(0, 40), max_size=30).map(lambda found: array("I", found))
LARGE = array("I", [0, 1, 2**31, 2**32 - 1])


@pytest.fixture(params=("little", "much"), scope="module", autouse=True)
def looked_at(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test by Python's own means, and by NumPy's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "MUCH", 1)
        patch.setattr(columns, "SOME", 1 if request.param == "much" else 1_000)
        yield


@given(NUMBERS, st.data())
def test_what_is_picked_is_what_the_column_has_at_these_places_in_their_order(
    column: "array[int]", data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.integers(0, max(len(column) - 1, 0)), max_size=20 if column else 0))
    assert list(columns.picked(column, array("I", places))) == [column[place] for place in places]
    assert list(columns.picked(column, BitMap(places))) == [column[place] for place in sorted({*places})]


def test_a_place_that_the_column_does_not_have_is_no_answer() -> None:
    with pytest.raises(IndexError):
        columns.picked(array("I", [5, 6, 7]), array("I", [0, 3]))


@given(st.lists(st.integers(0, 40), unique=True, max_size=30))
def test_each_number_is_found_at_its_place_and_others_at_0(column: list[int]) -> None:
    found = columns.places_in(array("I", column), 41)
    assert list(found) == [column.index(number) if number in column else 0 for number in range(41)]


@given(NUMBERS)
def test_alike_are_led_to_the_first_of_them(column: "array[int]") -> None:
    assert list(columns.first_alike(column)) == [column.index(number) for number in column]


@given(NUMBERS, st.data())
def test_chosen_is_where_the_other_column_has_anything(column: "array[int]", data: st.DataObject) -> None:
    by = array("I", data.draw(st.lists(st.integers(0, 2), min_size=len(column), max_size=len(column))))
    kept = [number for number, wanted in zip(column, by, strict=True) if wanted]
    assert list(columns.chosen(column, by)) == kept
    assert list(columns.without_zeros(column)) == [number for number in column if number]
    for value in range(3):
        equal = [number for number, other in zip(column, by, strict=True) if other == value]
        assert list(columns.where_equal(column, by, value)) == equal


@given(NUMBERS)
def test_each_number_is_counted_the_most_frequent_first(column: "array[int]") -> None:
    found = columns.counted(column)
    assert dict(found) == Counter(column)
    assert [count for _number, count in found] == sorted(Counter(column).values(), reverse=True)


def test_distances_reach_as_far_as_numbers_do() -> None:
    assert list(columns.distances(LARGE, array("I", [0, 1, 1, 2]))) == [0, 0, 2**31 - 1, 2**32 - 3]
    assert columns.picked(LARGE, array("I", [3, 2])) == array("I", [2**32 - 1, 2**31])


def test_a_column_grows_while_somebody_looks_at_it() -> None:
    column = array("I", [1, 2, 3])
    grown = _at_the_same_time(column, lambda: _longer(column, 3, array("I", [4])))
    assert (list(column), list(grown)) == ([1, 2, 3], [1, 2, 3, 4])
    assert _longer(column, 3, array("I", [4])) is column
    assert list(column) == [1, 2, 3, 4]


def _at_the_same_time(column: "array[int]", work: "Callable[[], array[int]]") -> "array[int]":
    """What the work comes to in another thread, while this one looks at the column as NumPy does."""
    found: list[array[int]] = []
    with memoryview(column):
        other = threading.Thread(target=lambda: found.append(work()))
        other.start()
        other.join()
    return found[0]


def test_numpy_is_loaded_once_a_process_has_looked_up_as_much_as_that_costs() -> None:
    looked_up = """
import sys
from array import array
from ringfence.core.state import columns
column = array("I", [1]) * (columns.MUCH // 10)
for times in range(9):
    columns.without_zeros(column)
assert "numpy" not in sys.modules
columns.without_zeros(column)
assert "numpy" in sys.modules
"""
    subprocess.run([sys.executable, "-c", looked_up], check=True)
