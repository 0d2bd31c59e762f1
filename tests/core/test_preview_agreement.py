"""A preview says exactly what the reference finds different before and after random events (rules.md 6)."""

from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply, apply_all
from ringfence.core.compare.difference import Difference, difference
from ringfence.core.compare.engagements import EverybodysEngagements, MovedEngagements, ShiftedEngagements
from ringfence.core.compare.left_to_nobody import left_to_nobody
from ringfence.core.compare.moved import Pairs
from ringfence.core.compare.personal import concerned, personal
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import ALL_CLIENTS, EVERYONE, Instant, Level
from tests.core import model
from tests.core.firms import (
    ACME,
    ADA,
    BEN,
    BOOTS,
    MOMENTS,
    NOW,
    TEAM,
    ada,
    firms,
    grant,
    on_client,
    small_firm,
    team,
)
from tests.core.histories import next_events
from tests.core.random_examples import name_the_seed, random_examples

LOOKS: tuple[dict[str, Any], ...] = ({"MANY": 1000}, {"MANY": 0}, {"LEAST": 0, "RARE": 0})
"""How a comparison finds clients: by number, by first engagements, by other numbers of engagements."""

Seen = dict[int, dict[int, dict[int, Level]]]
"""By member, then client seen, then engagement seen: the level."""


def seen_in(facts: Facts, now: Instant) -> Seen:
    seen: Seen = {}
    for member in facts.members:
        clients: dict[int, dict[int, Level]] = {}
        for number, its in facts.engagements.items():
            level, _ = reference.decide(facts, member, number, now)
            if level:
                clients.setdefault(its.client, {})[number] = level
        seen[member] = clients
    return seen


def open_in(facts: Facts, now: Instant) -> set[int]:
    return {number for number in facts.engagements if reference.open_to_all(facts, number, now)}


def everybodys_in(facts: Facts, now: Instant) -> set[int]:
    """The engagements that are open to all or that Everyone was given."""
    given = {number for number in facts.engagements if reference.given(facts, EVERYONE, number, now)}
    return open_in(facts, now) | given


def engagements_by_member(found: MovedEngagements) -> dict[int, set[int]]:
    assert all(moved.client_count == len(moved.clients) for moved in found.values())
    return {member: set(moved.of(moved.clients)) for member, moved in found.items()}


def by_level(found: ShiftedEngagements) -> set[tuple[int, Level, Level, int]]:
    """Member, level before, level after, engagement; each once."""
    told = [
        (member, each.before, each.after, number)
        for member in found
        for each in found.by_level(member)
        for number in each.engagements.of(each.engagements.clients)
    ]
    assert len(told) == len(set(told))
    return set(told)


def flat(seen: Seen, member: int) -> set[int]:
    return {number for engagements in seen.get(member, {}).values() for number in engagements}


def by_class(pairs: Pairs) -> set[tuple[int, int]]:
    alike = [
        (member, client) for members, clients in pairs.alike() for member in members for client in clients
    ]
    assert len(alike) == len(set(alike)) == pairs.total
    return set(alike)


def plain(pairs: Pairs) -> set[tuple[int, int]]:
    return {(member, client) for member, clients in pairs.items() for client in clients}


@random_examples(300)
@given(data=st.data(), facts=firms(), now=st.sampled_from(MOMENTS))
def test_a_preview_is_the_difference_between_before_and_after(
    data: st.DataObject, facts: Facts, now: Instant
) -> None:
    name_the_seed()
    before, state = facts, state_of(facts)
    after, changed = before, state
    events = []
    for _ in range(data.draw(st.integers(1, 4))):
        event = data.draw(next_events(after, changed))
        events.append(event)
        after, changed = model.after(after, event), apply(changed, event)

    # Firms of tests are small: they are looked at as small firms are, and in both ways of large ones.
    many = patch("ringfence.core.decision.sets.MANY", data.draw(st.sampled_from([0, 64])))
    with many, patch.multiple("ringfence.core.compare.places", **data.draw(st.sampled_from(LOOKS))):
        found = difference(state, changed, events, now)
        few: dict[str, Any] = {
            "FEW": data.draw(st.sampled_from([0, 16])),
            "FEWER": 2,
            "PAUSE": data.draw(st.sampled_from([1, 64])),
        }
        with patch.multiple("ringfence.core.compare.left_to_nobody", **few):
            nobodys_found = left_to_nobody(at(changed, now), found.lost.clients)

    was, will = seen_in(before, now), seen_in(after, now)
    had = {(member, client) for member, clients in was.items() for client in clients}
    have = {(member, client) for member, clients in will.items() for client in clients}
    assert plain(found.gains) == by_class(found.gains) == have - had
    assert plain(found.loses) == by_class(found.loses) == had - have
    nobodys = {client for _, client in had} - {client for _, client in have}
    there = {number for number in nobodys if after.clients[number].removed_at is None}
    assert set(nobodys_found) == there
    assert plain(found.changes) == {
        (member, client) for member, client in had & have if was[member][client] != will[member][client]
    }
    opened, closed = open_in(after, now) - open_in(before, now), open_in(before, now) - open_in(after, now)
    assert found.opens == BitMap([after.engagements[number].client for number in opened])
    assert found.closes == BitMap([before.engagements[number].client for number in closed])

    def only(one: Seen, other: Seen) -> dict[int, set[int]]:
        moved = {member: flat(one, member) - flat(other, member) for member in one}
        return {member: engagements for member, engagements in moved.items() if engagements}

    assert engagements_by_member(found.gained) == only(will, was)
    assert engagements_by_member(found.lost) == only(was, will)
    kept = {
        member: {
            number
            for client, engagements in was[member].items()
            for number, level in engagements.items()
            if will.get(member, {}).get(client, {}).get(number, level) is not level
        }
        for member in was
    }
    assert engagements_by_member(found.shifted) == {member: each for member, each in kept.items() if each}
    assert by_level(found.shifted) == {
        (member, was[member][client][number], will[member][client][number], number)
        for member, those in kept.items()
        for number in those
        for client in [after.engagements[number].client]
    }
    _openness_agrees(found.openness, before, after, now)
    _personal_agrees(found, only(will, was), only(was, will), kept, (before, after), now)


def _personal_agrees(
    found: Difference,
    gained: dict[int, set[int]],
    lost: dict[int, set[int]],
    shifted: dict[int, set[int]],
    facts: tuple[Facts, Facts],
    now: Instant,
) -> None:
    """What moves for one member beside what is everybody's."""
    had, have = (everybodys_in(each, now) for each in facts)
    client = {number: each.engagements[number].client for each in facts for number in each.engagements}
    moving = {member for moved in (gained, lost, shifted) for member, those in moved.items() if those}
    assert set(concerned(found)) == moving
    for member in moving:
        new = {client[number] for number in gained.get(member, set()) - have}
        gone = {client[number] for number in lost.get(member, set()) - had}
        other = {client[number] for number in shifted.get(member, set())} - new - gone
        told = personal(found, member)
        assert (set(told.gained), set(told.lost), set(told.shifted)) == (new, gone, other)
        assert BitMap.union(BitMap(), *(each.clients for each in told.shifts)) == told.shifted


def _openness_agrees(found: EverybodysEngagements, before: Facts, after: Facts, now: Instant) -> None:
    had, have = everybodys_in(before, now), everybodys_in(after, now)
    there = set(after.engagements)
    client = {
        number: facts.engagements[number].client for facts in (before, after) for number in facts.engagements
    }

    def clients(engagements: set[int]) -> set[int]:
        return {client[number] for number in engagements}

    for engagements, expected in ((found.released, have - had), (found.withdrawn, had - have)):
        assert set(engagements.of(engagements.clients)) == expected
        assert set(engagements.clients) == clients(expected)
        assert len(engagements) == len(expected)
    assert set(found.partly) == clients(had ^ have) & clients(have) & clients(there - have)
    closed = open_in(before, now) - open_in(after, now)
    assert set(found.shared) == clients(closed & have)
    left, moved = open_in(before, now) & open_in(after, now), clients(had ^ have)
    left_open = set(found.left_open.of(found.left_open.clients))
    # Of clients that the change does not move, more or fewer may be looked at.
    assert left_open <= left
    assert {each for each in left_open if client[each] in moved} == {
        each for each in left if client[each] in moved
    }


def test_a_client_that_the_first_member_asked_can_open_is_not_left_to_nobody() -> None:
    moment = at(state_of(small_firm(grant(ada, on_client(ACME)), unassigned="none")), NOW)
    assert set(left_to_nobody(moment, BitMap([ACME, BOOTS]))) == {BOOTS}


def test_two_members_who_saw_the_same_are_compared_apart_where_one_of_them_leaves() -> None:
    facts = small_firm(
        grant(team, on_client(ACME)),
        groups={TEAM: (ADA, BEN)},
        unassigned="none",
        administrators="explicit",
    )
    before = state_of(facts)
    events: list[e.Event] = [
        e.GroupLeft(group=TEAM, members=BitMap([BEN])),
        e.GrantsSet(subject=team, kind="client", targets=BitMap([BOOTS]), level=Level.READER),
    ]
    found = difference(before, apply_all(before, events), events, NOW)
    assert plain(found.gains) == {(ADA, BOOTS)}
    assert plain(found.loses) == {(BEN, ACME)}


@pytest.mark.parametrize("look", LOOKS)
def test_a_member_with_all_clients_is_compared_apart_from_their_team(look: dict[str, Any]) -> None:
    facts = small_firm(grant(ada, ALL_CLIENTS, Level.READER), groups={TEAM: (ADA, BEN)}, unassigned="none")
    before = state_of(facts)
    event = e.GrantsSet(subject=team, kind="client", targets=BitMap([BOOTS]), level=Level.READER)
    with patch.multiple("ringfence.core.compare.places", **look):
        found = difference(before, apply(before, event), [event], NOW)
    assert plain(found.gains) == {(BEN, BOOTS)}
