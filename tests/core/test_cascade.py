"""The delegations over which a reach goes on, and comes, are those that the specification goes along."""

from itertools import product

import msgspec
from hypothesis import given

from ringfence.core.decision.cascade import behind, onward
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Instant, Level
from ringfence.core.values import Delegation, Member
from tests.core.firms import ADA, BEN, CY, MOMENTS, NOW, firms, small_firm
from tests.core.random_examples import name_the_seed, random_examples

PAST = Instant(NOW - 1)


def answers(facts: Facts, member: int, now: Instant) -> dict[int, Level]:
    return {each: specification.decide(facts, member, each, now)[0] for each in facts.engagements}


def without(facts: Facts, *pairs: tuple[int, int]) -> Facts:
    left = {pair: made for pair, made in facts.delegations.items() if pair not in pairs}
    return msgspec.structs.replace(facts, delegations=left)


@random_examples(40)
@given(facts=firms())
def test_ending_a_delegation_touches_its_delegate_and_whom_it_hands_on_to(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now, (pair, made) in product(MOMENTS, facts.delegations.items()):
        delegate = pair[1]
        reached = {delegate}
        if made.cascades:
            reached |= {link.delegate for link in onward(at(state, now), delegate)}
        for member in set(facts.members) - reached:
            assert answers(without(facts, pair), member, now) == answers(facts, member, now)


@random_examples(40)
@given(facts=firms())
def test_what_a_member_is_delegated_comes_from_behind_their_delegators(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now, member in product(MOMENTS, facts.members):
        mine = {pair for pair in facts.delegations if pair[1] == member}
        known = {link[:2] for giver, _ in mine for link in behind(at(state, now), giver)} | mine
        others = without(facts, *(set(facts.delegations) - known))
        assert answers(others, member, now) == answers(facts, member, now)


def test_a_circle_is_gone_round_once() -> None:
    state = state_of(small_firm(delegations={(ADA, BEN): Delegation(), (BEN, ADA): Delegation()}))
    assert onward(at(state, NOW), BEN) == ((BEN, ADA, 1), (ADA, BEN, 2))
    assert behind(at(state, NOW), BEN) == ((ADA, BEN, 1), (BEN, ADA, 2))


def test_a_delegation_that_does_not_cascade_ends_at_its_delegate() -> None:
    made = {(ADA, BEN): Delegation(cascades=False), (BEN, CY): Delegation()}
    moment = at(state_of(small_firm(delegations=made)), NOW)
    assert onward(moment, ADA) == ((ADA, BEN, 1),)
    assert behind(moment, CY) == ((BEN, CY, 1),)


def test_what_does_not_count_hands_nothing_on() -> None:
    made = {(ADA, BEN): Delegation(expires=PAST), (BEN, CY): Delegation()}
    idle = small_firm(delegations=made, members={BEN: Member(access=False)})
    moment = at(state_of(idle), NOW)
    assert onward(moment, ADA) == onward(moment, BEN) == behind(moment, CY) == ()
    off = small_firm(delegations={(BEN, CY): Delegation()}, delegation=False)
    assert onward(at(state_of(off), NOW), BEN) == ()
