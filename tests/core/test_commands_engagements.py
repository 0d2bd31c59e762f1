"""`engagement.import` is several `engagement.add` in one: the same firm afterwards, the same rights."""

import copy
from collections.abc import Iterator

from ringfence.core.commands import Problem, Refused
from ringfence.core.commands import definitions as w
from ringfence.core.events import Change
from ringfence.core.terms import Thing
from tests.core.random_commands import RandomCommands, tried
from tests.core.random_firms import Chance, Firm, firm, hold

THROWS = 800


def lists(chance: Chance) -> Iterator[tuple[Firm, w.ImportEngagements, int | None]]:
    """Lists of new engagements, each with who gives it, on the firm that the last one left."""
    given = firm(chance)
    for _ in range(6):
        actor = None if chance.odds(0.3) else RandomCommands(chance, given.facts).actor()
        count = chance.of((1, 2, 2, 3, 4))
        command = w.ImportEngagements(rows=tuple(_row(chance, given, place) for place in range(count)))
        yield given, command, actor
        change = tried(given, command, actor)
        if isinstance(change, Change):
            given = given.after(change)


def _row(chance: Chance, given: Firm, place: int) -> w.EngagementRow:
    """Mostly what can be done: a service that there is for a client that is there, with a free reference."""
    facts = given.facts
    if chance.odds(0.05):
        return RandomCommands(chance, facts).engagement_row()
    clients = [number for number, client in facts.clients.items() if client.removed_at is None]
    fresh = f"T{given.state.register.next_engagement}-{place}"
    return w.EngagementRow(
        client=chance.of(clients or [1]),
        service=chance.of(sorted(facts.services)),
        reference=chance.of(("", "", fresh, fresh, "R-1")),
    )


def one_by_one(given: Firm, rows: tuple[w.EngagementRow, ...], actor: int | None) -> Firm | Refused:
    """The firm after a command for each row; a service that a client has just so already is passed over.

    Like every command on a firm it would tell the directory what it did, so it works with a copy.
    """
    given = Firm(given.state, copy.deepcopy(given.directory))
    for row in rows:
        single = w.AddEngagement(client=row.client, service=row.service, reference=row.reference)
        found = tried(given, single, actor)
        if isinstance(found, Change):
            given = given.after(found)
        elif found.problem is not Problem.SERVICE_ALREADY or _differs(given, row):
            return found
    return given


def _differs(given: Firm, row: w.EngagementRow) -> bool:
    """Whether the client has the service with another reference than the row states."""
    reference = row.reference.strip()
    held = given.state.register.engagement_for(row.client, row.service)
    return bool(reference) and given.directory.text(Thing.ENGAGEMENT, held or 0, "reference") != reference


def test_a_list_of_engagements_leaves_the_firm_that_single_commands_leave() -> None:
    compared = 0

    def holds(chance: Chance) -> None:
        nonlocal compared
        for given, command, actor in lists(chance):
            # Rights are judged at the start of a list (rules.md 9), so only what is done is compared here.
            singly = one_by_one(given, command.rows, None)
            change = tried(given, command, actor)
            if isinstance(change, Change):
                compared += len(command.rows) > 1
                after = Firm(given.state, copy.deepcopy(given.directory)).after(change)
                assert isinstance(singly, Firm), (command, actor, singly)
                assert after.facts == singly.facts, (command, actor)
                assert after.directory.texts == singly.directory.texts, (command, actor)

    hold(holds, THROWS)
    assert compared > 200


def test_a_list_of_engagements_is_refused_where_a_single_command_would_be() -> None:
    compared = 0

    def holds(chance: Chance) -> None:
        nonlocal compared
        for given, command, actor in lists(chance):
            found = tried(given, command, actor)
            if isinstance(found, Refused) and found.problem is not Problem.SERVICE_ALREADY and command.rows:
                compared += len(command.rows) > 1
                assert isinstance(one_by_one(given, command.rows, actor), Refused), (command, actor, found)

    hold(holds, THROWS)
    assert compared > 200
