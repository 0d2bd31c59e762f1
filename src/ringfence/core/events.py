"""What can happen to a firm: the facts that a command writes to the ledger (rules.md 6, 7).

Events are numbers only: no name, address, reference or free text of anybody. What an event does to a state
is in `apply/`; which command gives which events is in `commands/`.
"""

import base64
import sys
from array import array
from collections.abc import Sequence
from typing import Any

import msgspec
from pyroaring import BitMap

from .settings import Settings
from .terms import (
    Export,
    Instant,
    Level,
    Reason,
    Role,
    Scope,
    SignInStep,
    Subject,
    TargetKind,
    Thing,
    WebhookStep,
)
from .values import DefaultGrant, RequestOutcome, Side, SoftwareNames


class _Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", omit_defaults=True):
    pass


class FirmCreated(_Event, frozen=True, tag="firm.created"):
    """The first event of every firm. Makes the group Everyone and the service General."""

    settings: Settings


class ControlTurned(_Event, frozen=True, tag="control.turned"):
    on: bool


class SettingsChanged(_Event, frozen=True, tag="settings.changed"):
    """Only the settings whose value is another now, by name."""

    values: dict[str, str | bool]


class MemberAdded(_Event, frozen=True, tag="member.added"):
    member: int
    role: Role
    access: bool
    manage_access: bool


class MemberChanged(_Event, frozen=True, tag="member.changed"):
    """Role and permissions as they are from now on, all of them."""

    member: int
    role: Role
    access: bool
    manage_access: bool


class MemberDeactivated(_Event, frozen=True, tag="member.deactivated"):
    member: int


class MemberReactivated(_Event, frozen=True, tag="member.reactivated"):
    member: int


class ServiceAdded(_Event, frozen=True, tag="service.added"):
    service: int


class ServiceRemoved(_Event, frozen=True, tag="service.removed"):
    service: int


class GroupCreated(_Event, frozen=True, tag="group.created"):
    group: int


class GroupDeleted(_Event, frozen=True, tag="group.deleted"):
    """Its places and grants go with it, and the defaults that name it."""

    group: int


class GroupKept(_Event, frozen=True, tag="group.kept"):
    """The firm's directory says from now on who is in the group and what it is called, or no longer."""

    group: int
    directory: bool


class GroupJoined(_Event, frozen=True, tag="group.joined"):
    group: int
    members: BitMap


class GroupLeft(_Event, frozen=True, tag="group.left"):
    group: int
    members: BitMap


class ClientsAdded(_Event, frozen=True, tag="clients.added"):
    """New clients with consecutive numbers and their engagements with consecutive numbers.

    `client_of` and `service_of` pack one little-endian 4-byte number per engagement.
    """

    first_client: int
    count: int
    first_engagement: int
    client_of: bytes
    service_of: bytes
    confidential: BitMap = msgspec.field(default_factory=BitMap)


class ClientMarked(_Event, frozen=True, tag="client.marked"):
    client: int
    confidential: bool


class ClientRemoved(_Event, frozen=True, tag="client.removed"):
    client: int
    at: Instant


class ClientRestored(_Event, frozen=True, tag="client.restored"):
    client: int


class EngagementAdded(_Event, frozen=True, tag="engagement.added"):
    engagement: int
    client: int
    service: int


class EngagementsAdded(_Event, frozen=True, tag="engagements.added"):
    """New engagements, with consecutive numbers, of clients that are there; packed as in `ClientsAdded`."""

    first_engagement: int
    client_of: bytes
    service_of: bytes


class EngagementRemoved(_Event, frozen=True, tag="engagement.removed"):
    """Grants on it go with it."""

    engagement: int


class GrantsSet(_Event, frozen=True, tag="grants.set"):
    """The same grant on many targets of one kind. `targets` is {0} for all clients."""

    subject: Subject
    kind: TargetKind
    targets: BitMap
    level: Level
    expires: Instant | None = None
    fee_split: int | None = None


class GrantsRemoved(_Event, frozen=True, tag="grants.removed"):
    """A group's exclusions from a service go with its grant on the service."""

    subject: Subject
    kind: TargetKind
    targets: BitMap


class ClientsExcluded(_Event, frozen=True, tag="clients.excluded"):
    group: int
    service: int
    clients: BitMap


class ClientsIncluded(_Event, frozen=True, tag="clients.included"):
    group: int
    service: int
    clients: BitMap


class DelegationSet(_Event, frozen=True, tag="delegation.set"):
    delegator: int
    delegate: int
    cap: Level = Level.OWNER
    expires: Instant | None = None
    cascades: bool = True


class DelegationRemoved(_Event, frozen=True, tag="delegation.removed"):
    delegator: int
    delegate: int


class DefaultsSet(_Event, frozen=True, tag="defaults.set"):
    """A member's own defaults, all of them."""

    member: int
    grants: list[DefaultGrant]


class WallSet(_Event, frozen=True, tag="wall.set"):
    """A wall as it stands from now on: raised or changed."""

    wall: int
    sides: tuple[Side, Side]


class WallLowered(_Event, frozen=True, tag="wall.lowered"):
    wall: int


class RequestOpened(_Event, frozen=True, tag="request.opened"):
    client: int
    member: int
    level: Level
    expires: Instant | None = None


class RequestClosed(_Event, frozen=True, tag="request.closed"):
    client: int
    member: int
    outcome: RequestOutcome


class TokenAdded(_Event, frozen=True, tag="token.added"):
    """A token for other software, which acts as `member`. Its name and addresses lie beside the chain."""

    token: int
    member: int
    scopes: Scope
    digest: bytes
    """SHA-256 of its text."""
    expires: Instant | None = None


class TokenRevoked(_Event, frozen=True, tag="token.revoked"):
    """For good: no token ever stands again."""

    token: int
    member: int


class NamesSet(_Event, frozen=True, tag="names.set"):
    """What the firm's other software calls types of resources and actions, all of it. No name of anybody."""

    names: SoftwareNames


class SuccessorSet(_Event, frozen=True, tag="successor.set"):
    """Who takes over where the directory deactivates somebody who cannot be done without; 0 for nobody."""

    member: int


class Described(_Event, frozen=True, tag="described"):
    """A name, reference or address changed; the text itself lies beside the chain."""

    thing: Thing
    number: int


class RecordOpened(_Event, frozen=True, tag="record.opened"):
    """A member was shown what is in a client's record. Changes nothing."""

    client: int
    reason: Reason | None = None
    """Of the highest level that they had on any of it. Older entries have none."""


class ExportTaken(_Event, frozen=True, tag="export.taken"):
    """A list was written to a file: which, and how many rows it has. Changes nothing."""

    what: Export
    rows: int


class AccessExpired(_Event, frozen=True, tag="access.expired"):
    """Access that had been given to end after `since`, and up to the entry's own time, has ended.

    Grants and delegations end by themselves (rules.md 2); this tells when. Changes nothing itself.
    """

    since: Instant


class WebhookNoted(_Event, frozen=True, tag="webhook.noted"):
    """The firm's events go to another address, or no longer do, or are signed anew. Changes nothing.

    The address itself lies beside the chain.
    """

    webhook: int
    did: WebhookStep


class DecisionLogSet(_Event, frozen=True, tag="decision_log.set"):
    """What the decision service answers about the firm is logged from now on, or not. Changes nothing."""

    on: bool
    days: int
    """For how many days it is kept."""


class SignInNoted(_Event, frozen=True, tag="sign_in.noted"):
    """How the firm's people sign in was changed. Changes nobody's access, and holds no secret."""

    did: SignInStep
    words: tuple[str, ...] = ()
    """What the step says: roles, networks, the name of a provider, a domain."""
    count: int = 0
    """How many, as the step says: days of grace, hours."""
    member: int = 0
    """Whom it is about; 0 for nobody in particular."""


class UserSeated(_Event, frozen=True, tag="user.seated"):
    """The member's place was given to a user, who signs in to it. Changes nobody's access.

    `user` is a digest of who that is (`access.ledger.chain.user_digest`).
    """

    member: int
    user: bytes


class EntryUndone(_Event, frozen=True, tag="entry.undone"):
    """The entry that this one stands in is the opposite of an earlier one. Changes nothing itself."""

    entry: int


class ByToken(_Event, frozen=True, tag="by.token"):
    """What this entry did, its actor's software did with a token. Changes nothing itself."""

    token: int


Event = (
    FirmCreated
    | ControlTurned
    | SettingsChanged
    | MemberAdded
    | MemberChanged
    | MemberDeactivated
    | MemberReactivated
    | ServiceAdded
    | ServiceRemoved
    | GroupCreated
    | GroupDeleted
    | GroupKept
    | GroupJoined
    | GroupLeft
    | ClientsAdded
    | ClientMarked
    | ClientRemoved
    | ClientRestored
    | EngagementAdded
    | EngagementsAdded
    | EngagementRemoved
    | GrantsSet
    | GrantsRemoved
    | ClientsExcluded
    | ClientsIncluded
    | DelegationSet
    | DelegationRemoved
    | DefaultsSet
    | WallSet
    | WallLowered
    | RequestOpened
    | RequestClosed
    | TokenAdded
    | TokenRevoked
    | NamesSet
    | SuccessorSet
    | Described
    | RecordOpened
    | ExportTaken
    | AccessExpired
    | WebhookNoted
    | DecisionLogSet
    | SignInNoted
    | UserSeated
    | EntryUndone
    | ByToken
)

NOTED: dict[type[Event], str] = {
    RecordOpened: "record.open",
    ExportTaken: "export.take",
    AccessExpired: "access.expire",
    WebhookNoted: "webhook.change",
    DecisionLogSet: "decision_log.set",
    SignInNoted: "sign_in.change",
}
"""What no command gives and what changes nothing, with the name that such an entry has in the ledger."""


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """Words about one thing, kept beside the chain: only the fields that the command states.

    Fields: firm name; member name, email, external, user_name; group name, external; service, wall name;
    client name, reference, kind; engagement reference; request reason (number: the client's, `member` the
    asker's); token name, beginning, addresses; entry reason; webhook address.
    """

    thing: Thing
    number: int
    fields: dict[str, str]
    member: int = 0


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a command does: all of it or nothing. `self_access` marks it as rules.md 5 asks."""

    events: tuple[Event, ...]
    texts: Sequence[Text] = ()
    """A tuple; of very many, `many_texts`."""
    self_access: bool = False


def _encode(value: object) -> object:
    if isinstance(value, BitMap):
        return base64.b64encode(value.serialize()).decode()
    raise TypeError(f"an event cannot hold {type(value).__name__}")


def _decode(kind: type, value: Any) -> object:
    if kind is BitMap:
        return BitMap.deserialize(base64.b64decode(value))
    raise TypeError(f"an event cannot hold {kind.__name__}")


_ENCODER = msgspec.json.Encoder(enc_hook=_encode, order="deterministic")
_DECODER = msgspec.json.Decoder(list[Event], dec_hook=_decode)


def encode_events(events: tuple[Event, ...]) -> bytes:
    """Events as canonical JSON: the same events always give the same bytes. Bitmaps are base64."""
    return _ENCODER.encode(events)


def decode_events(data: bytes) -> tuple[Event, ...]:
    """The events that `encode_events` wrote; raises `msgspec.ValidationError` for anything else."""
    return tuple(_DECODER.decode(data))


def unpacked(data: bytes) -> "array[int]":
    """Little-endian 4-byte numbers."""
    found = array("I")
    found.frombytes(data)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def packed(values: "array[int]") -> bytes:
    """What `unpacked` reads."""
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()
