"""What pages list of groups is what the specification says of them, on whole random firms."""

import msgspec
from hypothesis import given
from pyroaring import BitMap

from ringfence.core.decision.groups import (
    GivesNothing,
    clients_given,
    gives_nothing,
    groups_on,
    left_without,
    standing,
    standing_blocks,
)
from ringfence.core.decision.moment import Moment, at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Client, Facts, Grant
from ringfence.core.terms import ALL_CLIENTS, Instant, Level, Target, group_subject
from ringfence.core.values import Member
from tests.core.firms import (
    ACME,
    ACME_GENERAL,
    ACME_VAT,
    ADA,
    MOMENTS,
    NOW,
    TEAM,
    VAT,
    firms,
    grant,
    on_client,
    on_engagement,
    on_service,
    small_firm,
)
from tests.core.random_examples import name_the_seed, random_examples


def there(facts: Facts) -> list[int]:
    """The engagements of clients that are not removed."""
    return [number for client in facts.clients for number in specification.engagements_of(facts, client)]


def grants_of(facts: Facts, group: int) -> list[Grant]:
    return [each for each in facts.grants if each.subject == group_subject(group)]


def is_on(facts: Facts, grant: Grant, engagement: int) -> bool:
    """Whether the grant is on the engagement, its client, its service or all clients."""
    its = facts.engagements[engagement]
    on = {Target("engagement", engagement), Target("client", its.client), Target("service", its.service)}
    return grant.target in on | {ALL_CLIENTS} and its.client not in grant.excluded


def counts(grant: Grant, now: Instant) -> bool:
    return grant.expires is None or grant.expires > now


@random_examples(40)
@given(facts=firms())
def test_in_a_group_is_what_its_grants_stand_on_expired_ones_too(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), MOMENTS[-1])
    for group in facts.groups:
        # On all clients a grant assigns nothing: one that has expired is nowhere.
        theirs = [
            each
            for each in grants_of(facts, group)
            if each.target != ALL_CLIENTS or counts(each, MOMENTS[-1])
        ]
        giving = [each for each in theirs if each.level is not Level.BLOCKED]
        blocking = [each for each in theirs if each.level is Level.BLOCKED]
        for found, grants in ((standing, giving), (standing_blocks, blocking)):
            expected = {e for e in there(facts) if any(is_on(facts, each, e) for each in grants)}
            assert set(found(moment, group)) == expected


@random_examples(40)
@given(facts=firms())
def test_the_clients_of_a_group_are_those_of_what_it_was_given(facts: Facts) -> None:
    name_the_seed()
    for now in MOMENTS:
        moment = at(state_of(facts), now)
        for group in facts.groups:
            expected = {
                facts.engagements[each].client
                for each in there(facts)
                if specification.given(facts, group, each, now)
            }
            assert set(clients_given(moment, group)) == expected


@random_examples(40)
@given(facts=firms())
def test_the_groups_of_a_client_are_those_that_stand_on_it_or_give_it(facts: Facts) -> None:
    name_the_seed()
    for now in MOMENTS:
        moment = at(state_of(facts), now)
        for client in facts.clients:
            asked = BitMap(specification.engagements_of(facts, client))
            held = {group: standing(moment, group) & asked for group in facts.groups}
            assert groups_on(moment, asked, counting_only=False) == {
                group: found for group, found in held.items() if found
            }
            gives = {
                group: {each for each in asked if specification.given(facts, group, each, now)}
                for group in facts.groups
            }
            found = groups_on(moment, asked, counting_only=True)
            assert {group: set(each) for group, each in found.items()} == {
                group: each for group, each in gives.items() if each
            }
            some = groups_on(moment, asked, counting_only=True, among={TEAM})
            assert some == {group: each for group, each in found.items() if group == TEAM}


@random_examples(60)
@given(facts=firms())
def test_a_group_gives_nothing_where_no_member_of_it_can_open_anything_by_it(facts: Facts) -> None:
    name_the_seed()
    for now in MOMENTS:
        moment = at(state_of(facts), now)
        for group, members in facts.groups.items():
            working = any(facts.members[each].active and facts.members[each].access for each in members)
            gives = any(specification.given(facts, group, each, now) for each in there(facts))
            assert bool(gives_nothing(moment, group)) is not (working and gives)
            assert gives_nothing(moment, group) == _reasons(facts, group, now)


def _reasons(facts: Facts, group: int, now: Instant) -> tuple[GivesNothing, ...]:
    found = []
    people = [facts.members[each] for each in facts.groups[group]]
    if not people:
        found.append(GivesNothing.NO_MEMBERS)
    elif not any(each.active for each in people):
        found.append(GivesNothing.INACTIVE_MEMBERS)
    elif not any(each.active and each.access for each in people):
        found.append(GivesNothing.NO_ACCESS_PERMISSION)
    if any(specification.given(facts, group, each, now) for each in there(facts)):
        return tuple(found)
    theirs = grants_of(facts, group)
    counting = [each for each in theirs if counts(each, now)]
    giving = [each for each in counting if each.level is not Level.BLOCKED]
    if not theirs:
        found.append(GivesNothing.NO_GRANTS)
    elif not counting:
        found.append(GivesNothing.EXPIRED)
    elif not giving or any(is_on(facts, each, e) for each in giving for e in there(facts)):
        found.append(GivesNothing.ONLY_BLOCKS)
    else:
        found.append(GivesNothing.NO_CLIENTS)
    return tuple(found)


def small(*grants: Grant) -> Moment:
    return at(state_of(small_firm(*grants)), NOW)


def test_a_group_without_a_grant_says_so() -> None:
    assert GivesNothing.NO_GRANTS in gives_nothing(small(), TEAM)


def test_a_group_that_only_blocks_says_so() -> None:
    moment = small(grant(group_subject(TEAM), on_client(ACME), Level.BLOCKED))
    assert GivesNothing.ONLY_BLOCKS in gives_nothing(moment, TEAM)
    assert standing_blocks(moment, TEAM) == BitMap(moment.state.register.engagements_of(ACME))


def test_a_group_that_blocks_all_that_it_gives_says_so() -> None:
    team = group_subject(TEAM)
    moment = small(grant(team, on_engagement(ACME_VAT)), grant(team, on_service(VAT), Level.BLOCKED))
    assert GivesNothing.ONLY_BLOCKS in gives_nothing(moment, TEAM)
    assert not clients_given(moment, TEAM)
    asked = BitMap([ACME_VAT])
    assert groups_on(moment, asked, counting_only=True) == {}
    assert groups_on(moment, asked, counting_only=False) == {TEAM: asked}


@random_examples(40)
@given(facts=firms())
def test_what_is_taken_out_of_a_group_opens_where_nothing_else_assigns_it(facts: Facts) -> None:
    name_the_seed()
    now = MOMENTS[0]
    moment = at(state_of(facts), now)
    for group in facts.groups:
        for engagement in there(facts):
            theirs = [
                each
                for each in grants_of(facts, group)
                if each.target != ALL_CLIENTS and is_on(facts, each, engagement)
            ]
            without = msgspec.structs.replace(facts, grants=facts.grants - set(theirs))
            left = left_without(moment, group, engagement)
            assert left.opens is (specification.unassigned_level(without, engagement) is not Level.NONE)
            others = {
                each.subject
                for each in without.grants
                if each.target != ALL_CLIENTS
                and each.level is not Level.BLOCKED
                and is_on(facts, each, engagement)
                and counts(each, now)
                and _works(facts, each)
            }
            assert set(left.holders) == others


def test_a_confidential_client_stays_closed_when_it_is_taken_out_of_a_group() -> None:
    held = grant(group_subject(TEAM), on_client(ACME))
    for confidential in (True, False):
        facts = small_firm(held, clients={ACME: Client(confidential=confidential)})
        left = left_without(at(state_of(facts), NOW), TEAM, ACME_GENERAL)
        assert left.opens is not confidential


def _works(facts: Facts, grant: Grant) -> bool:
    """Whether anybody can use what the grant gives."""
    number = grant.subject.number
    if grant.subject.kind == "member":
        return facts.members[number].active and facts.members[number].access
    return any(facts.members[each].active for each in facts.groups[number])


def test_a_group_whose_members_are_all_inactive_says_so() -> None:
    facts = small_firm(grant(group_subject(TEAM), on_client(ACME)), members={ADA: Member(active=False)})
    assert GivesNothing.INACTIVE_MEMBERS in gives_nothing(at(state_of(facts), NOW), TEAM)
