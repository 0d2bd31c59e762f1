"""Who could open a client between two instants, even for an hour: the times, the levels and the ways.

The obvious answer asks the specification at every instant at which anything changed or expired
(`tests/core/test_spans.py`). This one follows the events, and asks again only for whom one can matter.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

import msgspec

from ringfence.core.apply.apply import apply_all, touched_by
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.single import decide
from ringfence.core.decision.ways import Way, ways_on
from ringfence.core.events import Event
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level


class EntryStep(NamedTuple):
    """What one entry did, and when."""

    at: Instant
    events: tuple[Event, ...]


class SeenPart(NamedTuple):
    """One engagement of the client that the member saw, at which level and by which ways."""

    engagement: int
    level: Level
    ways: tuple[Way, ...]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """From `since` on, up to and without `until`, the member saw these engagements of the client so."""

    member: int
    since: Instant
    until: Instant
    level: Level
    """On the client as a whole: the lowest over its engagements, `Level.NONE` where one was closed."""
    parts: tuple[SeenPart, ...]
    of: int
    """How many engagements the client had."""


class _Stay(NamedTuple):
    since: Instant
    level: Level
    parts: tuple[SeenPart, ...]
    of: int


def spans(
    before: State, steps: Iterable[EntryStep], client: int, since: Instant, until: Instant
) -> tuple[Span, ...]:
    """Every stretch of time from `since` up to `until` in which a member saw the client, by when it began.

    `before` is the firm at `since`; `steps` are the entries after it, oldest first. What stood for no time at
    all, since another entry changed it at the same instant, is left out.
    """
    follower = _Follower(client)
    state, now = before, since
    follower.look(at(state, now), None)
    for instant, together in groupby(steps, key=lambda step: step.at):
        if instant >= until:
            break
        for moment in _expiries(state, now, instant):
            follower.look(moment, None)
        # What several entries did at one instant stood only as they left it.
        events = tuple(event for step in together for event in step.events)
        state, now = _stepped(follower, state, events, instant), instant
    for moment in _expiries(state, now, until):
        follower.look(moment, None)
    return follower.finished(until)


def spans_up_to(found: Iterable[Span], until: Instant) -> tuple[Span, ...]:
    """As far as they lie before `until`: what `spans` finds up to there, of those found up to a later one."""
    return tuple(
        span if span.until <= until else msgspec.structs.replace(span, until=until)
        for span in found
        if span.since < until
    )


def _expiries(state: State, now: Instant, end: Instant) -> Iterator[Moment]:
    """The state at each instant after `now` and before `end` at which something expires."""
    moment = at(state, now)
    while (expiry := moment.evaluation.until) < end:
        moment = at(state, expiry)
        yield moment


def _stepped(follower: "_Follower", state: State, events: tuple[Event, ...], now: Instant) -> State:
    """The state after the events, at which whoever they can matter to is looked at again."""
    touched = touched_by(state, events) if events else frozenset()
    after = apply_all(state, events)
    moment = at(after, now)
    # At an instant at which something expires anybody can be another one than before.
    expired = at(state, now).evaluation.since == now
    follower.look(moment, None if expired else touched)
    return after


class _Follower:
    """What each member has seen of the client so far."""

    def __init__(self, client: int) -> None:
        self._client = client
        self._stays: dict[int, _Stay] = {}
        self._done: list[Span] = []
        self._openness: tuple[tuple[int, bool], ...] | None = None

    def look(self, moment: Moment, members: frozenset[int] | None) -> None:
        """Ask again for these members, for all of them where None or where the client itself is another."""
        engagements = moment.state.register.engagements_of(self._client)
        openness = tuple((number, number in moment.open) for number in engagements)
        if openness != self._openness:
            self._openness, members = openness, None
        for member in moment.state.members if members is None else sorted(members):
            self._see(moment, member, engagements)

    def _see(self, moment: Moment, member: int, engagements: list[int]) -> None:
        decisions = [(number, decide(moment, member, number)) for number in engagements]
        parts = tuple(
            SeenPart(number, decision.level, ways_on(moment, member, number))
            for number, decision in decisions
            if decision.allowed
        )
        level = min((decision.level for _, decision in decisions), default=Level.NONE)
        stay = self._stays.get(member)
        if stay is not None and (stay.level, stay.parts, stay.of) == (level, parts, len(engagements)):
            return
        self._close(member, moment.now)
        if parts:
            self._stays[member] = _Stay(moment.now, level, parts, len(engagements))

    def _close(self, member: int, now: Instant) -> None:
        stay = self._stays.pop(member, None)
        if stay is not None and stay.since < now:
            self._done.append(
                Span(
                    member=member,
                    since=stay.since,
                    until=now,
                    level=stay.level,
                    parts=stay.parts,
                    of=stay.of,
                )
            )

    def finished(self, until: Instant) -> tuple[Span, ...]:
        for member in list(self._stays):
            self._close(member, until)
        return tuple(sorted(self._done, key=lambda span: (span.since, span.member, span.until)))
