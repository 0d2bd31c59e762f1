"""A firm's access facts written plainly: one row per grant, sets and dictionaries, nothing compiled.

The slow and obvious form that `decide.py` decides on and that tests compare compiled states with.
Not for firms of real size.
"""

import msgspec

from ringfence.core.review_schedule import ScheduledReview
from ringfence.core.review_values import Review
from ringfence.core.settings import Settings
from ringfence.core.statements import Policy
from ringfence.core.terms import Instant, Level, Subject, Target
from ringfence.core.values import (
    DefaultGrant,
    Delegation,
    Emergency,
    Member,
    Request,
    SoftwareNames,
    Token,
    Wall,
)


class Engagement(msgspec.Struct, frozen=True, kw_only=True):
    client: int
    service: int


class Client(msgspec.Struct, frozen=True, kw_only=True):
    confidential: bool = False
    removed_at: Instant | None = None


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """One subject's grant on one target, as it stands."""

    subject: Subject
    target: Target
    level: Level
    expires: Instant | None = None
    fee_split: int | None = None
    """Hundredths of a per cent."""
    excluded: frozenset[int] = frozenset()
    """Client numbers that a group's grant on a service leaves out."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that access is decided on. Keys are the firm's numbers.

    `groups` holds Everyone (1) with all active members. `engagements` holds those of removed clients too
    (their client has `removed_at`), but no engagement that was removed on its own.
    """

    settings: Settings
    was_on: bool
    """Control has been on at some time (rules.md 3, `on_activation`)."""
    members: dict[int, Member]
    groups: dict[int, frozenset[int]]
    services: frozenset[int]
    clients: dict[int, Client]
    engagements: dict[int, Engagement]
    grants: frozenset[Grant]
    delegations: dict[tuple[int, int], Delegation]
    """By delegator and delegate."""
    walls: dict[int, Wall]
    requests: dict[tuple[int, int], Request]
    """By client and asking member."""
    defaults: dict[int, tuple[DefaultGrant, ...]]
    """By the member whose defaults they are."""
    emergencies: dict[tuple[int, int], Emergency] = {}
    """By client and member. Apart from `grants`, which do not have them."""
    tokens: dict[int, Token] = {}
    """Those that nobody has revoked."""
    names: SoftwareNames = SoftwareNames()
    kept: frozenset[int] = frozenset()
    """The groups that the firm's directory keeps."""
    reviews: dict[int, Review] = {}
    schedules: dict[int, ScheduledReview] = {}
    """Those that are open."""
    successor: int = 0
    """Who takes over where the directory deactivates somebody who cannot be done without; 0 for nobody."""
    policies: dict[int, Policy] = {}
