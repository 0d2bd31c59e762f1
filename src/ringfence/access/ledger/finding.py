"""Which entries of a firm's ledger are about somebody, of a kind, or of some days: as sets of their numbers.

Totals are exact and any page of them is known without reading an entry. Who may read the ledger is for
whoever asks (rules.md 5).
"""

from collections.abc import Iterable
from itertools import chain, pairwise

import msgspec
from pyroaring import BitMap

from ringfence.access.connection import answering
from ringfence.access.sql import rows_of
from ringfence.core.events import NOTED
from ringfence.core.terms import Instant, Thing
from ringfence.firms.models import LedgerEntry

from .mentions import entries_naming


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What entries are looked for; what is None sets no bounds."""

    people: BitMap | None = None
    """Members who did it or whom it names."""
    by: BitMap | None = None
    """Members who did it."""
    clients: BitMap | None = None
    """Clients whom it names, itself or by one of their engagements."""
    groups: BitMap | None = None
    commands: tuple[str, ...] | None = None
    """Names of commands, as the ledger has them; None for every change, without what was only noted."""
    noted: bool = False
    """Whether records opened and exports taken are found too where no command is named."""
    since: Instant | None = None
    until: Instant | None = None
    """From `since` on, up to and without `until`."""


def find_entries(firm: int, version: int, sought: Sought) -> BitMap:
    """The numbers of the firm's entries up to `version` that are sought.

    Raises `StateUnavailable`.
    """
    with answering():
        found = _of_kind(firm, version, sought)
        first, last = _of_days(firm, version, sought)
        found &= BitMap(range(first, last + 1))
        if sought.people is not None:
            found &= entries_naming(firm, Thing.MEMBER, sought.people) | _by(firm, sought.people)
        if sought.by is not None:
            found &= _by(firm, sought.by)
        if sought.clients is not None:
            found &= entries_naming(firm, Thing.CLIENT, sought.clients)
        if sought.groups is not None:
            found &= entries_naming(firm, Thing.GROUP, sought.groups)
    return found


def _of_kind(firm: int, version: int, sought: Sought) -> BitMap:
    whole = BitMap(range(1, version + 1))
    if sought.commands is not None:
        return whole & _numbers(
            LedgerEntry.objects.filter(firm=firm, command__in=sought.commands).values_list("number")
        )
    return whole if sought.noted else whole & _changes(firm)


def _changes(firm: int) -> BitMap:
    """The entries that changed something: by the ranges of names around the few that did not.

    Records are opened by the hundred thousand, and none of those entries is looked at.
    """
    ranges = list(pairwise(["", *sorted(NOTED.values()), chr(0x10FFFF)]))
    within = "SELECT number FROM firms_ledgerentry WHERE firm_id = %s AND command > %s AND command < %s"
    asked = " UNION ALL ".join([within] * len(ranges))
    return _numbers(rows_of(asked, *chain.from_iterable((firm, *edges) for edges in ranges)))


def _by(firm: int, people: BitMap) -> BitMap:
    rows = LedgerEntry.objects.filter(firm=firm, actor__in=list(people))
    return _numbers(rows.values_list("number"))


def _numbers(rows: Iterable[tuple[int]]) -> BitMap:
    return BitMap([number for (number,) in rows])


def _of_days(firm: int, version: int, sought: Sought) -> tuple[int, int]:
    """First and last number within the time that is sought: the ledger never runs backwards."""
    first, last = 1, version
    rows = LedgerEntry.objects.filter(firm=firm)
    if sought.since is not None:
        later = rows.filter(at__gte=sought.since).order_by("at", "number")
        first = later.values_list("number", flat=True).first() or version + 1
    if sought.until is not None:
        earlier = rows.filter(at__lt=sought.until).order_by("-at", "-number")
        last = earlier.values_list("number", flat=True).first() or 0
    return first, last
