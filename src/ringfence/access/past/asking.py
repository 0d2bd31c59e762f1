"""The two questions about the past, as pages ask them: answered, or being worked out."""

from ringfence.access.firm_now import FirmNow
from ringfence.core.decision.moment import at as moment_at
from ringfence.core.past.spans import Span, spans_up_to
from ringfence.core.terms import Instant

from .between import entries_between, spans_between
from .states import WayThere, change_at, close_after, place_of, version_at
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
    close = close_after(until)
    last = place_of(firm, change_at(firm, Instant(close - 1)))
    found = asked(
        ("between", last, client, since, close),
        entries_between(firm, since, close),
        lambda told: spans_between(firm, client, since, close, told),
    )
    return found if isinstance(found, Working) else spans_up_to(found, until)
