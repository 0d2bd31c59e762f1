"""Which groups lists name to a member beside the clients that they see (rules.md 3, `inaccessible`)."""

from hypothesis import given

from ringfence.core.authority.knowing import groups_named
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Role
from tests.core.firms import MOMENTS, firms
from tests.core.random_examples import name_the_seed, random_examples


@random_examples(60)
@given(facts=firms())
def test_under_hidden_a_member_is_told_of_their_own_groups_and_managers_of_all(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), MOMENTS[0])
    for number, member in facts.members.items():
        knows_all = member.administers or member.manage_access or member.role is Role.AUDITOR
        if not member.active:
            expected = set()
        elif knows_all or facts.settings.inaccessible == "named":
            expected = set(facts.groups)
        else:
            expected = {group for group, members in facts.groups.items() if number in members}
        assert groups_named(moment, number) == expected, number


@random_examples(10)
@given(facts=firms())
def test_the_operator_is_told_of_every_group(facts: Facts) -> None:
    assert groups_named(at(state_of(facts), MOMENTS[0]), None) == set(facts.groups)
