"""Policies of the firm are what the specification says they are: whole, and after each change.

Random firms with random policies, control on and off, on both sides of every expiry.
"""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core.apply.apply import apply
from ringfence.core.commands import carry_out
from ringfence.core.commands import definitions as w
from ringfence.core.commands.lists import ListRefused, OneChange
from ringfence.core.decision.moment import Moment, at
from ringfence.core.policies import breaking
from ringfence.core.policies.breaking import breaks, newly_broken
from ringfence.core.policies.checking import broken, broken_in_firm
from ringfence.core.refusals import Refusal, Refused
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.scenario.memory import MemoryDirectory
from ringfence.core.specification import policies as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.statements import AtLeast, ClientsMeant, Policy, Statement
from ringfence.core.terms import ALL_CLIENTS, Instant, Level
from tests.core.firms import MOMENTS, NOW, ada, ben, cy, firms, grant, small_firm
from tests.core.histories import next_events
from tests.core.random_examples import name_the_seed, random_examples
from tests.core.random_statements import RandomStatements, policies_about


@random_examples(100)
@given(data=st.data(), facts=firms())
def test_what_breaks_a_statement_is_what_the_specification_says(data: st.DataObject, facts: Facts) -> None:
    name_the_seed()
    statements = _statements(data, facts, 8)
    state = state_of(facts)
    for now in data.draw(st.permutations(MOMENTS)):
        found = broken(at(state, now), statements)
        assert [set(each) for each in found] == [
            specification.broken(facts, statement, now) for statement in statements
        ]


@random_examples(100)
@given(data=st.data(), facts=firms())
def test_what_a_change_breaks_and_mends_is_the_difference_of_two_whole_checks(
    monkeypatch: pytest.MonkeyPatch, data: st.DataObject, facts: Facts
) -> None:
    name_the_seed()
    now: Instant = data.draw(st.sampled_from(MOMENTS))
    state = state_of(msgspec.structs.replace(facts, policies=data.draw(policies_about(facts, 1, 4))))
    # What is touched is looked at as it is, or asked of few members first, as in large firms.
    monkeypatch.setattr(breaking, "FEW_CLIENTS", data.draw(st.sampled_from((0, 2_000))))
    for _ in range(data.draw(st.integers(1, 6))):
        before, events = state, []
        if data.draw(st.booleans()):
            # What has been worked out of the whole firm is not looked at again.
            everything = [each for policy in before.policies.values() for each in policy.statements]
            broken_in_firm(at(before, now), everything)
        for _ in range(data.draw(st.integers(1, 3))):
            events.append(data.draw(next_events(facts_of(state), state)))
            state = apply(state, events[-1])
        found = {each.policy: each for each in breaks(at(before, now), at(state, now), events)}
        was, will = facts_of(before), facts_of(state)
        for number, policy in will.policies.items():
            pairs = [
                (specification.broken(was, each, now), specification.broken(will, each, now))
                for each in policy.statements
            ]
            new, mended = [after - old for old, after in pairs], [old - after for old, after in pairs]
            assert (number in found) == (any(new) or any(mended))
            if number in found:
                assert [set(each) for each in found[number].broken] == new
                assert [set(each) for each in found[number].mended] == mended
                held = not any(old for old, _ in pairs)
                assert found[number].breaks == (held and any(new))
        assert newly_broken(at(before, now), state, events) == {
            number for number, each in found.items() if each.breaks
        }


def _statements(data: st.DataObject, facts: Facts, count: int) -> list[Statement]:
    random = RandomStatements.about(lambda choices: data.draw(st.sampled_from(choices)), facts)
    return [random.statement() for _ in range(count)]


TWO_PEOPLE = Policy(mode="refuse", statements=(AtLeast(number=2, clients=ClientsMeant(all=True)),))


def _watched() -> Moment:
    """Ada and Ben see every client, Cy none, and a policy says that two people must."""
    facts = small_firm(grant(ada, ALL_CLIENTS), grant(ben, ALL_CLIENTS), unassigned="none")
    return at(state_of(msgspec.structs.replace(facts, policies={1: TWO_PEOPLE})), NOW)


GO, COME = (
    w.RemoveGrant(to=(ben,), on=w.On.target(ALL_CLIENTS)),
    w.SetGrant(to=(cy,), on=w.On.target(ALL_CLIENTS), level=Level.READER),
)


def test_a_list_is_held_against_policies_at_its_end() -> None:
    before = _watched()
    exchanged = OneChange(before, MemoryDirectory(), actor=None)
    for command in (GO, COME):
        exchanged.carry_out(command)
    exchanged.finish(MemoryDirectory())
    left = OneChange(before, MemoryDirectory(), actor=None)
    left.carry_out(GO)
    with pytest.raises(ListRefused) as refused:
        left.finish(MemoryDirectory())
    assert (refused.value.refused.refusal, refused.value.refused.policies) == (Refusal.POLICY, BitMap([1]))


def test_one_command_that_breaks_a_policy_says_which() -> None:
    with pytest.raises(Refused) as refused:
        carry_out(_watched(), MemoryDirectory(), GO, actor=None)
    assert (refused.value.refusal, refused.value.policies) == (Refusal.POLICY, BitMap([1]))
