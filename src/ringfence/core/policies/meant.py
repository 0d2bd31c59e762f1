"""Whom and what a statement means at present: groups, roles and services stand for what is in them."""

from pyroaring import BitMap

from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.statements import AtMostClients, AtMostLevel, ClientsMeant, MembersMeant, Never, Only
from ringfence.core.terms import Level

Forbidding = Never | Only | AtMostLevel
"""Statements that forbid some members something."""


def members_meant(state: State, meant: MembersMeant) -> BitMap:
    """The numbers of the members; of the built-in group of everyone, the active ones."""
    found = BitMap(meant.members)
    if meant.everyone:
        found |= state.everyone
    for group in meant.groups:
        found |= state.groups.get(group, EMPTY)
    if meant.roles:
        found.update(number for number, member in state.members.items() if member.role in meant.roles)
    return found - BitMap(meant.without)


def breakers(state: State, statement: Forbidding | AtMostClients) -> BitMap:
    """The active members by whom it can be broken."""
    meant = members_meant(state, statement.members)
    return state.everyone - meant if isinstance(statement, Only) else meant & state.everyone


def breakers_among(state: State, statement: Forbidding | AtMostClients, members: BitMap) -> BitMap:
    """Those of a few members: less work than to say who all are."""
    there, only = members & state.everyone, isinstance(statement, Only)
    return BitMap(each for each in there if _means_member(state, statement.members, each) is not only)


def _means_member(state: State, meant: MembersMeant, member: int) -> bool:
    if member in meant.without:
        return False
    if meant.everyone or member in meant.members:
        return True
    if any(member in state.groups.get(group, EMPTY) for group in meant.groups):
        return True
    return bool(meant.roles) and state.members[member].role in meant.roles


def level_allowed(statement: Forbidding) -> Level:
    """The highest level that it leaves them."""
    return statement.level if isinstance(statement, AtMostLevel) else Level.NONE


def clients_meant(state: State, meant: ClientsMeant, among: BitMap | None = None) -> BitMap:
    """The numbers of the clients that are there, or of those `among` these alone."""
    register = state.register
    there = register.clients if among is None else register.clients & among
    if meant.all:
        found = there
    else:
        found = BitMap(meant.clients)
        if meant.confidential:
            found |= register.confidential
        for service in meant.services:
            engagements = register.by_service.get(service, EMPTY)
            engagements = engagements & (register.engagements if among is None else register.spread(there))
            found |= register.clients_of(engagements)
        found &= there
    return found - BitMap(meant.without)


def means(state: State, meant: ClientsMeant, client: int) -> bool:
    """Whether the client, which is there, is among those meant: less work than to say which are."""
    if client in meant.without:
        return False
    if meant.all or client in meant.clients:
        return True
    register = state.register
    if meant.confidential and client in register.confidential:
        return True
    return any(register.engagement_for(client, service) is not None for service in meant.services)
