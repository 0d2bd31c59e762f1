"""The commands of rules.md 7 as values: numbers for what is there, text for what is named anew.

What a command does is in the module of its theme; who may give it in `authority/sharing.py`. Names are turned
into numbers outside (`parsing.py`).
"""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from pyroaring import BitMap

from ringfence.core.terms import Instant, Level, Role, Scope, Subject
from ringfence.core.values import Sides, SoftwareNames

from .assurance_definitions import AcknowledgeEmergency as AcknowledgeEmergency
from .assurance_definitions import BeginReview as BeginReview
from .assurance_definitions import CloseReview as CloseReview
from .assurance_definitions import DecideReview as DecideReview
from .assurance_definitions import EndEmergency as EndEmergency
from .assurance_definitions import ExtendReview as ExtendReview
from .assurance_definitions import HandOverReview as HandOverReview
from .assurance_definitions import OpenEmergency as OpenEmergency
from .assurance_definitions import RemovePolicy as RemovePolicy
from .assurance_definitions import ReviewItems as ReviewItems
from .assurance_definitions import ScheduleReview as ScheduleReview
from .assurance_definitions import SetPolicy as SetPolicy
from .assurance_definitions import StartReview as StartReview
from .assurance_definitions import UnscheduleReview as UnscheduleReview
from .command_base import CommandBase
from .command_base import On as On


class GrantTo(msgspec.Struct, frozen=True, kw_only=True):
    """A grant for a client that is being added, or a default for such clients."""

    to: Subject
    level: Level


class TurnOn(CommandBase, frozen=True, tag="control.turn_on"):
    pass


class TurnOff(CommandBase, frozen=True, tag="control.turn_off"):
    pass


class ChangeSettings(CommandBase, frozen=True, tag="settings.change"):
    values: dict[str, Any]


class AddMember(CommandBase, frozen=True, tag="member.add"):
    """Permissions left out: `access` for all but auditors, never `manage_access`."""

    name: str
    email: str = ""
    external: str = ""
    """What the firm's other software calls them."""
    user_name: str = ""
    """What the firm's directory calls them."""
    role: Role = Role.STANDARD
    access: bool | UnsetType = UNSET
    manage_access: bool = False


class ChangeMember(CommandBase, frozen=True, tag="member.change"):
    member: int
    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    external: str | UnsetType = UNSET
    user_name: str | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    access: bool | UnsetType = UNSET
    manage_access: bool | UnsetType = UNSET


class DeactivateMember(CommandBase, frozen=True, tag="member.deactivate"):
    member: int
    hand_over_to: int | None = None
    directory: bool = False
    """The directory says so: the firm's successor takes over where this would break what must hold."""


class ReactivateMember(CommandBase, frozen=True, tag="member.reactivate"):
    member: int


class SetSuccessor(CommandBase, frozen=True, tag="successor.set"):
    """Nobody where none is named."""

    member: int | None = None


class AddService(CommandBase, frozen=True, tag="service.add"):
    name: str


class RenameService(CommandBase, frozen=True, tag="service.rename"):
    service: int
    to: str


class RemoveService(CommandBase, frozen=True, tag="service.remove"):
    service: int


class CreateGroup(CommandBase, frozen=True, tag="group.create"):
    name: str
    members: frozenset[int] = frozenset()
    on: On = On()
    level: Level = Level.EDITOR
    external: str = ""
    """What the firm's directory calls it."""
    directory: bool = False
    """The directory keeps it: here and below, what says so may change such groups, and no others."""


class RenameGroup(CommandBase, frozen=True, tag="group.rename"):
    group: int
    to: str
    directory: bool = False


class ChangeGroup(CommandBase, frozen=True, tag="group.change"):
    """Hand a group to the firm's directory, or take it back."""

    group: int
    external: str | UnsetType = UNSET
    directory: bool | UnsetType = UNSET


class DeleteGroup(CommandBase, frozen=True, tag="group.delete"):
    group: int
    directory: bool = False


class AddToGroup(CommandBase, frozen=True, tag="group.add_members"):
    group: int
    members: frozenset[int]
    directory: bool = False


class RemoveFromGroup(CommandBase, frozen=True, tag="group.remove_members"):
    group: int
    members: frozenset[int]
    directory: bool = False


class ClientRow(msgspec.Struct, frozen=True, kw_only=True):
    """A client to be added. `services` gives each service's tax reference, empty for none."""

    name: str
    reference: str = ""
    kind: str = ""
    confidential: bool = False
    services: dict[int, str] = msgspec.field(default_factory=dict)
    grants: tuple[GrantTo, ...] | None = None
    """None for the defaults of the firm and the creator."""


class AddClient(CommandBase, frozen=True, tag="client.add"):
    client: ClientRow


class ImportClients(CommandBase, frozen=True, tag="client.import"):
    """Rows without grants of their own get `grants`, or the defaults where that is None."""

    rows: tuple[ClientRow, ...]
    grants: tuple[GrantTo, ...] | None = None


class ChangeClient(CommandBase, frozen=True, tag="client.change"):
    client: int
    name: str | UnsetType = UNSET
    reference: str | UnsetType = UNSET
    kind: str | UnsetType = UNSET
    confidential: bool | UnsetType = UNSET


class RemoveClient(CommandBase, frozen=True, tag="client.remove"):
    client: int


class RestoreClient(CommandBase, frozen=True, tag="client.restore"):
    client: int


class AddEngagement(CommandBase, frozen=True, tag="engagement.add"):
    client: int
    service: int
    reference: str = ""


class EngagementRow(msgspec.Struct, frozen=True, kw_only=True):
    """An engagement to be added."""

    client: int
    service: int
    reference: str = ""


class ImportEngagements(CommandBase, frozen=True, tag="engagement.import"):
    """Several `engagement.add` in one. Rows whose client has the service already are passed over."""

    rows: tuple[EngagementRow, ...]


class ChangeEngagement(CommandBase, frozen=True, tag="engagement.change"):
    engagement: int
    reference: str


class RemoveEngagement(CommandBase, frozen=True, tag="engagement.remove"):
    engagement: int


class SetGrant(CommandBase, frozen=True, tag="grant.set"):
    """`fee_split` in hundredths of a per cent."""

    to: tuple[Subject, ...]
    on: On
    level: Level
    expires: Instant | None = None
    fee_split: int | None = None


class RemoveGrant(CommandBase, frozen=True, tag="grant.remove"):
    to: tuple[Subject, ...]
    on: On


class ExcludeClients(CommandBase, frozen=True, tag="grant.exclude"):
    group: int
    service: int
    clients: BitMap


class IncludeClients(CommandBase, frozen=True, tag="grant.include"):
    group: int
    service: int
    clients: BitMap


class SetDelegation(CommandBase, frozen=True, tag="delegation.set"):
    delegator: int
    delegate: int
    cap: Level = Level.OWNER
    expires: Instant | None = None
    cascades: bool = True


class RemoveDelegation(CommandBase, frozen=True, tag="delegation.remove"):
    delegator: int
    delegate: int


class SetDefaults(CommandBase, frozen=True, tag="defaults.set"):
    """The actor's own where no member is named."""

    grants: tuple[GrantTo, ...]
    member: int | None = None


class CopyAccess(CommandBase, frozen=True, tag="access.copy"):
    source: int
    to: int


class RaiseWall(CommandBase, frozen=True, tag="wall.raise"):
    """The command's `reason` is the wall's, until another change states one."""

    name: str
    sides: Sides
    starts: Instant | None = None
    ends: Instant | None = None


class ChangeWall(CommandBase, frozen=True, tag="wall.change"):
    """The whole wall but for its name and, where none is stated, its reason."""

    wall: int
    sides: Sides
    starts: Instant | None = None
    ends: Instant | None = None


class LowerWall(CommandBase, frozen=True, tag="wall.lower"):
    wall: int


class AcknowledgeWall(CommandBase, frozen=True, tag="wall.acknowledge"):
    """By a member who is on a side."""

    wall: int


class OpenRequest(CommandBase, frozen=True, tag="request.open"):
    """The command's `reason` is the request's."""

    client: int
    level: Level = Level.EDITOR
    expires: Instant | None = None


class WithdrawRequest(CommandBase, frozen=True, tag="request.withdraw"):
    client: int


class GrantRequest(CommandBase, frozen=True, tag="request.grant"):
    """Level and expiry left out are those that were asked for."""

    client: int
    member: int
    level: Level | None = None
    expires: Instant | None = None


class DeclineRequest(CommandBase, frozen=True, tag="request.decline"):
    client: int
    member: int


class AddToken(CommandBase, frozen=True, tag="token.add"):
    """The actor's own where no member is named. Whoever makes it knows its text; here is its digest alone."""

    name: str
    scopes: Scope
    digest: bytes
    """SHA-256 of the text."""
    beginning: str = ""
    """The first characters of the text, by which people tell it from others."""
    member: int | None = None
    expires: Instant | None = None
    addresses: tuple[str, ...] = ()
    """IP addresses and networks from which alone it is taken; from anywhere where there is none."""


class RevokeToken(CommandBase, frozen=True, tag="token.revoke"):
    token: int


class SetNames(CommandBase, frozen=True, tag="names.set"):
    """All of them: what is left out is none any more."""

    names: SoftwareNames


Command = (
    TurnOn
    | TurnOff
    | ChangeSettings
    | AddMember
    | ChangeMember
    | DeactivateMember
    | ReactivateMember
    | SetSuccessor
    | AddService
    | RenameService
    | RemoveService
    | CreateGroup
    | RenameGroup
    | ChangeGroup
    | DeleteGroup
    | AddToGroup
    | RemoveFromGroup
    | AddClient
    | ImportClients
    | ChangeClient
    | RemoveClient
    | RestoreClient
    | AddEngagement
    | ImportEngagements
    | ChangeEngagement
    | RemoveEngagement
    | SetGrant
    | RemoveGrant
    | ExcludeClients
    | IncludeClients
    | SetDelegation
    | RemoveDelegation
    | SetDefaults
    | CopyAccess
    | RaiseWall
    | ChangeWall
    | LowerWall
    | AcknowledgeWall
    | OpenRequest
    | WithdrawRequest
    | GrantRequest
    | DeclineRequest
    | StartReview
    | DecideReview
    | HandOverReview
    | ExtendReview
    | CloseReview
    | ScheduleReview
    | BeginReview
    | UnscheduleReview
    | OpenEmergency
    | AcknowledgeEmergency
    | EndEmergency
    | AddToken
    | RevokeToken
    | SetNames
    | SetPolicy
    | RemovePolicy
)


def command_name(command: Command) -> str:
    """The command's name in scenario files, the ledger and the API: ``grant.set``."""
    tag = type(command).__struct_config__.tag
    assert isinstance(tag, str)
    return tag
