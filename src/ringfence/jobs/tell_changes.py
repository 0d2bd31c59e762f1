"""Reading the ledgers for what people are told of: each such entry becomes notices, once.

They are handed over in the transaction that remembers the entry as told, so none is lost or doubled,
however many processes look.
"""

from django.db import transaction

from ringfence.access.ledger.telling import Notable, firms_with_news, notable, note_told
from ringfence.notices.kinds import FROM_THE_LEDGER

from .send_notice import tell

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
    new = [notice for told in FROM_THE_LEDGER for notice in told(firm, entry)]
    with transaction.atomic():
        if note_told(firm, entry.number):
            tell(firm, entry.at, new, entry=entry.number)
