"""Who could open a client between two instants: the entries in between, followed by the core."""

from collections.abc import Iterator

from ringfence.access.ledger.entries import entries
from ringfence.access.ledger.finding import Sought, find_entries
from ringfence.core.past.spans import EntryStep, Span, spans
from ringfence.core.terms import Instant

from .states import Told, WayThere, state_after, told_nobody, versions_at


def spans_between(
    firm: int, client: int, since: Instant, until: Instant, told: Told = told_nobody
) -> tuple[Span, ...]:
    """Every stretch of time from `since` up to `until` in which a member saw the client (rules.md 6).

    Raises `StateUnavailable`.
    """
    first, last = versions_at(firm, since, Instant(until - 1))
    before = state_after(firm, first, told)
    return spans(before, steps_between(firm, first, last, told), client, since, until)


def steps_between(firm: int, first: int, last: int, told: Told) -> Iterator[EntryStep]:
    """What each entry after `first` up to `last` did."""
    found = entries(firm, after=first, until=last, texts=False, noted=False)
    for done, entry in enumerate(found, start=1):
        told(done)
        yield EntryStep(entry.at, entry.events)


def entries_between(firm: int, since: Instant, until: Instant) -> int:
    """How many changes have to be gone through for what is asked between the two."""
    first, last = versions_at(firm, since, Instant(until - 1))
    return entries_after(WayThere(firm, first), last)


def entries_after(way: WayThere, last: int) -> int:
    """The same from the end of the way up to another entry."""
    found = find_entries(way.firm, last, Sought())
    return way.still_to_replay() + int(found.range_cardinality(way.version + 1, last + 1))
