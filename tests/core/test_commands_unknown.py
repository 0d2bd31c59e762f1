"""What a command's actor may not know of is refused exactly as what does not exist (rules.md 5).

Same refusal, problem, field and row, for every command that names a client or an engagement.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from pyroaring import BitMap

from ringfence.core.commands import Refused
from ringfence.core.commands import definitions as w
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Role
from ringfence.core.values import Side
from tests.core.firms import NOW
from tests.core.random_commands import RandomCommands, tried
from tests.core.random_firms import Chance, firm, hold

NAMING: tuple[type[w.Command], ...] = (
    w.CreateGroup,
    w.ChangeClient,
    w.RemoveClient,
    w.RestoreClient,
    w.AddEngagement,
    w.ImportEngagements,
    w.ChangeEngagement,
    w.RemoveEngagement,
    w.SetGrant,
    w.RemoveGrant,
    w.ExcludeClients,
    w.IncludeClients,
    w.RaiseWall,
    w.ChangeWall,
    w.OpenRequest,
    w.WithdrawRequest,
    w.GrantRequest,
    w.DeclineRequest,
    w.OpenEmergency,
    w.AcknowledgeEmergency,
    w.EndEmergency,
)

NOBODYS = 1_000
"""Added to a number, this gives one that nothing has."""


def test_hidden_clients_and_engagements_are_refused_as_those_that_do_not_exist() -> None:
    tried_on_hidden = 0

    def holds(chance: Chance) -> None:
        nonlocal tried_on_hidden
        given = firm(chance)
        facts = given.facts
        for _ in range(12):
            random_commands = RandomCommands(chance, facts)
            actor = random_commands.member()
            command = random_commands.command(*NAMING)
            restored = isinstance(command, w.RestoreClient)
            clients, engagements = hidden(all_back(facts) if restored else facts, actor)
            unused = renumbered(command, clients, engagements)
            if unused != command and not _asked_by(facts, command, actor):
                tried_on_hidden += 1
                assert outcome(tried(given, command, actor)) == outcome(tried(given, unused, actor)), command

    hold(holds, 700)
    assert tried_on_hidden > 500


def outcome(found: object) -> tuple[object, ...]:
    assert isinstance(found, Refused), "who may not know of a thing was let do something to it"
    return found.refusal, found.problem, found.field, found.row


def _asked_by(facts: Facts, command: w.Command, actor: int) -> bool:
    """Whether this withdraws what the actor has asked for, or ends what they opened: they know of it."""
    if isinstance(command, w.EndEmergency) and command.member in {None, actor}:
        opened = facts.emergencies.get((command.client, actor))
        return opened is not None and opened.stands
    return isinstance(command, w.WithdrawRequest) and (command.client, actor) in facts.requests


def hidden(facts: Facts, actor: int) -> tuple[set[int], set[int]]:
    """The clients and engagements that the actor may neither see, nor manage, nor be told of."""
    who = facts.members.get(actor)
    active = who is not None and who.active
    if who is not None and active and (who.administers or who.manage_access or who.role is Role.AUDITOR):
        return set(), set()
    seen = {number for number in facts.engagements if reference.decide(facts, actor, number, NOW)[0]}
    clients = {facts.engagements[number].client for number in seen}
    named = facts.settings.inaccessible == "named" and active
    told = {client for client in facts.clients if named and not reference.walled(facts, actor, client, NOW)}
    unknown = {client for client in facts.clients if client not in clients | told}
    return unknown, {
        number
        for number, its in facts.engagements.items()
        if its.client in unknown or (its.client in clients and number not in seen)
    }


def all_back(facts: Facts) -> Facts:
    """Whether a removed client shows is asked as though it were restored."""
    there = {number: msgspec.structs.replace(its, removed_at=None) for number, its in facts.clients.items()}
    return msgspec.structs.replace(facts, clients=there)


def renumbered(command: Any, clients: set[int], engagements: set[int]) -> Any:
    """The command with these clients and engagements under numbers that nothing has."""
    changed: dict[str, object] = {}
    for field in command.__struct_fields__:
        value = getattr(command, field)
        match field:
            case "client":
                changed[field] = _moved([value], clients)[0]
            case "engagement":
                changed[field] = _moved([value], engagements)[0]
            case "rows":
                changed[field] = tuple(
                    msgspec.structs.replace(row, client=_moved([row.client], clients)[0]) for row in value
                )
            case "clients":
                changed[field] = BitMap(_moved(value, clients))
            case "sides":
                changed[field] = tuple(
                    Side(members=side.members, clients=frozenset(_moved(side.clients, clients)))
                    for side in value
                )
            case "on":
                changed[field] = msgspec.structs.replace(
                    value,
                    clients=BitMap(_moved(value.clients, clients)),
                    engagements=BitMap(_moved(value.engagements, engagements)),
                    excluded={
                        service: BitMap(_moved(left_out, clients))
                        for service, left_out in value.excluded.items()
                    },
                )
    return msgspec.structs.replace(command, **changed)


def _moved(numbers: Iterable[int], gone: set[int]) -> list[int]:
    return [number + NOBODYS if number in gone else number for number in numbers]
