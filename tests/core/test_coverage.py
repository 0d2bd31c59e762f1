"""The clients that nobody or one person can open are those of which the specification says so."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ringfence.core.compare.left_to_nobody import only_seen_by
from ringfence.core.decision.coverage import coverage
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Instant, Level
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
        there = [each for each, client in facts.clients.items() if client.removed_at is None]
        holders = {client: len(seen_by(facts, client, now)) for client in there}
        assert set(found.nobody) == {client for client, count in holders.items() if count == 0}
        assert set(found.one) == {client for client, count in holders.items() if count == 1}


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
