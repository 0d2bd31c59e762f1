"""What can happen to a firm: the facts that a command writes to the ledger (rules.md 6, 7).

Events are numbers only: no name, address, reference or free text of anybody. What an event does to a state
is in `apply/`; which command gives which events is in `commands/`. The events themselves are in
modules by theme; here are their union, the change that a command gives, and their bytes.
"""

import base64
from collections.abc import Sequence
from typing import Any

import msgspec
from pyroaring import BitMap

from ringfence.core.terms import Thing

from .clients import (
    ClientMarked,
    ClientRemoved,
    ClientRestored,
    ClientsAdded,
    EngagementAdded,
    EngagementRemoved,
    EngagementsAdded,
)
from .emergency import EmergencyAcknowledged, EmergencyEnded, EmergencyOpened
from .firm import (
    ControlTurned,
    Described,
    FirmCreated,
    NamesSet,
    ServiceAdded,
    ServiceRemoved,
    SettingsChanged,
    SuccessorSet,
)
from .grants import (
    ClientsExcluded,
    ClientsIncluded,
    DefaultsSet,
    DelegationRemoved,
    DelegationSet,
    GrantsRemoved,
    GrantsSet,
    RequestClosed,
    RequestOpened,
)
from .noted import (
    NOTED,
    AccessExpired,
    ByToken,
    DecisionLogSet,
    EntryUndone,
    ExportTaken,
    PolicyNoted,
    ProofNoted,
    RecordOpened,
    SignInNoted,
    WallsTurned,
    WebhookNoted,
)
from .packing import packed, unpacked
from .people import (
    GroupCreated,
    GroupDeleted,
    GroupJoined,
    GroupKept,
    GroupLeft,
    MemberAdded,
    MemberChanged,
    MemberDeactivated,
    MemberReactivated,
    TokenAdded,
    TokenRevoked,
    UserSeated,
)
from .policies import (
    PolicyRemoved,
    PolicySet,
)
from .reviews import (
    ReviewClosed,
    ReviewDecided,
    ReviewExtended,
    ReviewHanded,
    ReviewScheduled,
    ReviewStarted,
    ReviewUnscheduled,
    ScheduledReviewBegun,
)
from .walls import (
    WallAcknowledged,
    WallLowered,
    WallSet,
)

__all__ = [
    "NOTED",
    "AccessExpired",
    "ByToken",
    "Change",
    "ClientMarked",
    "ClientRemoved",
    "ClientRestored",
    "ClientsAdded",
    "ClientsExcluded",
    "ClientsIncluded",
    "ControlTurned",
    "DecisionLogSet",
    "DefaultsSet",
    "DelegationRemoved",
    "DelegationSet",
    "Described",
    "EmergencyAcknowledged",
    "EmergencyEnded",
    "EmergencyOpened",
    "EngagementAdded",
    "EngagementRemoved",
    "EngagementsAdded",
    "EntryUndone",
    "Event",
    "ExportTaken",
    "FirmCreated",
    "GrantsRemoved",
    "GrantsSet",
    "GroupCreated",
    "GroupDeleted",
    "GroupJoined",
    "GroupKept",
    "GroupLeft",
    "MemberAdded",
    "MemberChanged",
    "MemberDeactivated",
    "MemberReactivated",
    "NamesSet",
    "PolicyNoted",
    "PolicyRemoved",
    "PolicySet",
    "ProofNoted",
    "RecordOpened",
    "RequestClosed",
    "RequestOpened",
    "ReviewClosed",
    "ReviewDecided",
    "ReviewExtended",
    "ReviewHanded",
    "ReviewScheduled",
    "ReviewStarted",
    "ReviewUnscheduled",
    "ScheduledReviewBegun",
    "ServiceAdded",
    "ServiceRemoved",
    "SettingsChanged",
    "SignInNoted",
    "SuccessorSet",
    "Text",
    "TokenAdded",
    "TokenRevoked",
    "UserSeated",
    "WallAcknowledged",
    "WallLowered",
    "WallSet",
    "WallsTurned",
    "WebhookNoted",
    "decode_events",
    "encode_events",
    "packed",
    "unpacked",
]

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
    | PolicySet
    | PolicyRemoved
    | WallAcknowledged
    | EmergencyOpened
    | EmergencyEnded
    | EmergencyAcknowledged
    | RequestOpened
    | RequestClosed
    | ReviewStarted
    | ReviewDecided
    | ReviewHanded
    | ReviewExtended
    | ReviewClosed
    | ReviewScheduled
    | ScheduledReviewBegun
    | ReviewUnscheduled
    | TokenAdded
    | TokenRevoked
    | NamesSet
    | SuccessorSet
    | Described
    | RecordOpened
    | ExportTaken
    | AccessExpired
    | WallsTurned
    | WebhookNoted
    | DecisionLogSet
    | SignInNoted
    | ProofNoted
    | PolicyNoted
    | UserSeated
    | EntryUndone
    | ByToken
)


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """Words about one thing, kept beside the chain: only the fields that the command states.

    Fields: firm name; member name, email, external, user_name; group name, external; service, wall, review
    name; client name, reference, kind; engagement reference; policy name, text; request reason
    (number: the client's, `member` the asker's); token name, beginning, addresses; entry reason;
    webhook address.
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
