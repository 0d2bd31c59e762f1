"""Checking the firms' own policies: after every change, when something ends or begins, and once a day.

What breaks or holds again is noted in the ledger, and administrators are told, in one transaction.
"""

import time
from contextlib import ExitStack

from ringfence.access import FirmNow
from ringfence.access.clock import clock
from ringfence.access.ledger.entries import changed_since
from ringfence.access.policing.watching import (
    Noted,
    firms_with_policies,
    looks_alike_until,
    note_policies,
)
from ringfence.notices import policies_noted

from .send_notice import tell

DAY = 24 * 3600 * 1_000_000
"""Microseconds after which a firm is looked at whatever has happened."""
LOOK_SECONDS = 2.0
"""How often it is asked whether anything has changed."""


class Policies:
    """What one process has looked at of all firms."""

    def __init__(self) -> None:
        self._looked_at: dict[int, tuple[int, int]] = {}
        """By firm, at which version, and until when that holds: microseconds since 1970 UTC."""
        self._next = 0.0

    def look(self) -> None:
        """Look at the firms in which something may have changed.

        A firm that cannot be looked at is a fault at the end: no other firm waits for it.
        """
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + LOOK_SECONDS
        with ExitStack() as all_firms:
            for firm, version in firms_with_policies():
                all_firms.callback(self._look_at, firm, version)

    def _look_at(self, firm: int, version: int) -> None:
        known, until = self._looked_at.get(firm, (0, 0))
        current = version == known or (known and not changed_since(firm, known))
        if current and clock() < until:
            # What was only noted since, such as records opened, changes nothing.
            self._looked_at[firm] = (version, until)
            return
        now = note_policies(firm, _tell)
        until = min(looks_alike_until(now), now.now + DAY)
        self._looked_at[firm] = (now.version, until)


def _tell(now: FirmNow, noted: Noted, entry: int) -> None:
    tell(now.firm, now.now, policies_noted.told(now, noted), entry=entry)
