"""Clients found by their first engagements are those that a look at each engagement finds."""

from array import array
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core.state.anchors import Anchors
from ringfence.core.state.register import Register, build_register, with_engagements
from tests.core.random_examples import name_the_seed, random_examples

LISTS = st.lists(st.integers(1, 4), min_size=1, max_size=40)
"""How many engagements each client came with."""


def register_of(counts: list[int], later: list[int]) -> Register:
    """Clients with that many engagements each, numbered one behind the other; then one more for some."""
    client_of = [0, *(client for client, count in enumerate(counts, 1) for _ in range(count))]
    service_of = [0, *(service for count in counts for service in range(1, count + 1))]
    register = build_register(array("I", client_of), array("I", service_of), clients=len(counts))
    more = array("I", [1 + number % len(counts) for number in later])
    return with_engagements(register, more, array("I", [9] * len(more)))


@random_examples(200)
@given(
    counts=LISTS,
    later=st.lists(st.integers(0, 100), max_size=30, unique=True),
    data=st.data(),
    shifted=st.sampled_from([1, 16, 1000]),
)
def test_clients_by_their_first_engagements_are_the_clients_of_the_engagements(
    counts: list[int], later: list[int], data: st.DataObject, shifted: int
) -> None:
    name_the_seed()
    register = register_of(counts, later)
    numbers = st.sets(st.integers(1, register.next_engagement - 1))
    asked, mask = BitMap(data.draw(numbers)), BitMap(data.draw(numbers))

    with patch("ringfence.core.state.anchors.SHIFTED", shifted):
        anchors = Anchors(register)

    assert anchors.clients(anchors.of(asked)) == register.clients_of(asked)
    assert len(anchors.of(asked)) == len(register.clients_of(asked))
    assert anchors.within(mask).of(asked & mask) == anchors.of(asked & mask)


def test_anchors_do_not_fit_a_register_that_clients_were_added_to() -> None:
    register = register_of([1, 2], [])
    longer = with_engagements(register, array("I", [2]), array("I", [5]))

    anchors = Anchors(register)

    assert anchors.fit(register)
    assert not anchors.fit(longer)
