"""The preview of a command is exactly what the reference says before and after it (rules.md 6).

Also for events that no command gives together, and for the mark of self-access (rules.md 5).
"""

from typing import NamedTuple

from ringfence.core.compare.difference import Difference, difference, preview
from ringfence.core.compare.moved import Pairs
from ringfence.core.decision.moment import at
from ringfence.core.events import Change, Event
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level
from tests.core.firms import NOW
from tests.core.random_commands import Done, RandomCommands, done, tried
from tests.core.random_firms import Chance, firm, hold

THROWS = 150

Pair = tuple[int, int]
"""Member and client."""


class Found(NamedTuple):
    gains: set[Pair]
    loses: set[Pair]
    changes: set[Pair]
    opens: set[int]
    closes: set[int]


def brute(before: Facts, after: Facts, now: Instant = NOW) -> Found:
    """Every decision before against after, one by one."""
    was, will = levels(before, now), levels(after, now)
    saw, sees = clients_of(before, was), clients_of(after, will)
    engagements = {**before.engagements, **after.engagements}
    moved = {
        (member, engagements[number].client)
        for member, number in was.keys() | will.keys()
        if was.get((member, number)) != will.get((member, number))
    }
    wide, now_wide = opened(before, now), opened(after, now)
    return Found(
        gains=sees - saw,
        loses=saw - sees,
        changes=moved & saw & sees,
        opens={after.engagements[number].client for number in now_wide - wide},
        closes={before.engagements[number].client for number in wide - now_wide},
    )


def levels(facts: Facts, now: Instant) -> dict[tuple[int, int], Level]:
    """By member and engagement, where there is any."""
    found = {
        (member, number): reference.decide(facts, member, number, now)[0]
        for member in facts.members
        for number in facts.engagements
    }
    return {pair: level for pair, level in found.items() if level is not Level.NONE}


def clients_of(facts: Facts, found: dict[tuple[int, int], Level]) -> set[Pair]:
    return {(member, facts.engagements[number].client) for member, number in found}


def opened(facts: Facts, now: Instant) -> set[int]:
    return {number for number in facts.engagements if reference.open_to_all(facts, number, now)}


def plain(found: Difference) -> Found:
    return Found(
        gains=_pairs(found.gains),
        loses=_pairs(found.loses),
        changes=_pairs(found.changes),
        opens=set(found.opens),
        closes=set(found.closes),
    )


def _pairs(found: Pairs) -> set[Pair]:
    held = dict(found.items())
    assert found.total == sum(map(len, held.values()))
    assert set(found.clients) == {client for clients in held.values() for client in clients}
    assert [found.count(member) for member in (0, *held)] == [0, *map(len, held.values())]
    assert 0 not in found
    return {(member, client) for member, clients in found.items() for client in clients}


def test_the_preview_of_a_command_is_what_the_reference_says() -> None:
    def holds(chance: Chance) -> None:
        given = firm(chance)
        for _ in range(8):
            before = given.facts
            random_commands = RandomCommands(chance, before)
            command = random_commands.command()
            change = tried(given, command, random_commands.actor() if chance.odds(0.3) else None)
            if isinstance(change, Change):
                found = preview(at(given.state, NOW), change)
                given = given.after(change)
                assert plain(found) == brute(before, given.facts), command

    hold(holds, THROWS * 2)


def test_the_difference_over_many_commands_is_what_the_reference_says() -> None:
    def holds(chance: Chance) -> None:
        given = firm(chance)
        before, first = given.facts, given.state
        events: list[Event] = []
        for _ in range(6):
            random_commands = RandomCommands(chance, given.facts)
            change = tried(given, random_commands.command(), None)
            if isinstance(change, Change):
                events += change.events
                given = given.after(change)
        assert plain(difference(first, given.state, events, NOW)) == brute(before, given.facts)

    hold(holds, THROWS)


def test_what_has_been_asked_before_does_not_change_the_difference() -> None:
    def holds(chance: Chance) -> None:
        given = firm(chance)
        for member in given.facts.members:
            at(given.state, NOW).clients(member)
        for it in done(chance, given, tries=3):
            ask(given.state)
            after = given.after(it.change)
            ask(after.state)
            found = difference(given.state, after.state, it.change.events, NOW)
            assert plain(found) == brute(it.before, it.after), it.command
            given = after

    hold(holds, THROWS)


def ask(state: State) -> None:
    for member in state.members:
        at(state, NOW).clients(member)


def test_self_access_is_marked_exactly_where_the_reference_finds_it() -> None:
    def holds(chance: Chance) -> None:
        for it in done(chance, firm(chance)):
            assert it.change.self_access is lets_oneself_in(it), it.command

    hold(holds, THROWS * 3)


def lets_oneself_in(it: Done) -> bool:
    """Whether who manages access sees or may do more, on a client that they have not just added."""
    who = it.before.members.get(it.actor or 0)
    if who is None or not (who.administers or who.manage_access):
        return False
    if it.before.settings.administrators == "unrestricted" and not who.manage_access:
        return False
    was, will = levels(it.before, NOW), levels(it.after, NOW)
    saw = {client for member, client in clients_of(it.before, was) if member == it.actor}
    for (member, number), level in will.items():
        client = it.after.engagements[number].client
        added = client not in it.before.clients
        stood = number in it.before.engagements and it.before.clients[client].removed_at is None
        risen = level > was.get((member, number), Level.NONE)
        if member == it.actor and not added and risen and (stood or client not in saw):
            return True
    return False
