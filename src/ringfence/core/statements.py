"""The firm's own policies as plain values: statements about who sees which clients, by numbers (rules.md 10).

Groups, roles and services stand for what is in them at the time. Whether a statement holds is decided in
`policies/`; how one is written in words is read in `commands/statement_arguments.py`.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

from .terms import Level, Reason, Role

PolicyMode = Literal["warn", "refuse"]


class MembersMeant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, cache_hash=True):
    """Members meant by a statement: all of these together, but those `without`."""

    members: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    roles: frozenset[Role] = frozenset()
    everyone: bool = False
    without: frozenset[int] = frozenset()


class ClientsMeant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, cache_hash=True):
    """Clients meant by a statement: all of these together that are there, but those `without`."""

    clients: frozenset[int] = frozenset()
    services: frozenset[int] = frozenset()
    confidential: bool = False
    all: bool = False
    without: frozenset[int] = frozenset()


class _Statement(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="says", omit_defaults=True, cache_hash=True
):
    pass


class Never(_Statement, frozen=True, kw_only=True, tag="never"):
    """None of the members sees any of the clients."""

    members: MembersMeant
    clients: ClientsMeant


class Only(_Statement, frozen=True, kw_only=True, tag="only"):
    """Whoever sees one of the clients is among the members."""

    members: MembersMeant
    clients: ClientsMeant


class AtLeast(_Statement, frozen=True, kw_only=True, tag="at_least"):
    """Each of the clients is seen by that many members or more."""

    number: int
    clients: ClientsMeant


class AtMost(_Statement, frozen=True, kw_only=True, tag="at_most"):
    """Each of the clients is seen by no more than that many members."""

    number: int
    clients: ClientsMeant


class AtMostClients(_Statement, frozen=True, kw_only=True, tag="at_most_clients"):
    """Each of the members sees no more than that many of the clients."""

    number: int
    clients: ClientsMeant
    members: MembersMeant


class AtMostLevel(_Statement, frozen=True, kw_only=True, tag="at_most_level"):
    """None of the members has more on any engagement of the clients; `Level.NONE` to `Level.EDITOR`."""

    level: Level
    clients: ClientsMeant
    members: MembersMeant


class CheckIs(_Statement, frozen=True, kw_only=True, tag="check"):
    """The member's level on the client, or on its engagement of one service, is this (rules.md 8)."""

    member: int
    client: int
    service: int = 0
    """0 for the client as a whole: the lowest level over its engagements."""
    level: Level
    reason: Reason | None = None


class MemberSees(_Statement, frozen=True, kw_only=True, tag="member_sees"):
    """The member sees exactly these clients."""

    member: int
    clients: frozenset[int]


class OpenTo(_Statement, frozen=True, kw_only=True, tag="open_to"):
    """Exactly these members see the client."""

    client: int
    members: frozenset[int]


Statement = Never | Only | AtLeast | AtMost | AtMostClients | AtMostLevel | CheckIs | MemberSees | OpenTo
"""What a policy can say. Of a client that is not there nothing is said: each of them holds."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy of the firm as it stands: it holds where each of its statements does."""

    mode: PolicyMode
    statements: tuple[Statement, ...]
    version: int = 1
    """How often it has been set."""


class StatementNames(msgspec.Struct, frozen=True, kw_only=True):
    """What statements name by its number."""

    members: frozenset[int]
    groups: frozenset[int]
    clients: frozenset[int]
    services: frozenset[int]


def named(statements: Iterable[Statement]) -> StatementNames:
    """Everything that the statements name, exceptions included."""
    members, groups, clients, services = set[int](), set[int](), set[int](), set[int]()
    for each in statements:
        match each:
            case CheckIs(member=member, client=client, service=service):
                members.add(member)
                clients.add(client)
                services |= {service} if service else set()
            case MemberSees(member=member):
                members.add(member)
                clients |= each.clients
            case OpenTo(client=client):
                clients.add(client)
                members |= each.members
            case _:
                if not isinstance(each, AtLeast | AtMost):
                    members |= each.members.members | each.members.without
                    groups |= each.members.groups
                clients |= each.clients.clients | each.clients.without
                services |= each.clients.services
    return StatementNames(
        members=frozenset(members),
        groups=frozenset(groups),
        clients=frozenset(clients),
        services=frozenset(services),
    )


def renumbered(statement: Statement, groups: Mapping[int, int], services: Mapping[int, int]) -> Statement:
    """The statement where these groups and services have other numbers: what is made again gets a new one."""
    if isinstance(statement, CheckIs):
        return replace(statement, service=services.get(statement.service, statement.service))
    if isinstance(statement, MemberSees | OpenTo):
        return statement
    clients = statement.clients
    statement = replace(statement, clients=replace(clients, services=_mapped(clients.services, services)))
    if isinstance(statement, AtLeast | AtMost):
        return statement
    members = statement.members
    return replace(statement, members=replace(members, groups=_mapped(members.groups, groups)))


def _mapped(numbers: frozenset[int], new: Mapping[int, int]) -> frozenset[int]:
    return frozenset(new.get(number, number) for number in numbers)
