"""The clients of a set of engagements are the same by the short way as one by one."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core.apply.apply import apply
from ringfence.core.decision import clients
from ringfence.core.decision.moment import Moment, at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Facts
from tests.core.firms import MOMENTS, firms, some_of
from tests.core.histories import next_events
from tests.core.random_examples import name_the_seed, random_examples


def hold(data: st.DataObject, moment: Moment) -> None:
    register = moment.state.register
    for base in (moment.open, register.engagements - moment.open, register.engagements):
        # Mostly what is asked for is near to one of the sets whose clients are kept.
        asked = (base ^ BitMap(data.draw(some_of(register.engagements)))) & register.engagements
        expected = {register.client_of[number] for number in asked}
        assert set(moment.clients_of(asked)) == expected


@random_examples(150)
@given(data=st.data(), facts=firms())
def test_the_short_way_finds_the_clients_of_each_engagement(data: st.DataObject, facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    # Firms of tests are small: the short way is taken at once, and for whatever set.
    with patch.object(clients, "LARGE", 0), patch.object(clients, "LEAST", 0):
        for now in MOMENTS[:2]:
            hold(data, at(state, now))
            event = data.draw(next_events(facts, state))
            hold(data, at(apply(state, event), now))
