"""Which services a member is offered to choose from, held against the reference (rules.md 9, services)."""

from hypothesis import given
from hypothesis import strategies as st

from ringfence.core.authority.knowing import offered_services
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Instant, Role
from tests.core.firms import MOMENTS, firms
from tests.core.random_examples import name_the_seed, random_examples


@random_examples(150)
@given(facts=firms(), now=st.sampled_from(MOMENTS))
def test_under_hidden_services_are_offered_by_what_is_seen(facts: Facts, now: Instant) -> None:
    name_the_seed()
    moment = at(state_of(facts), now)
    for number, member in facts.members.items():
        knows_all = member.administers or member.manage_access or member.role is Role.AUDITOR
        named = facts.settings.inaccessible == "named"
        seen = {
            its.service
            for engagement, its in facts.engagements.items()
            if reference.decide(facts, number, engagement, now)[0]
        }
        whole = member.active and (knows_all or named)
        assert offered_services(moment, number) == (facts.services if whole else seen), number


@random_examples(20)
@given(facts=firms())
def test_the_operator_is_offered_every_service(facts: Facts) -> None:
    assert offered_services(at(state_of(facts), MOMENTS[0]), None) == facts.services
