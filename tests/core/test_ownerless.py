"""What a preview says of Owners is what is found client by client (rules.md 3 and 5, "Person Owner")."""

from collections import Counter
from typing import NamedTuple

from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core.commands import definitions as w
from ringfence.core.compare.newly_ownerless import newly_ownerless
from ringfence.core.decision.ownerless import Ownerless, ownerless
from ringfence.core.events import Change
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Client, Facts, Grant
from ringfence.core.terms import Instant, Level, group_subject, member_subject
from ringfence.core.values import Member, Side, Wall
from tests.core.firms import ACME, ADA, BEN, BOOTS, CY, NOW, TEAM, grant, on_client, on_engagement, small_firm
from tests.core.random_commands import RandomCommands, tried
from tests.core.random_firms import Chance, Firm, directory_of, firm, hold, wall

THROWS = 800
ENOUGH = 5
"""How often each kind is met at the least, so that the comparison means something."""
SETTING_AND_WALLS = (w.ChangeSettings, w.RaiseWall, w.ChangeWall, w.LowerWall)
KINDS: tuple[tuple[type[w.Command], ...], ...] = ((), SETTING_AND_WALLS)
"""Any command, or one of those that this is about."""


class Found(NamedTuple):
    without: set[int]
    walled_off: set[int]


def brute(facts: Facts) -> Found:
    """Client by client, grant by grant, wall by wall."""
    found = Found(set(), set())
    if facts.settings.owner_required:
        for number, client in facts.clients.items():
            owners = {grant.subject.number for grant in facts.grants if owns(facts, grant, number)}
            if client.removed_at is not None:
                continue
            if not owners:
                found.without.add(number)
            elif all(walled(facts, owner, number) for owner in owners):
                found.walled_off.add(number)
    return found


def owns(facts: Facts, held: Grant, client: int) -> bool:
    if held.subject.kind != "member" or held.target != on_client(client):
        return False
    who = facts.members[held.subject.number]
    return held.level is Level.OWNER and held.expires is None and who.active and who.access


def walled(facts: Facts, member: int, client: int) -> bool:
    return any(
        member in side.members and client in opposite.clients
        for wall in facts.walls.values()
        if wall.ends is None or wall.ends > NOW
        for side, opposite in (wall.sides, wall.sides[::-1])
    )


def plain(found: Ownerless) -> Found:
    return Found(set(found.without), set(found.walled_off))


def owned_firm(chance: Chance) -> Firm:
    """A firm in which more clients have Owners and more walls stand than chance alone would give."""
    facts = firm(chance, owner_required=chance.odds(0.6)).facts
    owners = {
        (subject, target): grant(subject, target, Level.OWNER)
        for client in facts.clients
        for member in facts.members
        if chance.odds(0.2)
        for subject, target in [(member_subject(member), on_client(client))]
    }
    others = (held for held in facts.grants if (held.subject, held.target) not in owners)
    walls = {number: wall(chance, facts.members, facts.clients) for number in range(1, chance.of((1, 2, 3)))}
    facts = replace(facts, grants=frozenset((*owners.values(), *others)), walls=walls)
    return Firm(state_of(facts), directory_of(facts))


def test_a_firm_says_of_each_client_what_is_found_one_by_one() -> None:
    met: Counter[str] = Counter()

    def holds(chance: Chance) -> None:
        given = owned_firm(chance)
        expected = brute(given.facts)
        assert plain(ownerless(given.state, NOW)) == expected
        met.update(name for name, clients in expected._asdict().items() if clients)

    hold(holds, THROWS)
    assert min(met["without"], met["walled_off"]) >= ENOUGH, met


def test_a_change_lists_the_clients_that_are_so_afterwards_only() -> None:
    met: Counter[str] = Counter()

    def holds(chance: Chance) -> None:
        given = owned_firm(chance)
        for _ in range(8):
            before = given
            command = RandomCommands(chance, before.facts).command(*chance.of(KINDS))
            change = tried(given, command, None)
            if not isinstance(change, Change):
                continue
            given = given.after(change)
            was, will = brute(before.facts), brute(given.facts)
            expected = Found(will.without - was.without, will.walled_off - was.walled_off)
            assert plain(newly_ownerless(before.state, given.state, NOW)) == expected, command
            met.update(name for name, clients in expected._asdict().items() if clients)

    hold(holds, THROWS)
    assert min(met["without"], met["walled_off"]) >= ENOUGH, met


OWNED = grant(member_subject(ADA), on_client(ACME), Level.OWNER)


def said(facts: Facts) -> Found:
    return plain(ownerless(state_of(facts), NOW))


def test_a_firm_that_requires_no_owner_has_no_ownerless_client() -> None:
    assert said(small_firm(OWNED, owner_required=False)) == (set(), set())


def test_turning_the_rule_on_lists_every_client_without_an_owner() -> None:
    off, on = (state_of(small_firm(OWNED, owner_required=required)) for required in (False, True))
    assert plain(newly_ownerless(off, on, NOW)) == ({BOOTS}, set())


def test_a_group_an_engagement_an_expiry_and_who_does_not_work_make_no_person_owner() -> None:
    for held in (
        grant(group_subject(TEAM), on_client(BOOTS), Level.OWNER),
        grant(member_subject(BEN), on_engagement(3), Level.OWNER),
        grant(member_subject(BEN), on_client(BOOTS), Level.OWNER, expires=Instant(NOW + 1)),
        grant(member_subject(BEN), on_client(BOOTS), Level.EDITOR),
        grant(member_subject(CY), on_client(BOOTS), Level.OWNER),
    ):
        facts = small_firm(OWNED, held, members={CY: Member(active=False)}, owner_required=True)
        assert said(facts).without == {BOOTS}, held


def test_a_removed_client_needs_no_owner() -> None:
    assert (
        said(small_firm(OWNED, clients={BOOTS: Client(removed_at=NOW)}, owner_required=True)).without == set()
    )


def between(*members: int) -> dict[int, Wall]:
    return {1: Wall(sides=(Side(members=frozenset(members)), Side(clients=frozenset({ACME}))))}


def test_a_wall_lists_the_client_whose_last_owner_it_keeps_out() -> None:
    before = state_of(small_firm(OWNED, owner_required=True))
    after = state_of(small_firm(OWNED, owner_required=True, walls=between(ADA)))
    assert plain(newly_ownerless(before, after, NOW)) == (set(), {ACME})


def test_a_wall_that_leaves_one_owner_in_lists_nothing() -> None:
    other = grant(member_subject(BEN), on_client(ACME), Level.OWNER)
    assert said(small_firm(OWNED, other, owner_required=True, walls=between(ADA))).walled_off == set()
    assert said(small_firm(OWNED, other, owner_required=True, walls=between(ADA, BEN))).walled_off == {ACME}


def test_a_client_that_stays_as_it_was_is_not_listed_again() -> None:
    walls = between(ADA)
    before = state_of(small_firm(OWNED, owner_required=True, walls=walls))
    after = state_of(small_firm(OWNED, owner_required=True, walls={**walls, 2: walls[1]}))
    assert newly_ownerless(before, after, NOW).empty
    assert ownerless(after, NOW).walled_off == BitMap([ACME])
