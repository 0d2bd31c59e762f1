"""Which clients are new: asked of the ledger, which has the day on which each was added."""

from pyroaring import BitMap

from ringfence.access.connection import answering
from ringfence.access.firm_now import FirmNow
from ringfence.core.events import ClientsAdded
from ringfence.firms.models import LedgerEntry
from ringfence.store.body import decode_body

ADDING = ("client.add", "client.import")
"""The commands that add clients (rules.md 7)."""
DAY = 24 * 3600 * 1_000_000
"""Microseconds."""


def clients_since(firm_now: FirmNow, *, days: int) -> BitMap:
    """The clients that were added in the last so many days and are there.

    Numbers are given in order, so they are those from the first one on that was added since. Raises
    `StateUnavailable`.
    """
    since = firm_now.now - days * DAY
    rows = LedgerEntry.objects.filter(firm=firm_now.firm, command__in=ADDING, at__gte=since)
    with answering():
        body = rows.order_by("number").values_list("body", flat=True).first()
    if body is None:
        return BitMap()
    added = [each for each in decode_body(bytes(body)).events if isinstance(each, ClientsAdded)]
    return firm_now.clients - BitMap(range(min(each.first_client for each in added)))
