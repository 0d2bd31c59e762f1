"""What members are told by the clock: requests that wait, and access that ends soon.

Each firm remembers up to which instant that was done (`Firm.reminded`, `Firm.warned`); the mark moves in the
transaction that hands the notices down, so each is told once, however many processes look.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec
from django.db.models import QuerySet

from ringfence.core.commands.definitions import DeclineRequest
from ringfence.core.refusals import Refused
from ringfence.core.terms import Instant, Level, Target, member_subject
from ringfence.firms.models import Firm, Request

from .actor import OPERATOR
from .door import Beside, execute, firm_state
from .firm_now import FirmNow
from .ledger.requests import DAY, LAPSE_DAYS, REMINDER_DAYS
from .notices import MOST_KEPT, EndKey, NewNotice, NoticeFacts, NoticeKind, notices_of_kind
from .reading import refused_sharing

WARNING_DAYS = 7
"""Days before which members are told of access of theirs that ends."""
LAST_DAYS = 1
"""Days before which they are told of what was given for less than that, and so has not been told."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """Access that ends: a grant of the member's own, or what somebody delegates to them."""

    target: Target | None
    """On what the grant is; None for a delegation."""
    giver: int
    """Who delegates; 0 for a grant."""
    expires: Instant

    @property
    def key(self) -> EndKey:
        """As a notice keeps it."""
        if self.target is None:
            return ("delegation", self.giver, self.expires)
        return (self.target.kind, self.target.number, self.expires)


def endings(now: FirmNow, member: int, since: Instant, until: Instant) -> list[Ending]:
    """What of the member's access counts now and ends after `since`, until `until`; soonest first."""
    held = now.grants_of(member_subject(member))
    found = [
        Ending(target=target, giver=0, expires=expires)
        for target, expires in held.expires.items()
        if held.level_on(target) is not Level.BLOCKED
    ]
    if now.settings.delegation:
        found += [
            Ending(target=None, giver=giver, expires=made.expires)
            for (giver, taker), made in now.delegations.items()
            if taker == member and made.expires is not None
        ]
    return sorted(
        (each for each in found if max(since, now.now) < each.expires <= until), key=lambda each: each.expires
    )


class ToldUntil(StrEnum):
    """Up to which instant a firm was told by the clock: a column of its row."""

    REMINDED = "reminded"
    WARNED = "warned"


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be told by the clock now."""

    firm: int
    mark: ToldUntil
    was: Instant
    until: Instant
    at: Instant
    new: tuple[NewNotice, ...]


def look_for_due(firm: int, mark: ToldUntil) -> Due:
    """Whom of the firm to tell of what has come since the mark. Nothing is locked or written."""
    now = firm_state(firm)
    was = Instant(Firm.objects.values_list(mark.value, flat=True).get(pk=firm))
    if mark is ToldUntil.REMINDED:
        until = Instant(now.now - REMINDER_DAYS * DAY)
        new = _reminders(now, was, until)
    else:
        until = Instant(now.now + WARNING_DAYS * DAY)
        new = _warnings(now, was, until)
    return Due(firm=firm, mark=mark, was=was, until=until, at=now.now, new=tuple(new))


def move_mark(due: Due) -> bool:
    """Move the mark within the caller's transaction; False where it is not where it was any more."""
    if due.until <= due.was:
        return False
    rows = Firm.objects.filter(pk=due.firm, **{due.mark.value: due.was})
    return bool(rows.update(**{due.mark.value: due.until}))


def _warnings(now: FirmNow, was: Instant, until: Instant) -> Iterator[NewNotice]:
    """Who is told of what ends after the mark, and on its last day of what was given too late for that."""
    last = min(was, Instant(now.now + LAST_DAYS * DAY))
    ending = {
        member: found for member in now.active_members if (found := endings(now, member, now.now, until))
    }
    late = [member for member, found in ending.items() if found[0].expires <= last]
    told = _told_to_end(now, late)
    for member, found in ending.items():
        new = [
            each
            for each in found
            if each.expires > was or (each.expires <= last and not told.get(member, ToldEnds()).has(each))
        ]
        if new:
            keys = tuple(each.key for each in new) if len(new) <= MOST_KEPT else ()
            facts = NoticeFacts(since=Instant(new[0].expires - 1), until=new[-1].expires, ends=keys)
            yield NewNotice(member=member, kind=NoticeKind.ACCESS_ENDS, facts=facts)


class ToldEnds:
    """What a member has been told to end."""

    def __init__(self) -> None:
        self._keys: set[EndKey] = set()
        self._stretches: list[tuple[Instant, Instant]] = []

    def add(self, facts: NoticeFacts) -> None:
        if facts.ends:
            self._keys.update(facts.ends)
        else:
            self._stretches.append((facts.since, facts.until))

    def has(self, ending: Ending) -> bool:
        stretches = self._stretches
        return ending.key in self._keys or any(since < ending.expires <= until for since, until in stretches)


def _told_to_end(now: FirmNow, members: list[int]) -> dict[int, ToldEnds]:
    """What these members were told to end within the days of a warning."""
    found: dict[int, ToldEnds] = {}
    if members:
        since = now.now - (WARNING_DAYS + LAST_DAYS) * DAY
        kind = NoticeKind.ACCESS_ENDS
        for notice in notices_of_kind(now.firm, members, kind, since=Instant(since)):
            found.setdefault(notice.member, ToldEnds()).add(notice.facts)
    return found


def _reminders(now: FirmNow, was: Instant, until: Instant) -> Iterator[NewNotice]:
    if not now.settings.requests:
        return
    rows = Request.objects.filter(firm=now.firm, opened_at__gt=was, opened_at__lte=until)
    for client, asker in rows.values_list("client", "member"):
        facts = NoticeFacts(client=client, asker=asker)
        for member in sharers(now, client, beside=asker):
            yield NewNotice(member=member, kind=NoticeKind.REQUEST_WAITS, facts=facts)


def sharers(now: FirmNow, client: int, *, beside: int) -> Iterator[int]:
    """The active members who may share the client and so decide a request for it, but whoever asks."""
    target = Target("client", client)
    return (
        member
        for member in now.active_members
        if member != beside and refused_sharing(now, member, target) is None
    )


def lapse_requests(firm: int, reason: str) -> int:
    """Decline the requests that nobody answered in time, in nobody's name; how many those were.

    May be done by several at once: a request that is closed meanwhile, or was opened anew, is passed over.
    """
    now = firm_state(firm)
    if not now.settings.requests:
        return 0
    late = Request.objects.filter(firm=firm, opened_at__lte=now.now - LAPSE_DAYS * DAY)
    lapsed = 0
    for client, member in list(late.order_by("opened_at").values_list("client", "member")):
        decline = DeclineRequest(client=client, member=member, reason=reason)
        still_late = _StillLate(late.filter(client=client, member=member))
        try:
            execute(firm, decline, actor=OPERATOR, beside=still_late)
        except (Refused, _NotLate):
            continue
        lapsed += 1
    return lapsed


class _NotLate(Exception):
    """The request has been closed, or is another one by now."""


class _StillLate(Beside):
    """Under the firm's lock: that it is still the request that nobody answered in time."""

    def __init__(self, request: QuerySet[Request]) -> None:
        self._request = request

    def before(self, version: int) -> None:
        if not self._request.exists():
            raise _NotLate
