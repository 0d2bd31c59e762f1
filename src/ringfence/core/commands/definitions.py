"""The commands of rules.md 7 as values: numbers for what is there, text for what is named anew.

What a command does is in the module of its theme; who may give it in `authority/sharing.py`. Names are turned
into numbers outside (`parsing.py`).
"""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from pyroaring import BitMap

from ringfence.core.review_values import ReviewDecision, ReviewScope, Undecided
from ringfence.core.statements import PolicyMode, Statement
from ringfence.core.terms import Instant, Level, Role, Scope, Subject, Target
from ringfence.core.values import Sides, SoftwareNames


class On(msgspec.Struct, frozen=True, kw_only=True):
    """What a grant is to be on: any number of targets of each kind."""

    engagements: BitMap = msgspec.field(default_factory=BitMap)
    clients: BitMap = msgspec.field(default_factory=BitMap)
    services: frozenset[int] = frozenset()
    all: bool = False
    excluded: dict[int, BitMap] = msgspec.field(default_factory=dict)
    """Client numbers that the grant on a service, which must be a group's, leaves out from now on as well."""

    @classmethod
    def client(cls, *numbers: int) -> "On":
        return cls(clients=BitMap(numbers))

    @classmethod
    def engagement(cls, *numbers: int) -> "On":
        return cls(engagements=BitMap(numbers))

    @classmethod
    def service(cls, *numbers: int) -> "On":
        return cls(services=frozenset(numbers))

    @classmethod
    def target(cls, target: Target) -> "On":
        return cls(
            engagements=BitMap([target.number] if target.kind == "engagement" else []),
            clients=BitMap([target.number] if target.kind == "client" else []),
            services=frozenset([target.number] if target.kind == "service" else []),
            all=target.kind == "all",
        )

    @property
    def wide(self) -> bool:
        """Names a service or all clients."""
        return bool(self.services) or self.all

    @property
    def empty(self) -> bool:
        return not (self.engagements or self.clients or self.wide)


class GrantTo(msgspec.Struct, frozen=True, kw_only=True):
    """A grant for a client that is being added, or a default for such clients."""

    to: Subject
    level: Level


class _Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="command"):
    reason: str = ""


class TurnOn(_Command, frozen=True, tag="control.turn_on"):
    pass


class TurnOff(_Command, frozen=True, tag="control.turn_off"):
    pass


class ChangeSettings(_Command, frozen=True, tag="settings.change"):
    values: dict[str, Any]


class AddMember(_Command, frozen=True, tag="member.add"):
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


class ChangeMember(_Command, frozen=True, tag="member.change"):
    member: int
    name: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    external: str | UnsetType = UNSET
    user_name: str | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    access: bool | UnsetType = UNSET
    manage_access: bool | UnsetType = UNSET


class DeactivateMember(_Command, frozen=True, tag="member.deactivate"):
    member: int
    hand_over_to: int | None = None
    directory: bool = False
    """The directory says so: the firm's successor takes over where this would break what must hold."""


class ReactivateMember(_Command, frozen=True, tag="member.reactivate"):
    member: int


class SetSuccessor(_Command, frozen=True, tag="successor.set"):
    """Nobody where none is named."""

    member: int | None = None


class AddService(_Command, frozen=True, tag="service.add"):
    name: str


class RenameService(_Command, frozen=True, tag="service.rename"):
    service: int
    to: str


class RemoveService(_Command, frozen=True, tag="service.remove"):
    service: int


class CreateGroup(_Command, frozen=True, tag="group.create"):
    name: str
    members: frozenset[int] = frozenset()
    on: On = On()
    level: Level = Level.EDITOR
    external: str = ""
    """What the firm's directory calls it."""
    directory: bool = False
    """The directory keeps it: here and below, what says so may change such groups, and no others."""


class RenameGroup(_Command, frozen=True, tag="group.rename"):
    group: int
    to: str
    directory: bool = False


class ChangeGroup(_Command, frozen=True, tag="group.change"):
    """Hand a group to the firm's directory, or take it back."""

    group: int
    external: str | UnsetType = UNSET
    directory: bool | UnsetType = UNSET


class DeleteGroup(_Command, frozen=True, tag="group.delete"):
    group: int
    directory: bool = False


class AddToGroup(_Command, frozen=True, tag="group.add_members"):
    group: int
    members: frozenset[int]
    directory: bool = False


class RemoveFromGroup(_Command, frozen=True, tag="group.remove_members"):
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


class AddClient(_Command, frozen=True, tag="client.add"):
    client: ClientRow


class ImportClients(_Command, frozen=True, tag="client.import"):
    """Rows without grants of their own get `grants`, or the defaults where that is None."""

    rows: tuple[ClientRow, ...]
    grants: tuple[GrantTo, ...] | None = None


class ChangeClient(_Command, frozen=True, tag="client.change"):
    client: int
    name: str | UnsetType = UNSET
    reference: str | UnsetType = UNSET
    kind: str | UnsetType = UNSET
    confidential: bool | UnsetType = UNSET


class RemoveClient(_Command, frozen=True, tag="client.remove"):
    client: int


class RestoreClient(_Command, frozen=True, tag="client.restore"):
    client: int


class AddEngagement(_Command, frozen=True, tag="engagement.add"):
    client: int
    service: int
    reference: str = ""


class EngagementRow(msgspec.Struct, frozen=True, kw_only=True):
    """An engagement to be added."""

    client: int
    service: int
    reference: str = ""


class ImportEngagements(_Command, frozen=True, tag="engagement.import"):
    """Several `engagement.add` in one. Rows whose client has the service already are passed over."""

    rows: tuple[EngagementRow, ...]


class ChangeEngagement(_Command, frozen=True, tag="engagement.change"):
    engagement: int
    reference: str


class RemoveEngagement(_Command, frozen=True, tag="engagement.remove"):
    engagement: int


class SetGrant(_Command, frozen=True, tag="grant.set"):
    """`fee_split` in hundredths of a per cent."""

    to: tuple[Subject, ...]
    on: On
    level: Level
    expires: Instant | None = None
    fee_split: int | None = None


class RemoveGrant(_Command, frozen=True, tag="grant.remove"):
    to: tuple[Subject, ...]
    on: On


class ExcludeClients(_Command, frozen=True, tag="grant.exclude"):
    group: int
    service: int
    clients: BitMap


class IncludeClients(_Command, frozen=True, tag="grant.include"):
    group: int
    service: int
    clients: BitMap


class SetDelegation(_Command, frozen=True, tag="delegation.set"):
    delegator: int
    delegate: int
    cap: Level = Level.OWNER
    expires: Instant | None = None
    cascades: bool = True


class RemoveDelegation(_Command, frozen=True, tag="delegation.remove"):
    delegator: int
    delegate: int


class SetDefaults(_Command, frozen=True, tag="defaults.set"):
    """The actor's own where no member is named."""

    grants: tuple[GrantTo, ...]
    member: int | None = None


class CopyAccess(_Command, frozen=True, tag="access.copy"):
    source: int
    to: int


class RaiseWall(_Command, frozen=True, tag="wall.raise"):
    """The command's `reason` is the wall's, until another change states one."""

    name: str
    sides: Sides
    starts: Instant | None = None
    ends: Instant | None = None


class ChangeWall(_Command, frozen=True, tag="wall.change"):
    """The whole wall but for its name and, where none is stated, its reason."""

    wall: int
    sides: Sides
    starts: Instant | None = None
    ends: Instant | None = None


class LowerWall(_Command, frozen=True, tag="wall.lower"):
    wall: int


class AcknowledgeWall(_Command, frozen=True, tag="wall.acknowledge"):
    """By a member who is on a side."""

    wall: int


class OpenRequest(_Command, frozen=True, tag="request.open"):
    """The command's `reason` is the request's."""

    client: int
    level: Level = Level.EDITOR
    expires: Instant | None = None


class WithdrawRequest(_Command, frozen=True, tag="request.withdraw"):
    client: int


class GrantRequest(_Command, frozen=True, tag="request.grant"):
    """Level and expiry left out are those that were asked for."""

    client: int
    member: int
    level: Level | None = None
    expires: Instant | None = None


class DeclineRequest(_Command, frozen=True, tag="request.decline"):
    client: int
    member: int


class StartReview(_Command, frozen=True, tag="review.start"):
    """Without named reviewers each client's Owners review, else the administrators."""

    name: str
    scope: ReviewScope
    due: Instant
    undecided: Undecided = "keep"
    reviewers: tuple[int, ...] = ()


class ReviewItems(msgspec.Struct, frozen=True, kw_only=True):
    """Items of a review, by their numbers or by what they are."""

    numbers: BitMap = msgspec.field(default_factory=BitMap)
    grants: tuple[tuple[Subject, On], ...] = ()
    delegations: tuple[tuple[int, int], ...] = ()


class DecideReview(_Command, frozen=True, tag="review.decide"):
    review: int
    items: ReviewItems
    decision: ReviewDecision
    level: Level = Level.NONE
    """To which the items are lowered."""


class HandOverReview(_Command, frozen=True, tag="review.hand_over"):
    review: int
    items: ReviewItems
    to: int


class ExtendReview(_Command, frozen=True, tag="review.extend"):
    review: int
    due: Instant


class CloseReview(_Command, frozen=True, tag="review.close"):
    """What nobody decided: as the review said, where this says nothing."""

    review: int
    undecided: Undecided | None = None


class AddToken(_Command, frozen=True, tag="token.add"):
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


class RevokeToken(_Command, frozen=True, tag="token.revoke"):
    token: int


class SetPolicy(_Command, frozen=True, tag="policy.set"):
    """What is left out is as it is; of a new one the mode is the firm's `policy_mode`.

    `text` is the policy as it was written; none stands beside statements that came without.
    """

    policy: int = 0
    """0 for a new one."""
    name: str | UnsetType = UNSET
    mode: PolicyMode | UnsetType = UNSET
    statements: tuple[Statement, ...] | UnsetType = UNSET
    text: str | UnsetType = UNSET


class RemovePolicy(_Command, frozen=True, tag="policy.remove"):
    policy: int


class SetNames(_Command, frozen=True, tag="names.set"):
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
