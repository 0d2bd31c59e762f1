"""What happens to emergency access to clients (rules.md 10)."""

from ringfence.core.terms import Instant, Level

from .base import EventBase


class EmergencyOpened(EventBase, frozen=True, tag="emergency.opened"):
    """A grant of the member's own, marked *emergency*. One that ended before and waits stays listed in it."""

    client: int
    member: int
    level: Level
    at: Instant
    expires: Instant


class EmergencyEnded(EventBase, frozen=True, tag="emergency.ended"):
    """The grant is removed: it assigns no longer. It stays listed until it is acknowledged."""

    client: int
    member: int


class EmergencyAcknowledged(EventBase, frozen=True, tag="emergency.acknowledged"):
    client: int
    member: int
