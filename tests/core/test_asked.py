"""What other software asks, held against the specification: one by one, and everything at once."""

from hypothesis import given
from pyroaring import BitMap

from ringfence.core.authority.acting import Acting
from ringfence.core.authority.asked import (
    Action,
    clients_for,
    engagements_for,
    judge,
    members_for,
)
from ringfence.core.authority.sharing import refused_sharing
from ringfence.core.decision.moment import Moment, at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Level, Target
from tests.core.firms import NOW, firms

NEEDED = {Action.VIEW: Level.READER, Action.EDIT: Level.EDITOR, Action.REMOVE: Level.OWNER}


@given(firms())
def test_each_action_is_allowed_as_the_specification_has_it(facts: Facts) -> None:
    moment = at(state_of(facts), NOW)
    for member in range(1, len(facts.members) + 2):
        levels = {
            number: reference.decide(facts, member, number, NOW)[0]
            for number in range(1, max(facts.engagements, default=0) + 2)
        }
        for number, level in levels.items():
            for action, needed in NEEDED.items():
                found = judge(moment, member, Target("engagement", number), action)
                assert (found.allowed, found.level) == (level >= needed, level)
        for client in range(1, max(facts.clients, default=0) + 2):
            theirs = [
                levels[number]
                for number, one in facts.engagements.items()
                if one.client == client and client in facts.clients and number in _there(moment)
            ]
            _hold_client(moment, member, client, theirs)


def _there(moment: Moment) -> BitMap:
    return moment.state.register.engagements


def _hold_client(moment: Moment, member: int, client: int, levels: list[Level]) -> None:
    lowest = min(levels, default=Level.NONE)
    expected = {
        Action.VIEW: any(levels),
        Action.EDIT: lowest >= Level.EDITOR,
        Action.REMOVE: lowest >= Level.OWNER,
    }
    for action, allowed in expected.items():
        found = judge(moment, member, Target("client", client), action)
        assert found.allowed is allowed, (member, client, action)
        assert found.partial is (any(levels) and not all(levels))


@given(firms())
def test_everything_at_once_is_what_each_one_says(facts: Facts) -> None:
    moment = at(state_of(facts), NOW)
    register = moment.state.register
    for action in Action:
        for member in range(1, len(facts.members) + 2):
            clients = {
                client
                for client in range(1, register.next_client + 1)
                if judge(moment, member, Target("client", client), action).allowed
            }
            assert set(clients_for(moment, member, action)) == clients, (member, action)
            engagements = {
                number
                for number in range(1, register.next_engagement + 1)
                if judge(moment, member, Target("engagement", number), action).allowed
            }
            assert set(engagements_for(moment, member, action)) == engagements, (member, action)
        for client in register.clients:
            target = Target("client", client)
            found = members_for(moment, target, action)
            everybody = sorted(facts.members)
            assert found == [one for one in everybody if judge(moment, one, target, action).allowed]


@given(firms())
def test_sharing_is_for_who_sees_it_and_may_set_grants_on_it(facts: Facts) -> None:
    moment = at(state_of(facts), NOW)
    for member in facts.members:
        for client in moment.state.register.clients:
            target = Target("client", client)
            found = judge(moment, member, target, Action.SHARE).allowed
            acting = Acting(moment=moment, actor=member)
            assert found is (moment.sees(member, client) and refused_sharing(acting, target) is None)
