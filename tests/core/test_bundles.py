"""Clients and members that a picture gathers are alike by the specification, and none is left out."""

from hypothesis import given

from ringfence.core.decision import holders
from ringfence.core.decision.bundles import MemberPlaces, clients_alike, members_alike, own_grants
from ringfence.core.decision.moment import at
from ringfence.core.decision.ways import ways, ways_on
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts, Grant
from ringfence.core.terms import ALL_CLIENTS, EVERYONE, Instant, Level, Target, member_subject
from tests.core.firms import MOMENTS, firms
from tests.core.random_examples import name_the_seed, random_examples


def there(facts: Facts) -> dict[int, list[int]]:
    """The engagements of each client that is there."""
    return {
        number: specification.engagements_of(facts, number)
        for number, client in facts.clients.items()
        if client.removed_at is None
    }


def counting(facts: Facts, member: int, now: Instant) -> list[Grant]:
    return [
        each
        for each in facts.grants
        if each.subject == member_subject(member) and (each.expires is None or now < each.expires)
    ]


@random_examples(60)
@given(facts=firms())
def test_clients_are_gathered_by_what_their_members_groups_give(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS:
        moment = at(state, now)
        found = clients_alike(moment, {group: holders.given(moment, group) for group in facts.groups})
        expected: dict[frozenset[int], set[int]] = {}
        for client, engagements in there(facts).items():
            key = frozenset(
                group
                for group in facts.groups
                if any(specification.given(facts, group, each, now) for each in engagements)
            )
            expected.setdefault(key, set()).add(client)
        assert {key: set(clients) for key, clients in found.items()} == expected


@random_examples(40)
@given(facts=firms())
def test_clients_are_gathered_by_the_ways_of_a_member(facts: Facts) -> None:
    name_the_seed()
    moment = at(state_of(facts), MOMENTS[0])
    for member in facts.members:
        gathered = clients_alike(moment, ways(moment, member))
        of_each = {client: key for key, clients in gathered.items() for client in clients}
        for client, engagements in there(facts).items():
            found = {way for each in engagements for way in ways_on(moment, member, each)}
            assert of_each[client] == found


@random_examples(60)
@given(facts=firms())
def test_members_are_gathered_by_their_groups_and_own_grants(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS:
        expected: dict[MemberPlaces, set[int]] = {}
        for number, member in facts.members.items():
            if member.active and member.access:
                groups = frozenset(each for each, inside in facts.groups.items() if number in inside)
                places = MemberPlaces(groups - {EVERYONE}, bool(_on_something(facts, number, now)))
                expected.setdefault(places, set()).add(number)
        found = members_alike(at(state, now))
        assert {places: set(members) for places, members in found.items()} == expected


def _on_something(facts: Facts, member: int, now: Instant) -> set[Level]:
    """The levels of the member's grants that are on anything that is there, or on all clients."""
    engagements = [each for found in there(facts).values() for each in found]
    levels = {each.level for each in counting(facts, member, now) if each.target == ALL_CLIENTS}
    for engagement in engagements:
        levels |= {
            each.level for each in counting(facts, member, now) if each.target in _on(facts, engagement)
        }
    return levels


def _on(facts: Facts, engagement: int) -> tuple[Target, ...]:
    its = facts.engagements[engagement]
    return Target("engagement", engagement), Target("client", its.client), Target("service", its.service)


@random_examples(60)
@given(facts=firms())
def test_own_grants_are_told_apart_by_what_they_are_on(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS:
        moment = at(state, now)
        for member in facts.members:
            found, grants = own_grants(moment, member), counting(facts, member, now)
            for engagement in (each for found in there(facts).values() for each in found):
                *narrow, service = _on(facts, engagement)
                near = {each.level for each in grants if each.target in narrow}
                far = {each.level for each in grants if each.target in (service, ALL_CLIENTS)}
                assert (engagement in found.narrow) == bool(near - {Level.BLOCKED})
                assert (engagement in found.wide) == bool(far - {Level.BLOCKED})
                assert (engagement in found.blocked) == (Level.BLOCKED in near | far)
