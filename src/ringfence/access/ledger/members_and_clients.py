"""Which members, clients and groups an event is about: for the index of the ledger, and for finding reasons
that speak of one of them alone.
"""

from collections.abc import Iterable

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.events import unpacked
from ringfence.core.state.register import Register
from ringfence.core.statements import named


def members_in(events: Iterable[e.Event]) -> BitMap:
    """Every member whom the events name, as the one acted upon."""
    found = BitMap()
    for event in events:
        match event:
            case e.GroupJoined() | e.GroupLeft():
                found |= event.members
            case e.GrantsSet() | e.GrantsRemoved():
                if event.subject.kind == "member":
                    found.add(event.subject.number)
            case e.DelegationSet() | e.DelegationRemoved():
                found |= BitMap([event.delegator, event.delegate])
            case e.WallSet():
                found |= BitMap([member for side in event.sides for member in side.members])
            case e.PolicySet():
                found |= BitMap(named(event.statements).members)
            case (
                e.MemberAdded()
                | e.MemberChanged()
                | e.MemberDeactivated()
                | e.MemberReactivated()
                | e.DefaultsSet()
                | e.RequestOpened()
                | e.RequestClosed()
                | e.EmergencyOpened()
                | e.EmergencyEnded()
                | e.EmergencyAcknowledged()
                | e.UserSeated()
                | e.WallAcknowledged()
                | e.ReviewHanded()
                | e.TokenAdded()
                | e.TokenRevoked()
            ):
                found.add(event.member)
            case e.ReviewStarted() | e.ReviewScheduled():
                found |= BitMap((event.terms if isinstance(event, e.ReviewStarted) else event.plan).reviewers)
            case e.SuccessorSet() | e.SignInNoted() if event.member:
                found.add(event.member)
            case e.Described(thing="member"):
                found.add(event.number)
            case _:
                pass
    return found


def groups_in(events: Iterable[e.Event]) -> BitMap:
    """Every group that the events name, as the one acted upon."""
    found = BitMap()
    for event in events:
        match event:
            case (
                e.GroupCreated()
                | e.GroupDeleted()
                | e.GroupKept()
                | e.GroupJoined()
                | e.GroupLeft()
                | e.ClientsExcluded()
                | e.ClientsIncluded()
            ):
                found.add(event.group)
            case e.GrantsSet() | e.GrantsRemoved():
                if event.subject.kind == "group":
                    found.add(event.subject.number)
            case e.PolicySet():
                found |= BitMap(named(event.statements).groups)
            case e.Described(thing="group"):
                found.add(event.number)
            case _:
                pass
    return found


def clients_in(events: Iterable[e.Event], register: Register) -> BitMap:
    """Every client that the events name, itself or by one of its engagements."""
    found = BitMap(
        client
        for event in events
        if isinstance(event, e.PolicySet)
        for client in named(event.statements).clients
    )
    for event in events:
        match event:
            case e.ClientsAdded():
                found |= BitMap(range(event.first_client, event.first_client + event.count))
            case e.EngagementsAdded():
                found |= BitMap(unpacked(event.client_of))
            case e.GrantsSet(kind="client") | e.GrantsRemoved(kind="client"):
                found |= event.targets
            case e.GrantsSet(kind="engagement") | e.GrantsRemoved(kind="engagement"):
                found |= register.clients_of(event.targets)
            case e.ClientsExcluded() | e.ClientsIncluded():
                found |= event.clients
            case e.WallSet():
                found |= BitMap([client for side in event.sides for client in side.clients])
            case e.EngagementRemoved():
                found.add(register.client_of[event.engagement])
            case (
                e.ClientMarked()
                | e.ClientRemoved()
                | e.ClientRestored()
                | e.EngagementAdded()
                | e.RequestOpened()
                | e.RequestClosed()
                | e.EmergencyOpened()
                | e.EmergencyEnded()
                | e.EmergencyAcknowledged()
                | e.RecordOpened()
            ):
                found.add(event.client)
            case e.Described(thing="client"):
                found.add(event.number)
            case e.Described(thing="engagement"):
                found.add(register.client_of[event.number])
            case _:
                pass
    return found
