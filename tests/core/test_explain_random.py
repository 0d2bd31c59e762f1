"""On whole random firms an explanation gives the decision's answer and proves it."""

from collections.abc import Iterator

from hypothesis import given

from ringfence.core.decision.moment import at
from ringfence.core.decision.single import decide
from ringfence.core.explanation.explanation import Explanation, explain, explain_client
from ringfence.core.explanation.grants import Path, Use
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Level, Reason, Subject
from tests.core.firms import MOMENTS, firms
from tests.core.random_examples import name_the_seed, random_examples

BY_GRANTS = {
    Reason.DIRECT,
    Reason.BLOCKED,
    Reason.GROUP,
    Reason.ALL_CLIENTS,
    Reason.BLOCKED_BY_GROUP,
    Reason.DELEGATED,
}


@random_examples(60)
@given(facts=firms())
def test_every_explanation_proves_its_decision(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS:
        moment = at(state, now)
        for member in facts.members:
            for number in range(1, max(facts.engagements, default=0) + 2):
                found = explain(moment, member, number)
                assert found.decision == decide(moment, member, number)
                _holds(facts, found)


def _holds(facts: Facts, found: Explanation) -> None:
    reason = found.decision.reason
    assert bool(found.paths) is (reason in BY_GRANTS), f"{reason} with {len(found.paths)} ways"
    assert bool(found.walls) or reason is not Reason.WALL
    assert found.openness.opens or reason is not Reason.UNASSIGNED
    for path in found.paths:
        _leads(facts, found, path)
    for hop in found.hops:
        assert (hop.use is Use.WON) <= (hop.passes is found.decision.level or hop.delegate != found.member)


def _leads(facts: Facts, found: Explanation, path: Path) -> None:
    """From the member over delegations that stand to a grant that stands, each step within its cap."""
    at = found.member
    for hop in path.hops:
        assert hop.delegate == at
        assert (hop.delegator, hop.delegate) in facts.delegations
        assert hop.cap >= found.decision.level
        assert hop.cascades or at == found.member
        at = hop.delegator
    assert at == path.holder
    if path.grant.emergency:
        opened = facts.emergencies[path.grant.target.number, at]
        assert not path.hops
        assert opened.stands
        assert opened.level is path.grant.level
    else:
        assert any(
            (grant.subject, grant.target, grant.level)
            == (path.grant.subject, path.grant.target, path.grant.level)
            for grant in facts.grants
        )
    if path.grant.subject.kind == "group":
        assert at in facts.groups[path.grant.subject.number]
    else:
        assert path.grant.subject.number == at
    assert path.grant.level is (found.decision.level or Level.BLOCKED) or path.hops


@random_examples(60)
@given(facts=firms())
def test_a_client_is_explained_at_its_level(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), MOMENTS[3])
    for member in facts.members:
        for client in facts.clients:
            found = explain_client(moment, member, client)
            assert found.level is moment.client_level(member, client)
            assert found.sees is moment.sees(member, client)
            assert bool(found.lowest) is bool(found.engagements)


@random_examples(60)
@given(facts=firms())
def test_what_is_told_to_assign_is_what_assigns(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), MOMENTS[3])
    for number in moment.state.register.engagements:
        told = {found for member in facts.members for found in _closing(explain(moment, member, number))}
        assert bool(told) is (number in moment.state.assigned)


def _closing(found: Explanation) -> Iterator[Subject]:
    yield from (fact.subject for fact in found.openness.assigned_by)
