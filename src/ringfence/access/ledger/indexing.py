"""Making the index of a ledger, once, where it was begun before ledgers had one."""

from django.db import transaction

from ringfence.access.connection import answering, plain
from ringfence.access.door import STATES, lock
from ringfence.firms.models import Firm, LedgerEntry, LedgerMention
from ringfence.store.body import decode_body

from .mentions import mentions_of, write_mentions

PAGE = 500
"""Entries read at once."""


def index_ledgers() -> int:
    """Make the index of each firm that has entries from before there was one; how many those were.

    Raises `StateUnavailable`.
    """
    with answering():
        waiting = [firm.pk for firm in Firm.objects.order_by("pk") if firm.indexed < firm.version]
    for firm in waiting:
        _index(firm)
    return len(waiting)


def _index(firm: int) -> None:
    with answering(), transaction.atomic():
        row = lock(firm)
        register = STATES.current(plain(), firm).state.register
        LedgerMention.objects.filter(firm=firm, entry__gt=row.indexed).delete()
        number = row.indexed
        while page := list(
            LedgerEntry.objects.filter(firm=firm, number__gt=number).order_by("number")[:PAGE]
        ):
            for entry in page:
                events = decode_body(bytes(entry.body)).events
                write_mentions(firm, entry.number, mentions_of(events, register))
            number = page[-1].number
        Firm.objects.filter(pk=firm).update(indexed=number)
