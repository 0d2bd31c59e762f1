"""Reading the ledgers for what people are told of: each such entry becomes mails, once.

The mails are handed over in the transaction that remembers the entry as told, so none is lost or doubled,
however many processes look.
"""

from collections.abc import Callable

from django.db import transaction
from django_tasks.base import Task

from ringfence.access.ledger.telling import Notable, firms_with_news, notable, note_told
from ringfence.notices import control_turned, self_access

from .enqueue import enqueue
from .send_control_turned import send_control_turned
from .send_self_access import send_self_access

NOTICES: tuple[tuple[Callable[[int, Notable], list[int]], Task[[int, int, int], None]], ...] = (
    (control_turned.readers, send_control_turned),
    (self_access.readers, send_self_access),
)
"""To whom an entry is told, and the mail."""
BEHIND = 1_000
"""Entries of no interest (records opened, mostly) after which the place is written down all the same."""


class Ledgers:
    """What one process has looked at of all ledgers."""

    def __init__(self) -> None:
        self._looked_at: dict[int, int] = {}

    def tell(self) -> None:
        """Hand over the mails for all that is new. Where nothing is, nothing is written."""
        for firm, told, version in firms_with_news():
            looked_at = self._looked_at.get(firm, 0)
            # A firm that was restored may be behind what this process has seen of it.
            after = looked_at if told < looked_at <= version else told
            if after == version:
                continue
            for entry in notable(firm, after=after, until=version):
                _tell(firm, entry)
                told = self._looked_at[firm] = entry.number
            if version - told > BEHIND:
                note_told(firm, version)
            self._looked_at[firm] = version


def _tell(firm: int, entry: Notable) -> None:
    told = [(work, member) for readers, work in NOTICES for member in readers(firm, entry)]
    with transaction.atomic():
        if note_told(firm, entry.number):
            for work, member in told:
                enqueue(work, firm, entry.number, member)
