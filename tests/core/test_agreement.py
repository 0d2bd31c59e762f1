"""The compiled firm answers every question as the reference does, on whole random firms and their histories.

Each test says how many decisions it compared at the least; together well over 100,000 in a run. The seed is
in the head of the report and in every failure; RINGFENCE_SEED=… runs the same firms again.
"""

from hypothesis import given
from hypothesis import strategies as st

from ringfence.core.apply.apply import apply
from ringfence.core.decision.moment import at
from ringfence.core.events import FirmCreated, decode_events, encode_events
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.specification.facts import Facts
from ringfence.core.state.state import State
from ringfence.core.terms import Instant
from tests.core import model
from tests.core.agreeing import Comparison
from tests.core.firms import MOMENTS, firms, mostly, some_of
from tests.core.histories import made_firms, next_events
from tests.core.random_examples import name_the_seed, random_examples


def warm(state: State, members: frozenset[int], now: Instant) -> None:
    """Ask what makes a state keep answers, for some members only."""
    moment = at(state, now)
    for member in members:
        moment.clients(member)
        moment.reach(member)
    _ = moment.open, state.assigned


def test_a_compiled_firm_decides_as_the_reference_at_every_moment() -> None:
    comparison = Comparison()

    @random_examples(500)
    @given(facts=firms())
    def every_answer_agrees(facts: Facts) -> None:
        name_the_seed()
        state = state_of(facts)
        for now in MOMENTS:
            comparison.hold(facts, at(state, now))

    every_answer_agrees()
    assert comparison.decisions >= 100_000


def test_answers_kept_from_another_moment_never_leak_over_an_expiry() -> None:
    comparison = Comparison()

    @random_examples(110)
    @given(facts=firms(), moments=st.lists(st.sampled_from(MOMENTS), min_size=6, max_size=10))
    def clock_moves_back_and_forth(facts: Facts, moments: list[Instant]) -> None:
        name_the_seed()
        state = state_of(facts)
        for now in moments:
            comparison.hold(facts, at(state, now))

    clock_moves_back_and_forth()
    assert comparison.decisions >= 10_000


def test_a_firm_after_events_answers_as_one_built_from_its_facts() -> None:
    comparison = Comparison()

    @random_examples(280)
    @given(data=st.data(), facts=firms())
    def events_happen(data: st.DataObject, facts: Facts) -> None:
        name_the_seed()
        _live(data, facts, state_of(facts), comparison, events=data.draw(st.integers(8, 20)))

    events_happen()
    assert comparison.decisions >= 10_000


def test_a_firm_made_of_events_alone_answers_as_one_built_from_its_facts() -> None:
    comparison = Comparison()

    @random_examples(100)
    @given(data=st.data(), made=made_firms)
    def firm_grows_from_nothing(data: st.DataObject, made: FirmCreated) -> None:
        name_the_seed()
        facts, state = model.after(model.NO_FIRM, made), apply(State.empty(), made)
        _live(data, facts, state, comparison, events=data.draw(st.integers(15, 40)))

    firm_grows_from_nothing()
    assert comparison.decisions >= 1_000


def _live(data: st.DataObject, facts: Facts, state: State, comparison: Comparison, *, events: int) -> None:
    """Let events happen, with questions asked in between, and compare with the facts after each.

    The clock mostly stands, since what was worked out is kept only between two expiries.
    """
    now = data.draw(st.sampled_from(MOMENTS))
    for _ in range(events):
        match data.draw(st.sampled_from(("nobody", "everybody", "some"))):
            case "everybody":
                warm(state, frozenset(facts.members), now)
            case "some":
                warm(state, data.draw(some_of(facts.members)), now)
        before = facts_of(state)
        event = data.draw(next_events(facts, state))
        (read,) = decode_events(encode_events((event,)))
        after = apply(state, read)
        assert facts_of(state) == before, "a reader's state changed under it"
        facts, state = model.after(facts, event), after
        assert facts_of(state) == facts
        if data.draw(st.booleans()):
            comparison.hold(facts, at(state, now))
        elif data.draw(mostly(False)):
            now = data.draw(st.sampled_from(MOMENTS))
    comparison.hold(facts, at(state, now))
    comparison.hold(facts, at(state_of(facts), now))


@random_examples(100)
@given(facts=firms())
def test_facts_compiled_and_read_back_are_the_same(facts: Facts) -> None:
    assert facts_of(state_of(facts)) == facts
