"""What members tried and were refused, counted by member, day and kind: a log that nobody can flood.

It lies beside the ledger and decides nothing: where it cannot be written, what was refused stays refused.
"""

import logging
from enum import StrEnum

import msgspec
from django.db import transaction
from django.db.models import F
from pyroaring import BitMap

from ringfence.core.refusals import Refusal
from ringfence.core.terms import Instant
from ringfence.firms.models import RefusedAttempt
from ringfence.store.sources import StateUnavailable

from .clock import clock
from .connection import answering
from .open_firms import open_only

LOG = logging.getLogger(__name__)

DAY = 24 * 3600 * 1_000_000
"""Microseconds."""
KEPT = 400
"""Days after which it is forgotten."""

FOR_WANT_OF_A_RIGHT = frozenset({Refusal.NOT_PERMITTED, Refusal.ABOVE_OWN_LEVEL})
"""Refusals of a command that are told of: a name that is taken or a wrong date is no attempt at anything."""


class What(StrEnum):
    """What was tried where that is no command of rules.md 7."""

    OPEN_RECORD = "record.open"
    FORM = "form.send"
    """A form of a page that the member may not use."""


class RefusedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log."""

    day: int
    """Days since 1970 UTC."""
    member: int
    what: str
    """A command's name, or a `What`."""
    count: int
    last_at: Instant
    clients: BitMap
    """The firm's clients that were tried; none where it was about none, or about one that is not there."""


def note_refused(firm: int, *, member: int, what: str, client: int = 0) -> None:
    """Count one refused attempt; `client` is one that the firm has, else 0.

    Never raises: somebody is being refused, and must get that answer.
    """
    now = clock()
    try:
        with answering(), transaction.atomic():
            row, _made = RefusedAttempt.objects.select_for_update().get_or_create(
                firm_id=firm, day=now // DAY, member=member, what=what, defaults={"last_at": now}
            )
            clients = _clients(row)
            if client:
                clients.add(client)
            RefusedAttempt.objects.filter(pk=row.pk).update(
                count=F("count") + 1, last_at=now, clients=clients.serialize() if clients else b""
            )
    except StateUnavailable:
        LOG.warning("Firm %d: a refused attempt could not be counted", firm)


def refused_attempts(firm: int) -> list[RefusedLine]:
    """The firm's log, latest first."""
    rows = RefusedAttempt.objects.filter(firm=firm).order_by("-last_at", "member", "what")
    return [
        RefusedLine(
            day=row.day,
            member=row.member,
            what=row.what,
            count=row.count,
            last_at=Instant(row.last_at),
            clients=_clients(row),
        )
        for row in rows
    ]


def forget_old_attempts() -> None:
    """Forget what lies longer back than it is kept; nothing of a firm on its way to another database."""
    open_only(RefusedAttempt.objects.filter(day__lt=clock() // DAY - KEPT)).delete()


def _clients(row: RefusedAttempt) -> BitMap:
    return BitMap.deserialize(bytes(row.clients)) if row.clients else BitMap()
