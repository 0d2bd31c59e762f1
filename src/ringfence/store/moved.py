"""Firms that have moved to another database, as the one they left knows it; and that one is closed meanwhile.

Written by `access.moving`. Who asks at the old place is told where the firm is, and nothing else of it.
"""

from .databases import DatabasesFault, addresses
from .sources import Source, StateUnavailable

CLOSED = "ringfence: the firm is on its way to another database"
"""What the databases' triggers say of a change that they refuse."""
RETRY_SECONDS = 30
"""When to try again while a firm is on its way."""


class FirmClosed(StateUnavailable):
    """The firm is on its way to another database: nothing of it can be changed until it is there."""


class FirmMoved(Exception):
    """The firm is in another database of this deployment."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the firm has moved to {name}")
        self.name = name
        """What the database is called."""

    @property
    def address(self) -> str:
        """Where people reach it; empty where nobody has said so."""
        try:
            return addresses().get(self.name, "")
        except DatabasesFault:
            return ""


def moved_to(source: Source, firm: int) -> FirmMoved | None:
    """Where the firm of that number is now, if it has been here. Lets the driver's errors through."""
    found = source.rows("SELECT place FROM firms_firmmove WHERE number = ? AND state = 'left'", firm)
    return FirmMoved(found[0][0]) if found else None


def key_moved_to(source: Source, digest: bytes) -> FirmMoved | None:
    """The same for the firm whose token, invitation or provider has this digest (SHA-256)."""
    found = source.rows("SELECT number FROM firms_movedkey WHERE digest = ?", digest)
    return moved_to(source, found[0][0]) if found else None
