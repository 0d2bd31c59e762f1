"""The security log of each firm: sign-ins, failures, and changes of how somebody signs in.

It lies apart from the ledger of access and decides nothing: where it cannot be written, whatever happened has
happened all the same. What goes well stands there one by one, what fails is counted by member, kind, hour and
where it came from. Beyond `MOST_OF_A_DAY` lines of one member and kind, all the rest of the day is one line,
so that nobody floods it.
"""

import json
import logging
import secrets
from collections.abc import Hashable, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from threading import Lock

import msgspec
from django.db import connection, transaction
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from ringfence.core.terms import Instant
from ringfence.firms.models import Member, SecurityEvent
from ringfence.store.sources import StateUnavailable

from .clock import clock
from .connection import answering

LOG = logging.getLogger(__name__)

HOUR = 3600 * 1_000_000
DAY = 24 * HOUR
"""Microseconds."""
MOST_OF_A_DAY = 40
"""Lines of one member and one kind."""
NO_FIRM = 0
"""Under it is counted, by the day, what was tried with addresses that nobody has."""


class SecurityKind(StrEnum):
    """What happened. Each has its sentence in `wording/security_log.py`."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    """A wrong password."""
    SIGN_IN_LIMITED = "sign_in_limited"
    """Not even looked at, since there were too many attempts."""
    SIGN_IN_REFUSED = "sign_in_refused"
    """It was them, and they may not: ``why`` says the reason."""
    SECOND_STEP_FAILED = "second_step_failed"
    SIGN_OUT = "sign_out"
    SESSIONS_ENDED = "sessions_ended"
    """All others of theirs, by them or with what they changed."""
    CONFIRMED = "confirmed"
    """They showed once more that it is them."""
    CONFIRM_FAILED = "confirm_failed"
    PASSWORD_LINK_SENT = "password_link_sent"
    PASSWORD_SET = "password_set"
    """With a link: of an invitation, or one that was asked for."""
    PASSWORD_CHANGED = "password_changed"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    CODES_MADE = "codes_made"
    """New recovery codes."""
    CODE_USED = "code_used"
    """A recovery code."""
    ADDRESS_ASKED = "address_asked"
    """Another address to sign in with was asked for."""
    ADDRESS_CHANGED = "address_changed"
    KEPT_PASSWORD_USED = "kept_password_used"
    """They came into a firm that requires its provider, with the password that is kept for it."""


FAILURES = frozenset(
    {
        SecurityKind.SIGN_IN_FAILED,
        SecurityKind.SIGN_IN_LIMITED,
        SecurityKind.SIGN_IN_REFUSED,
        SecurityKind.SECOND_STEP_FAILED,
        SecurityKind.CONFIRM_FAILED,
    }
)
"""Those that did not go well."""


class SeenFrom(msgspec.Struct, frozen=True, kw_only=True):
    """Where something came from, as far as it is known."""

    address: str = ""
    """An IP address."""
    browser: str = ""
    system: str = ""


NOWHERE = SeenFrom()


class _Often:
    """How often each thing has failed in this hour, in this process: what fails without end writes seldom.

    The first `ONE_BY_ONE` are written as they come, then each `AT_ONCE`th with those before it, so that a
    count may lack a few and a flood costs no write each.
    """

    ONE_BY_ONE, AT_ONCE = 20, 50
    MOST = 10_000
    """Things that are counted."""

    def __init__(self) -> None:
        self._counts: dict[Hashable, int] = {}
        self._lock = Lock()

    def to_add(self, what: Hashable) -> int:
        """By how many the line is to grow now; 0 for not yet."""
        with self._lock:
            if len(self._counts) >= self.MOST:
                self._counts.clear()
            count = self._counts[what] = self._counts.get(what, 0) + 1
        beyond = count - self.ONE_BY_ONE
        if beyond <= 0:
            return 1
        return 0 if beyond % self.AT_ONCE else self.AT_ONCE


_OFTEN = _Often()


class _Place(msgspec.Struct, frozen=True):
    firm: int
    member: int
    lines: int
    """Of the same kind, today."""


def note(
    kind: SecurityKind,
    *,
    user: int | None = None,
    firm: int | None = None,
    member: int = 0,
    source: SeenFrom = NOWHERE,
    details: Mapping[str, str] | None = None,
) -> None:
    """Write down what happened to a user, in each firm in which they have an active place.

    Without any active place it is all firms in which they have one. In place of `user`, `firm` and `member`
    say one place; member 0 is nobody of the firm. `details` are short words, never a secret. Never raises:
    what happened has happened.
    """
    now = clock()
    often = _OFTEN.to_add((kind, user, firm, member, source, now // HOUR)) if kind in FAILURES else 1
    if not often:
        return
    try:
        with answering(), transaction.atomic():
            found = _places(user, kind, now) if firm is None else [_place(firm, member, kind, now)]
            if not found:
                # As much is written as for somebody, so that the time it takes tells nobody apart.
                found, source, details = [_Place(NO_FIRM, 0, MOST_OF_A_DAY)], NOWHERE, None
            said = json.dumps(details, sort_keys=True) if details else ""
            _write([_row(kind, place, often, now, source, said) for place in found])
    except StateUnavailable:
        LOG.warning("%s of user %s could not be noted in the security log", kind.value, user)


def _places(user: int | None, kind: SecurityKind, now: Instant) -> list[_Place]:
    rows = Member.objects.filter(user=user or 0).annotate(lines=_lines_today(kind, now))
    found = list(rows.values_list("firm", "number", "lines", "active"))
    active = [row for row in found if row[3]] or found
    return [_Place(*row[:3]) for row in active]


def _lines_today(kind: SecurityKind, now: Instant) -> Coalesce:
    of_member = SecurityEvent.objects.filter(
        firm=OuterRef("firm"), member=OuterRef("number"), kind=kind.value, last_at__gte=now - now % DAY
    )
    counted = of_member.order_by().values("member").annotate(lines=Count("slot")).values("lines")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _place(firm: int, member: int, kind: SecurityKind, now: Instant) -> _Place:
    today = SecurityEvent.objects.filter(
        firm=firm, member=member, kind=kind.value, last_at__gte=now - now % DAY
    )
    return _Place(firm, member, today.count())


_COLUMNS = (
    "firm_id",
    "slot",
    "member",
    "kind",
    "count",
    "first_at",
    "last_at",
    "address",
    "browser",
    "system",
    "details",
)


_Row = tuple[int | str, ...]


def _write(rows: Sequence[_Row]) -> None:
    marks = ", ".join(f"({', '.join(['%s'] * len(_COLUMNS))})" for _row in rows)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO firms_securityevent ({', '.join(_COLUMNS)}) VALUES {marks}"
            " ON CONFLICT (firm_id, slot) DO UPDATE"
            " SET count = firms_securityevent.count + excluded.count, last_at = excluded.last_at",
            [value for row in rows for value in row],
        )


def _row(kind: SecurityKind, place: _Place, count: int, now: Instant, source: SeenFrom, details: str) -> _Row:
    if place.lines >= MOST_OF_A_DAY:
        source, details = NOWHERE, json.dumps({"more": "1"})
        slot = _slot(place.member, kind, now // DAY)
    elif kind in FAILURES:
        slot = _slot(place.member, kind, now // HOUR, *msgspec.structs.astuple(source), details)
    else:
        slot = secrets.randbits(63)
    where = (source.address[:45], source.browser, source.system)
    return (place.firm, slot, place.member, kind.value, count, now, now, *where, details)


def _slot(*counted: int | str) -> int:
    """Where what is counted together lies: 63 bits of a digest."""
    return int.from_bytes(sha256(json.dumps(counted).encode()).digest()[:8]) >> 1
