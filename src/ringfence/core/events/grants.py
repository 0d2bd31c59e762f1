"""What gives and takes access: grants, exclusions, delegations, defaults, requests."""

from pyroaring import BitMap

from ringfence.core.terms import Instant, Level, Subject, TargetKind
from ringfence.core.values import DefaultGrant, RequestOutcome

from .base import EventBase


class GrantsSet(EventBase, frozen=True, tag="grants.set"):
    """The same grant on many targets of one kind. `targets` is {0} for all clients."""

    subject: Subject
    kind: TargetKind
    targets: BitMap
    level: Level
    expires: Instant | None = None
    fee_split: int | None = None


class GrantsRemoved(EventBase, frozen=True, tag="grants.removed"):
    """A group's exclusions from a service go with its grant on the service."""

    subject: Subject
    kind: TargetKind
    targets: BitMap


class ClientsExcluded(EventBase, frozen=True, tag="clients.excluded"):
    group: int
    service: int
    clients: BitMap


class ClientsIncluded(EventBase, frozen=True, tag="clients.included"):
    group: int
    service: int
    clients: BitMap


class DelegationSet(EventBase, frozen=True, tag="delegation.set"):
    delegator: int
    delegate: int
    cap: Level = Level.OWNER
    expires: Instant | None = None
    cascades: bool = True


class DelegationRemoved(EventBase, frozen=True, tag="delegation.removed"):
    delegator: int
    delegate: int


class DefaultsSet(EventBase, frozen=True, tag="defaults.set"):
    """A member's own defaults, all of them."""

    member: int
    grants: list[DefaultGrant]


class RequestOpened(EventBase, frozen=True, tag="request.opened"):
    client: int
    member: int
    level: Level
    expires: Instant | None = None


class RequestClosed(EventBase, frozen=True, tag="request.closed"):
    client: int
    member: int
    outcome: RequestOutcome
