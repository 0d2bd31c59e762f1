"""The instant of what is asked or changed: one rule for reading and for writing.

The clocks of two machines differ, and one may be set back. The ledger never runs backwards, and what a change
has seen to be expired must not count again: so nothing is asked of an instant before the last entry. Where
that is dated in the future, time stands still until then, and doctor, verify and the log say so.
"""

import logging
import time

from ringfence.core.terms import Instant
from ringfence.firms.models import Firm

LOG = logging.getLogger(__name__)

AHEAD = 60_000_000
"""Microseconds that the last entry may be ahead of the clock: so much do clocks of good machines differ."""
SECONDS = 600.0
"""Between two lines in the log about the same firm."""

_told: dict[int, float] = {}
"""When the log last spoke of a firm, in seconds of this process's own."""


def clock() -> Instant:
    """What this machine's clock says."""
    return Instant(time.time_ns() // 1000)


def instant_of(firm: int, last: Instant) -> Instant:
    """The instant of what is asked or changed now: the later of the clock and the firm's `last` entry."""
    now = clock()
    if last <= now:
        return now
    _tell(firm, last)
    return last


def instant_for(firm: Firm) -> Instant:
    """The same for a firm's row that was just read."""
    return instant_of(firm.pk, Instant(firm.changed_at))


def future_text(last: Instant) -> str:
    """What is to be said where the last entry is dated in the future, else an empty text."""
    if last <= clock() + AHEAD:
        return ""
    when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(last / 1_000_000))
    return (
        f"The last entry is dated {when}, later than this machine's clock: until then time stands still in"
        " the firm. See docs/run.md, The clock."
    )


def _tell(firm: int, last: Instant) -> None:
    now = time.monotonic()
    if now - _told.get(firm, -SECONDS) >= SECONDS and (text := future_text(last)):
        _told[firm] = now
        LOG.warning("Firm %d: %s", firm, text)
