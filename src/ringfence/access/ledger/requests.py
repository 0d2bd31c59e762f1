"""Requests for access: those that are open, and what became of the others, as the ledger has it.

Whether somebody may be told of a request is for whoever asks: members are of their own, and who may share the
client of all for it.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec
from pyroaring import BitMap

from ringfence.access.connection import answering
from ringfence.access.firm_now import FirmNow
from ringfence.access.undoing import COMMAND
from ringfence.core import events as e
from ringfence.core.terms import Instant, Level, Thing
from ringfence.firms.models import LedgerEntry, Request

from .entries import Entry, entries_numbered
from .mentions import entries_naming

REMINDER_DAYS = 2
"""Days after which those who may decide a request are reminded of it."""
LAPSE_DAYS = 14
"""Days after which a request that nobody has answered is declined by nobody."""
DAY = 24 * 60 * 60 * 1_000_000
"""Microseconds."""

_CLOSED = (
    "request.grant",
    "request.decline",
    "request.withdraw",
    "client.remove",
    "member.deactivate",
    COMMAND,
)
"""The commands of entries in which a request may be closed; undoing an entry may remove a client."""


class RequestState(StrEnum):
    """What has become of a request."""

    OPEN = "open"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    """Declined by nobody, since nobody answered in time."""


class RequestEnd(msgspec.Struct, frozen=True, kw_only=True):
    """How a request ended."""

    outcome: RequestState
    entry: int
    """The number of the entry that ended it."""
    at: Instant
    by: int | None
    """The member who did it; None for nobody."""
    reason: str
    """What was given as the reason; empty for none, or an erased one."""
    level: Level | None
    """What a grant has given; None where it gave nothing new, and for other ends."""
    expires: Instant | None


class AskedFor(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it was opened, with its end."""

    client: int
    member: int
    level: Level
    expires: Instant | None
    reason: str
    """Empty once it was erased."""
    opened: Instant
    entry: int
    """The number of the entry that opened it."""
    end: RequestEnd | None
    """None while it is open."""


class WaitingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request that waits for its answer, with its words."""

    client: int
    member: int
    level: Level
    expires: Instant | None
    reason: str
    opened: Instant


def open_requests(firm: int, pairs: Iterable[tuple[int, int]]) -> list[WaitingRequest]:
    """Those of these requests, by client and member, that wait for their answer; the oldest first.

    Raises `StateUnavailable`.
    """
    wanted = set(pairs)
    if not wanted:
        return []
    with answering():
        rows = Request.objects.filter(
            firm=firm,
            client__in={client for client, _member in wanted},
            member__in={member for _client, member in wanted},
        ).order_by("opened_at", "client", "member")
        return [
            WaitingRequest(
                client=row.client,
                member=row.member,
                level=Level(row.level),
                expires=None if row.expires is None else Instant(row.expires),
                reason=row.reason,
                opened=Instant(row.opened_at),
            )
            for row in rows
            if (row.client, row.member) in wanted
        ]


def requests_of(firm_now: FirmNow, member: int) -> BitMap:
    """The numbers of the entries by which the member has asked for clients. Raises `StateUnavailable`."""
    with answering():
        rows = LedgerEntry.objects.filter(
            firm=firm_now.firm, actor=member, command="request.open", number__lte=firm_now.version
        )
        return BitMap(rows.values_list("number", flat=True))


def asked_in(firm_now: FirmNow, member: int, numbers: Sequence[int]) -> list[AskedFor]:
    """What the member asked for by these entries of `requests_of`, the latest first."""
    if not numbers:
        return []
    wanted = set(numbers)
    found = entries_numbered(firm_now.firm, wanted | _ends(firm_now, member), texts=True)
    ends = [entry for entry in found if entry.number not in wanted]
    opened = [
        (entry, event)
        for entry in found
        if entry.number in wanted
        for event in entry.events
        if isinstance(event, e.RequestOpened)
    ]
    return [
        AskedFor(
            client=event.client,
            member=member,
            level=event.level,
            expires=event.expires,
            reason=_why(entry),
            opened=entry.at,
            entry=entry.number,
            end=_end_after(entry, ends, event.client, member),
        )
        for entry, event in reversed(opened)
    ]


def last_request(firm_now: FirmNow, client: int, member: int) -> AskedFor | None:
    """The member's latest request for the client, None where there was none. Raises `StateUnavailable`."""
    with answering():
        about = entries_naming(firm_now.firm, Thing.CLIENT, BitMap([client]))
    found = requests_of(firm_now, member) & about
    return asked_in(firm_now, member, [found.max()])[0] if found else None


def _why(opened: Entry) -> str:
    found = [text.fields for text in opened.texts if text.thing is Thing.REQUEST and text.fields]
    return found[0].get("reason", "") if found else ""


def _ends(firm_now: FirmNow, member: int) -> set[int]:
    """The numbers of the entries that may have closed a request of the member's."""
    with answering():
        rows = LedgerEntry.objects.filter(
            firm=firm_now.firm, command__in=_CLOSED, number__lte=firm_now.version
        )
        closing = BitMap(rows.values_list("number", flat=True))
        return set(closing & entries_naming(firm_now.firm, Thing.MEMBER, BitMap([member])))


def _end_after(opened: Entry, ends: Sequence[Entry], client: int, member: int) -> RequestEnd | None:
    for entry in ends:
        if entry.number <= opened.number:
            continue
        for event in entry.events:
            if isinstance(event, e.RequestClosed) and (event.client, event.member) == (client, member):
                return _end(opened, entry, event)
    return None


def _end(opened: Entry, entry: Entry, closed: e.RequestClosed) -> RequestEnd:
    outcome, by = RequestState(closed.outcome), entry.actor.member
    if outcome is RequestState.DECLINED and by is None and entry.at - opened.at >= LAPSE_DAYS * DAY:
        outcome = RequestState.LAPSED
    given = [
        event
        for event in entry.events
        if outcome is RequestState.GRANTED
        and isinstance(event, e.GrantsSet)
        and event.kind == "client"
        and closed.client in event.targets
    ]
    return RequestEnd(
        outcome=outcome,
        entry=entry.number,
        at=entry.at,
        by=by,
        reason=entry.reason,
        level=given[0].level if given else None,
        expires=given[0].expires if given else None,
    )
