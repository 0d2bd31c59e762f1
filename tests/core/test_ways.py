"""By what a member reaches an engagement is what the specification and the proof of the decision say."""

from hypothesis import given
from msgspec.structs import replace

from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.ways import Way, ways, ways_on
from ringfence.core.explanation.explanation import Explanation, explain
from ringfence.core.explanation.grants import Path
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Level, Reason, member_subject
from ringfence.core.values import Delegation
from tests.core.firms import (
    ACME_GENERAL,
    ACME_VAT,
    ADA,
    BEN,
    CY,
    MOMENTS,
    NOW,
    acme,
    ada,
    ben,
    firms,
    grant,
    on_engagement,
    small_firm,
)
from tests.core.random_examples import name_the_seed, random_examples

NAMED = {Reason.GROUP, Reason.ALL_CLIENTS, Reason.BLOCKED_BY_GROUP, Reason.DELEGATED}
"""The reasons of which a way says by whom or on what."""


def there(facts: Facts) -> list[int]:
    return [number for client in facts.clients for number in specification.engagements_of(facts, client)]


def proved(found: Explanation) -> set[Way]:
    """The ways of an explanation, with no more of each than a way says."""
    if found.decision.reason not in NAMED:
        return {Way(found.decision.reason)}
    return {_way(found.decision.reason, path) for path in found.paths}


def _way(reason: Reason, path: Path) -> Way:
    if reason is Reason.DELEGATED:
        return Way(reason, member_subject(path.hops[0].delegator))
    blocks = reason is Reason.BLOCKED_BY_GROUP
    if path.grant.subject.kind == "group":
        return Way(reason if blocks else Reason.GROUP, path.grant.subject)
    return Way(reason if blocks else Reason.ALL_CLIENTS, target=path.grant.target)


def whole(facts: Facts, moment: Moment, member: int) -> dict[int, set[Way]]:
    """The ways of each engagement, read out of the sets."""
    found: dict[int, set[Way]] = {number: set() for number in there(facts)}
    for way, engagements in ways(moment, member).items():
        for number in engagements:
            found[number].add(way)
    return found


@random_examples(120)
@given(facts=firms())
def test_the_ways_of_all_engagements_are_those_of_each(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS:
        moment = at(state, now)
        for member in facts.members:
            expected = {number: set(ways_on(moment, member, number)) for number in there(facts)}
            assert whole(facts, moment, member) == expected


@random_examples(60)
@given(facts=firms())
def test_every_engagement_has_the_reason_of_the_specification_among_its_ways(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), MOMENTS[2])
    for member in facts.members:
        for number, found in whole(facts, moment, member).items():
            _, reason = specification.decide(facts, member, number, moment.now)
            assert reason in {way.reason for way in found}
            # Several grants of one step count alike, those of groups and the member's own wide ones.
            assert {way.reason for way in found} <= {reason, Reason.ALL_CLIENTS}


@random_examples(60)
@given(facts=firms())
def test_the_ways_of_an_engagement_are_those_that_its_proof_names(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS[1:4]:
        moment = at(state, now)
        for member in facts.members:
            for number in there(facts):
                found = explain(moment, member, number)
                assert proved(found) <= set(ways_on(moment, member, number))
                if found.decision.reason is not Reason.DELEGATED:
                    # In a circle of delegations only the way to a grant is proof.
                    assert proved(found) == set(ways_on(moment, member, number))


@random_examples(100)
@given(facts=firms())
def test_a_delegation_is_a_way_where_it_alone_would_give_as_much(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), MOMENTS[2])
    for giver, member in facts.delegations:
        others = {pair: made for pair, made in facts.delegations.items() if pair[1] != member}
        alone = replace(facts, delegations={**others, (giver, member): facts.delegations[giver, member]})
        for number in there(facts):
            level, reason = specification.decide(facts, member, number, moment.now)
            expected = (level, reason) == specification.decide(alone, member, number, moment.now)
            expected = expected and reason is Reason.DELEGATED
            assert expected is (Way(reason, member_subject(giver)) in ways_on(moment, member, number))


def test_a_nearer_grant_of_ones_own_goes_before_a_block_on_the_client() -> None:
    blocked = grant(ben, acme, Level.BLOCKED)
    moment = at(state_of(small_firm(blocked, grant(ben, on_engagement(ACME_VAT)))), NOW)
    found = ways(moment, BEN)
    assert set(found[Way(Reason.DIRECT)]) == {ACME_VAT}
    assert set(found[Way(Reason.BLOCKED)]) == {ACME_GENERAL}


def test_a_circle_of_delegations_is_a_way_for_nobody_in_it() -> None:
    # Ada has Acme; what Ben gets from her goes on to Cy and comes back to Ben.
    made = dict.fromkeys([(ADA, BEN), (BEN, CY), (CY, BEN)], Delegation())
    moment = at(state_of(small_firm(grant(ada, acme), delegations=made)), NOW)
    assert ways_on(moment, BEN, ACME_VAT) == (Way(Reason.DELEGATED, ada),)
    assert set(ways(moment, BEN)) == {Way(Reason.DELEGATED, ada), Way(Reason.UNASSIGNED)}


def test_nobody_has_no_way() -> None:
    moment = at(state_of(small_firm()), NOW)
    assert ways(moment, 4711) == {}
    assert ways_on(moment, 4711, 1) == (Way(Reason.OUTSIDE_FIRM),)
