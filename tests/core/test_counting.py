"""How many see each client, counted by sets, beside plain numbers."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core.policies import counting
from ringfence.core.policies.counting import Counts, Times
from tests.core.random_examples import name_the_seed, random_examples

PLACES = range(6)
places = st.sets(st.sampled_from(PLACES)).map(BitMap)
several = st.lists(st.tuples(places, st.integers(1, 5)).map(lambda pair: Times(*pair)), max_size=4)


@random_examples(80)
@given(first=several, steps=st.lists(st.tuples(several, st.integers(0, 4)), max_size=3), asked=places)
def test_counts_that_move_are_what_plain_numbers_come_to(
    first: list[Times], steps: list[tuple[list[Times], int]], asked: BitMap
) -> None:
    """What is taken away was counted before; questions come between the moves, and in either order."""
    name_the_seed()
    counts, plain, counted = Counts(), Counter[int](), list(first)
    for each in first:
        counts.add(*each)
        plain.update(dict.fromkeys(each.places, each.times))
    for more, taken in steps:
        less, counted = counted[:taken], [*counted[taken:], *more]
        counts = counts.moved(less, more)
        for side, sign in ((less, -1), (more, 1)):
            for each in side:
                plain.update(dict.fromkeys(each.places, sign * each.times))
        _check(counts, plain, asked)
    _check(counts, plain, BitMap(PLACES))


def test_many_moves_are_put_in_at_once() -> None:
    counts = Counts().moved([], [Times(BitMap([1]), 1)] * (counting.KEPT + 1))
    assert counts._moves is None
    assert set(counts.more_than(counting.KEPT, BitMap(PLACES))) == {1}


def _check(counts: Counts, plain: Counter[int], among: BitMap) -> None:
    for number in range(12):
        assert set(counts.more_than(number, among)) == {each for each in among if plain[each] > number}
        assert set(counts.less_than(number, among)) == {each for each in among if plain[each] < number}
