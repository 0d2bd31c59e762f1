"""The two questions about the past, as pages ask them: answered, or being worked out."""

from ringfence.access.firm_now import FirmNow
from ringfence.core.decision.moment import at as moment_at
from ringfence.core.past.spans import Span
from ringfence.core.terms import Instant

from .between import entries_between, spans_between
from .states import WayThere, place_of, version_at
from .working import Working, asked


def ask_then(firm: int, at: Instant) -> FirmNow | Working | None:
    """The firm as it was at an instant; None where it was not there yet. Raises `StateUnavailable`."""
    version = version_at(firm, at)
    if not version:
        return None
    way = WayThere(firm, version)
    # The instant within the state costs nothing.
    found = asked(("then", place_of(firm, version)), way.still_to_replay(), way.state)
    if isinstance(found, Working):
        return found
    return FirmNow(firm=firm, version=version, moment=moment_at(found, at))


def ask_between(firm: int, client: int, since: Instant, until: Instant) -> tuple[Span, ...] | Working:
    """Who could open the client from `since` up to `until`. Raises `StateUnavailable`."""
    last = place_of(firm, version_at(firm, Instant(until - 1)))
    return asked(
        ("between", last, client, since, until),
        entries_between(firm, since, until),
        lambda told: spans_between(firm, client, since, until, told),
    )
