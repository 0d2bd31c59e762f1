"""Reading the ledgers for what people are told of: each such entry becomes notices, once.

They are handed over in the transaction that remembers the entry as told, so none is lost or doubled,
however many processes look.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import groupby

from django.db import transaction

from ringfence.access.ledger.telling import (
    Notable,
    as_changes,
    firms_with_news,
    notable,
    notable_numbered,
    note_told,
)
from ringfence.firms.models import Firm, Notice
from ringfence.notices import control_turned, self_access
from ringfence.notices.kinds import FROM_CHANGES, FROM_THE_LEDGER

from .send_notice import tell

BEHIND = 1_000
"""Entries of no interest (records opened, mostly) after which the place is written down all the same."""


class Ledgers:
    """What one process has looked at of all ledgers."""

    def __init__(self) -> None:
        self._looked_at: dict[int, int] = {}

    def tell(self) -> None:
        """Hand over the mails for all that is new. Where nothing is, nothing is written.

        A firm that cannot be told is told of at the end, as a fault: no other firm waits for it.
        """
        with ExitStack() as all_firms:
            for firm, told, version in firms_with_news():
                all_firms.callback(self._tell_firm, firm, told, version)

    def _tell_firm(self, firm: int, told: int, version: int) -> None:
        looked_at = self._looked_at.get(firm, 0)
        # A firm that was restored may be behind what this process has seen of it.
        after = looked_at if told < looked_at <= version else told
        if after == version:
            return
        for change in as_changes(notable(firm, after=after, until=version)):
            if not _tell(firm, change):
                # Another process tells them at this moment, perhaps not all of them: looked at anew.
                return
            told = self._looked_at[firm] = change[-1].number
        if version - told > BEHIND:
            note_told(firm, version)
        self._looked_at[firm] = version


def _tell(firm: int, change: Sequence[Notable]) -> bool:
    """Hand over the mails of a change; False, with nothing done, where the first of it is told already."""
    new = [(entry, notice) for entry in change for told in FROM_THE_LEDGER for notice in told(firm, entry)]
    new += [(change[-1], notice) for told in FROM_CHANGES for notice in told(firm, change)]
    with transaction.atomic():
        if not note_told(firm, change[-1].number, first=change[0].number):
            return False
        for entry, notices in groupby(new, key=lambda each: each[0]):
            tell(firm, entry.at, [notice for _, notice in notices], entry=entry.number)
    return True


def tell_one(firm: int, entry: int, member: int) -> None:
    """Hand the member what they are told of control or self-access by one entry, unless they have it."""
    found = notable_numbered(firm, {entry}).get(entry)
    if found is None:
        return
    new = [*control_turned.told(firm, found), *self_access.told(firm, [found])]
    with transaction.atomic():
        Firm.objects.select_for_update().get(pk=firm)
        if not Notice.objects.filter(firm=firm, member=member, entry=entry).exists():
            tell(firm, found.at, [each for each in new if each.member == member], entry=entry)
