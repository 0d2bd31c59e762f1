"""The clients that nobody or one person can open are those of which the specification says so."""

from array import array
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply
from ringfence.core.compare.covering import coverage
from ringfence.core.compare.left_to_nobody import only_seen_by
from ringfence.core.decision.coverage import Coverage, counted
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Client, Engagement, Facts
from ringfence.core.terms import GENERAL, Instant, Level
from tests.core.firms import (
    ACME,
    ACME_GENERAL,
    ACME_VAT,
    BOOTS,
    MOMENTS,
    NOW,
    ada,
    ben,
    firms,
    grant,
    on_engagement,
    small_firm,
)
from tests.core.histories import next_events
from tests.core.random_examples import name_the_seed, random_examples


def seen_by(facts: Facts, client: int, now: Instant) -> list[int]:
    """The active members who see the client."""
    found = specification.engagements_of(facts, client)
    return [
        member
        for member in facts.members
        if any(specification.decide(facts, member, each, now)[0] > Level.NONE for each in found)
    ]


@random_examples(60)
@given(facts=firms(), after=st.sampled_from((1, 2, 8)), known=st.booleans())
def test_each_client_is_counted_by_who_sees_it(facts: Facts, after: int, known: bool) -> None:
    """Firms of tests have few members: what two of them see is left out after the first ones already."""
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS:
        moment = at(state, now)
        for member in facts.members if known else ():
            moment.reach(member)
        with patch("ringfence.core.decision.coverage.LEAVING_OUT", after):
            found = coverage(moment)
        _check(found, facts, now)


def _check(found: Coverage, facts: Facts, now: Instant) -> None:
    there = [each for each, client in facts.clients.items() if client.removed_at is None]
    holders = {client: len(seen_by(facts, client, now)) for client in there}
    assert set(found.nobody) == {client for client, count in holders.items() if count == 0}
    assert set(found.one) == {client for client, count in holders.items() if count == 1}


@random_examples(60)
@given(data=st.data(), facts=firms())
def test_what_was_counted_is_right_after_changes_too(data: st.DataObject, facts: Facts) -> None:
    """Asked after each change, or after several; of few clients, of few members, or counted anew."""
    name_the_seed()
    state, now = state_of(facts), data.draw(st.sampled_from(MOMENTS))
    with (
        patch("ringfence.core.compare.covering.FEW", data.draw(st.sampled_from((0, 0, 0, 8)))),
        patch("ringfence.core.compare.moves.FEW_CLIENTS", data.draw(st.sampled_from((0, 2, 2_000)))),
    ):
        coverage(at(state, now))
        for _ in range(data.draw(st.integers(2, 8))):
            state = apply(state, data.draw(next_events(facts_of(state), state)))
            if data.draw(st.booleans()):
                now = data.draw(st.sampled_from([each for each in MOMENTS if each >= now]))
                _check(coverage(at(state, now)), facts_of(state), now)
        _check(coverage(at(state, now)), facts_of(state), now)


def test_a_change_is_counted_where_it_moves_something_alone() -> None:
    """Thirty clients that nobody can open, of which one is given to Ada."""
    numbers = range(1, 31)
    firm = replace(
        small_firm(unassigned="none"),
        clients={number: Client() for number in numbers},
        engagements={number: Engagement(client=number, service=GENERAL) for number in numbers},
    )
    state = state_of(firm)
    assert len(coverage(at(state, NOW)).nobody) == 30
    given = e.GrantsSet(subject=ada, kind="client", targets=BitMap([3]), level=Level.EDITOR)
    with patch("ringfence.core.compare.covering.counted", wraps=counted) as counting:
        assert set(coverage(at(apply(state, given), NOW)).one) == {3}
    assert [call.args[1:] for call in counting.call_args_list] == [(BitMap([3]),)]


@random_examples(60)
@given(facts=firms())
def test_what_nobody_would_see_without_a_member_is_what_the_specification_says(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), NOW)
    there = [each for each, client in facts.clients.items() if client.removed_at is None]
    for member, who in facts.members.items():
        gone = replace(facts, members={**facts.members, member: replace(who, active=False)})
        alone = {
            client
            for client in there
            if member in seen_by(facts, client, NOW) and not seen_by(gone, client, NOW)
        }
        assert set(only_seen_by(moment, member, at(state_of(gone), NOW))) == alone


def test_a_client_who_comes_or_goes_is_counted_where_nobody_sees_them() -> None:
    state = state_of(small_firm(unassigned="none"))
    comes = e.ClientsAdded(
        first_client=3,
        count=1,
        first_engagement=4,
        client_of=array("I", [3]).tobytes(),
        service_of=array("I", [GENERAL]).tobytes(),
    )
    with patch("ringfence.core.compare.covering.FEW", 0):
        assert set(coverage(at(state, NOW)).nobody) == {ACME, BOOTS}
        state = apply(state, comes)
        assert set(coverage(at(state, NOW)).nobody) == {ACME, BOOTS, 3}
        state = apply(state, e.ClientRemoved(client=ACME, at=NOW))
        assert set(coverage(at(state, NOW)).nobody) == {BOOTS, 3}


def test_two_members_who_each_see_another_service_are_two_holders() -> None:
    facts = small_firm(
        grant(ada, on_engagement(ACME_GENERAL)), grant(ben, on_engagement(ACME_VAT)), unassigned="none"
    )
    found = coverage(at(state_of(facts), NOW))
    assert (set(found.nobody), set(found.one)) == ({BOOTS}, set())


def test_one_member_who_sees_two_services_is_one_holder() -> None:
    facts = small_firm(
        grant(ada, on_engagement(ACME_GENERAL)), grant(ada, on_engagement(ACME_VAT)), unassigned="none"
    )
    assert set(coverage(at(state_of(facts), NOW)).one) == {ACME}
