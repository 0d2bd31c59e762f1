"""Explanations on a small firm: what became of each fact, and the ways that won."""

from ringfence.core.decision.moment import at
from ringfence.core.explanation.explanation import Explanation, explain, explain_client
from ringfence.core.explanation.grants import Use
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Client, Facts
from ringfence.core.terms import (
    ALL_CLIENTS,
    Instant,
    Level,
    Reason,
    Subject,
    Target,
)
from ringfence.core.values import Delegation, Member, Side, Wall
from tests.core.firms import (
    ACME,
    ACME_GENERAL,
    ACME_VAT,
    ADA,
    BEN,
    BOOTS,
    CY,
    NOW,
    TEAM,
    VAT,
    acme,
    ada,
    ben,
    cy,
    everyone,
    grant,
    on_engagement,
    on_service,
    small_firm,
    team,
)


def told(facts: Facts, member: int = ADA, engagement: int = ACME_VAT) -> Explanation:
    return explain(at(state_of(facts), NOW), member, engagement)


def uses(explanation: Explanation) -> dict[tuple[Subject, Target], Use]:
    return {(fact.subject, fact.target): fact.use for fact in explanation.grants}


def test_a_grant_on_the_engagement_wins_over_that_on_the_client() -> None:
    firm = small_firm(grant(ada, acme, Level.OWNER), grant(ada, on_engagement(ACME_VAT), Level.READER))
    found = told(firm)
    assert uses(found) == {(ada, on_engagement(ACME_VAT)): Use.WON, (ada, acme): Use.OVERRIDDEN}
    assert (found.step, found.decision) == (6, (Level.READER, Reason.DIRECT))


def test_a_block_of_the_member_wins_over_their_group() -> None:
    found = told(small_firm(grant(ada, acme, Level.BLOCKED), grant(team, acme, Level.OWNER)))
    assert uses(found) == {(ada, acme): Use.WON, (team, acme): Use.OVERRIDDEN}


def test_all_grants_of_the_deciding_level_win_together() -> None:
    firm = small_firm(
        grant(team, acme), grant(everyone, on_service(VAT)), grant(ada, ALL_CLIENTS, Level.READER)
    )
    found = told(firm)
    assert [fact.subject for fact in found.won] == [everyone, team]
    assert uses(found)[ada, ALL_CLIENTS] is Use.OVERRIDDEN


def test_every_block_of_a_group_wins() -> None:
    firm = small_firm(
        grant(team, acme, Level.BLOCKED),
        grant(everyone, ALL_CLIENTS, Level.BLOCKED),
        grant(team, on_service(VAT)),
    )
    found = told(firm)
    assert {fact.target for fact in found.won} == {acme, ALL_CLIENTS}
    assert uses(found)[team, on_service(VAT)] is Use.OVERRIDDEN


def test_an_expired_grant_is_told_and_still_assigns() -> None:
    found = told(small_firm(grant(ada, acme, expires=NOW)))
    assert uses(found) == {(ada, acme): Use.EXPIRED}
    assert [fact.use for fact in found.openness.assigned_by] == [Use.EXPIRED]
    assert found.decision.reason is Reason.NOT_ASSIGNED


def test_an_excluded_client_is_told_and_is_not_assigned_by_that_grant() -> None:
    found = told(small_firm(grant(team, on_service(VAT), excluded={ACME})))
    assert uses(found) == {(team, on_service(VAT)): Use.EXCLUDED}
    assert found.openness.opens
    assert found.decision.reason is Reason.UNASSIGNED


def test_grants_of_others_are_told_as_what_closes_the_engagement() -> None:
    found = told(small_firm(grant(ben, acme)))
    assert found.grants == ()
    assert [(fact.subject, fact.use) for fact in found.openness.assigned_by] == [(ben, Use.FOR_OTHERS)]


def test_a_grant_of_an_empty_group_is_told_as_such() -> None:
    found = told(small_firm(grant(team, acme), groups={TEAM: ()}))
    assert [fact.use for fact in found.openness.assigned_by] == [Use.EMPTY_GROUP]


def test_a_grant_of_an_inactive_member_is_told_as_such() -> None:
    found = told(small_firm(grant(ben, acme), members={BEN: Member(active=False)}))
    assert [fact.use for fact in found.openness.assigned_by] == [Use.INACTIVE]


def test_the_own_grants_of_an_inactive_member_do_not_count() -> None:
    found = told(small_firm(grant(ada, acme), members={ADA: Member(active=False)}))
    assert uses(found) == {(ada, acme): Use.INACTIVE}
    assert (found.step, found.paths) == (2, ())


def test_every_wall_between_the_two_is_told() -> None:
    between = (Side(members=frozenset({ADA})), Side(clients=frozenset({ACME})))
    elsewhere = (Side(members=frozenset({ADA})), Side(clients=frozenset({BOOTS})))
    sides = (between, elsewhere, between[::-1])
    walls = {number: Wall(sides=each) for number, each in enumerate(sides, 1)}
    walls[4] = Wall(sides=between, starts=Instant(NOW + 1))
    walls[5] = Wall(sides=between, ends=NOW)
    found = told(small_firm(grant(ada, acme), walls=walls))
    assert found.walls == (1, 3)
    assert uses(found) == {(ada, acme): Use.OVERRIDDEN}


def test_a_confidential_client_is_told_to_be_one() -> None:
    found = told(small_firm(clients={ACME: Client(confidential=True)}))
    assert found.openness.confidential
    assert not found.openness.opens


def test_nothing_is_told_of_what_is_outside_the_firm() -> None:
    found = told(small_firm(grant(ada, acme)), engagement=99)
    assert (found.client, found.service, found.grants, found.walls) == (0, 0, (), ())
    assert found.step == 1


def test_a_delegated_way_runs_over_each_hop_to_a_grant() -> None:
    firm = small_firm(
        grant(cy, acme, Level.OWNER),
        delegations={(CY, BEN): Delegation(cap=Level.EDITOR), (BEN, ADA): Delegation()},
    )
    (path,) = told(firm).paths
    assert [(hop.delegator, hop.delegate, hop.passes) for hop in path.hops] == [
        (BEN, ADA, Level.EDITOR),
        (CY, BEN, Level.EDITOR),
    ]
    assert (path.holder, path.grant.subject, path.grant.level) == (CY, cy, Level.OWNER)


def test_a_circle_of_delegations_is_followed_once() -> None:
    firm = small_firm(
        grant(cy, acme),
        delegations={pair: Delegation() for pair in ((CY, BEN), (BEN, ADA), (ADA, BEN), (ADA, CY))},
    )
    found = told(firm)
    assert [(hop.delegator, hop.use) for hop in found.hops] == [(BEN, Use.WON), (CY, Use.WON)]
    assert [path.holder for path in found.paths] == [CY]


def test_a_hop_that_does_not_cascade_is_told_as_ending_there() -> None:
    firm = small_firm(
        grant(cy, acme), delegations={(CY, BEN): Delegation(cascades=False), (BEN, ADA): Delegation()}
    )
    assert [(hop.delegator, hop.use) for hop in told(firm).hops] == [
        (BEN, Use.NOTHING_TO_PASS),
        (CY, Use.NOT_PASSED_ON),
    ]


def test_an_expired_delegation_is_told_as_such() -> None:
    firm = small_firm(grant(ben, acme), delegations={(BEN, ADA): Delegation(expires=Instant(NOW - 1))})
    assert [hop.use for hop in told(firm).hops] == [Use.EXPIRED]


def test_delegations_are_told_as_switched_off_with_the_setting() -> None:
    firm = small_firm(grant(ben, acme), delegations={(BEN, ADA): Delegation()}, delegation=False)
    assert [hop.use for hop in told(firm).hops] == [Use.SWITCHED_OFF]


def test_why_a_delegator_has_nothing_is_told() -> None:
    firm = small_firm(
        grant(ben, acme, Level.BLOCKED), grant(cy, acme), delegations={(BEN, ADA): Delegation()}
    )
    (delegator,) = told(firm).delegators
    assert delegator.decision == (Level.NONE, Reason.BLOCKED)
    assert [fact.use for fact in delegator.grants] == [Use.WON]


def test_a_client_is_told_by_engagement_with_those_that_hold_it_down() -> None:
    firm = small_firm(grant(ada, on_engagement(ACME_VAT), Level.READER), grant(team, acme, Level.OWNER))
    found = explain_client(at(state_of(firm), NOW), ADA, ACME)
    assert found.level is Level.READER
    assert {one.engagement: one.decision.level for one in found.engagements} == {
        ACME_GENERAL: Level.OWNER,
        ACME_VAT: Level.READER,
    }
    assert [one.engagement for one in found.lowest] == [ACME_VAT]


def test_a_client_that_is_not_there_has_no_engagements_to_tell() -> None:
    found = explain_client(at(state_of(small_firm()), NOW), ADA, 99)
    assert (found.level, found.engagements, found.sees) == (Level.NONE, (), False)
