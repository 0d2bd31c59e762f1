"""The events of a firm after a place, in order; each as the same CloudEvent whenever it is asked for."""

from collections.abc import Collection
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from ringfence.access.connection import answering
from ringfence.firms.models import Firm
from ringfence.store.sources import FirmUnknown

from .events import ChangeEvent, events_of
from .place import FeedPlace
from .walking import LedgerEnds, steps

FAMILIES = (
    "access",
    "client",
    "engagement",
    "member",
    "group",
    "service",
    "grant",
    "delegation",
    "defaults",
    "wall",
    "policy",
    "request",
    "review",
    "emergency",
    "control",
    "settings",
    "record",
    "export",
    "user",
    "token",
    "webhook",
    "firm",
    "entry",
    "names",
    "successor",
    "decision_log",
    "sign_in",
    "proof",
)
"""What events are about: the first word of what happened."""
MOST_WALKED = 500
"""Entries that are gone through at once, also where few of them are asked for."""
LARGE = 20_000
"""Members and clients that are named at once, at which no further event is taken."""


class ToldEvents(msgspec.Struct, frozen=True, kw_only=True):
    """Some events, and from where to go on."""

    events: tuple[ChangeEvent, ...]
    next: FeedPlace
    """Where to go on, also past what was not asked for."""
    version: int
    """The firm's version as it was looked at."""

    @property
    def more(self) -> bool:
        """Whether there is more to be told at once."""
        return self.next.entry < self.version


def told_after(
    firm: int, place: FeedPlace, *, limit: int, families: Collection[str] = frozenset()
) -> ToldEvents:
    """At most `limit` events after the place, of these families alone where any are named.

    Raises `LedgerEnds` for a place that the ledger does not reach, `FirmUnknown`, `StateUnavailable`.
    """
    uid, version = _firm(firm)
    if place.entry > version or (place.entry == version and place.events):
        raise LedgerEnds(f"firm {firm} is at {version}")
    moves = not families or "access" in families
    found: list[ChangeEvent] = []
    reached, size = place, 0
    for step in islice(steps(firm, after=place.entry), MOST_WALKED):
        events = events_of(firm, uid, step, moves=moves)
        for event in events[reached.events :]:
            if not families or event.family in families:
                if len(found) == limit or size > LARGE:
                    return ToldEvents(events=tuple(found), next=reached, version=version)
                found.append(event)
                size += _size(event)
            reached = event.done
        reached = FeedPlace(step.entry.number)
        if len(found) == limit:
            break
    return ToldEvents(events=tuple(found), next=reached, version=max(version, reached.entry))


def event_numbered(firm: int, entry: int, part: int) -> ChangeEvent | None:
    """That event of the firm once more, None where there is none such."""
    uid, version = _firm(firm)
    if not 0 < entry <= version:
        return None
    step = next(steps(firm, after=entry - 1), None)
    events = events_of(firm, uid, step, moves=part > 0) if step is not None else []
    return events[part] if part < len(events) else None


def as_cloudevent(event: ChangeEvent) -> bytes:
    """The event in the JSON format of CloudEvents 1.0."""
    # A dictionary of its own: the library writes into it, and keeps it.
    attributes: dict[str, Any] = {
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "time": datetime.fromtimestamp(event.at / 1_000_000, UTC),
        "datacontenttype": "application/json",
    }
    if event.subject:
        attributes["subject"] = event.subject
    return JSONFormat().write(CloudEvent(attributes, dict(event.data)))


def _size(event: ChangeEvent) -> int:
    return sum(len(value) for value in event.data.values() if isinstance(value, list))


def _firm(firm: int) -> tuple[str, int]:
    with answering():
        found = Firm.objects.filter(pk=firm).values_list("uid", "version").first()
    if found is None:
        raise FirmUnknown(f"no firm has the id {firm}")
    return str(found[0]), int(found[1])
