"""Whom and what a statement means at present: groups, roles and services stand for what is in them."""

from pyroaring import BitMap

from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.statements import ClientsMeant, MembersMeant


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


def clients_meant(state: State, meant: ClientsMeant) -> BitMap:
    """The numbers of the clients that are there."""
    register = state.register
    if meant.all:
        found = register.clients
    else:
        found = BitMap(meant.clients)
        if meant.confidential:
            found |= register.confidential
        for service in meant.services:
            engagements = register.by_service.get(service, EMPTY) & register.engagements
            found |= register.clients_of(engagements)
        found &= register.clients
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
