"""Emergency access as the ledger has it: every opening, with how it ended and who acknowledged it.

Whether somebody may be told of one is for whoever asks (`access.emergencies`).
"""

from collections.abc import Iterable, Sequence

import msgspec
from pyroaring import BitMap

from ringfence.access.connection import answering
from ringfence.access.sql import rows_of
from ringfence.core import events as e
from ringfence.core.terms import Instant, Level, Thing
from ringfence.firms.models import LedgerEntry

from .entries import Entry, entries_numbered
from .mentions import entries_naming

OPENING = "emergency.open"
_PAIR = (Thing.CLIENT, Thing.MEMBER)


class EmergencyStep(msgspec.Struct, frozen=True, kw_only=True):
    """How an opening ended, or that it was acknowledged: when and by whom."""

    entry: int
    at: Instant
    by: int | None
    """The member who did it; None for the clock and the operator."""
    note: str
    """The reason of the entry, which of an acknowledgement is its note; empty for none or an erased one."""


class EmergencyOpening(msgspec.Struct, frozen=True, kw_only=True):
    """One opening of a client in an emergency."""

    entry: int
    client: int
    member: int
    level: Level
    at: Instant
    expires: Instant
    reason: str
    """Empty once it was erased."""
    ended: EmergencyStep | None
    """None while the grant stands."""
    acknowledged: EmergencyStep | None


def opening_entries(firm: int, *, until: int, since: Instant | None = None) -> BitMap:
    """The numbers of the entries up to and with `until` by which clients were opened in an emergency."""
    with answering():
        rows = LedgerEntry.objects.filter(firm=firm, command=OPENING, number__lte=until)
        if since is not None:
            rows = rows.filter(at__gte=since)
        return BitMap(rows.values_list("number", flat=True))


def openings_of(firm: int, *, until: int) -> list[tuple[int, int, int]]:
    """Entry, client and member of every opening up to and with the entry `until`, the latest first.

    From the index of the ledger alone, in one statement: an opening names one client and one member, and no
    entry is read for it.
    """
    named = ", ".join(f"max(CASE WHEN m.thing = '{thing.value}' THEN m.first END)" for thing in _PAIR)
    with answering():
        return rows_of(
            f"SELECT e.number, {named} FROM firms_ledgerentry e"
            " JOIN firms_ledgermention m ON m.firm_id = e.firm_id AND m.entry = e.number"
            " WHERE e.firm_id = %s AND e.command = %s AND e.number <= %s"
            " GROUP BY e.number ORDER BY e.number DESC",
            *(firm, OPENING, until),
        )


def emergencies_in(firm: int, numbers: BitMap, *, until: int) -> list[EmergencyOpening]:
    """What these entries opened, the latest first, as it stands after the entry `until`."""
    opened = _opened(firm, numbers)
    later: dict[tuple[int, int], list[tuple[Entry, e.Event]]] = {}
    for entry in _later(firm, [event for _, event in opened], until):
        for event in entry.events:
            if isinstance(event, e.EmergencyEnded | e.EmergencyAcknowledged):
                later.setdefault((event.client, event.member), []).append((entry, event))
    return [
        _opening(entry, event, later.get((event.client, event.member), ()))
        for entry, event in reversed(opened)
    ]


def _opened(firm: int, numbers: BitMap) -> list[tuple[Entry, e.EmergencyOpened]]:
    """In the order of the ledger; an entry opens one client."""
    return [
        (entry, event)
        for entry in (entries_numbered(firm, set(numbers)) if numbers else ())
        for event in entry.events
        if isinstance(event, e.EmergencyOpened)
    ]


def _later(firm: int, opened: Sequence[e.EmergencyOpened], until: int) -> list[Entry]:
    """The entries that name one of the clients together with one of the members."""
    if not opened:
        return []
    clients, members = BitMap([one.client for one in opened]), BitMap([one.member for one in opened])
    with answering():
        both = entries_naming(firm, Thing.CLIENT, clients) & entries_naming(firm, Thing.MEMBER, members)
        rows = LedgerEntry.objects.filter(firm=firm, number__in=list(both), number__lte=until)
        numbers = set(rows.values_list("number", flat=True))
    return entries_numbered(firm, numbers)


def _opening(
    entry: Entry, event: e.EmergencyOpened, later: Iterable[tuple[Entry, e.Event]]
) -> EmergencyOpening:
    """The next end and the next acknowledgement of the pair are this one's."""
    ended = acknowledged = None
    for other, what in later:
        if other.number <= entry.number:
            continue
        if isinstance(what, e.EmergencyEnded):
            ended = ended or _step(other)
        else:
            acknowledged = acknowledged or _step(other)
    return EmergencyOpening(
        entry=entry.number,
        client=event.client,
        member=event.member,
        level=event.level,
        at=event.at,
        expires=event.expires,
        reason=entry.reason,
        ended=ended,
        acknowledged=acknowledged,
    )


def _step(entry: Entry) -> EmergencyStep:
    return EmergencyStep(entry=entry.number, at=entry.at, by=entry.actor.member, note=entry.reason)
