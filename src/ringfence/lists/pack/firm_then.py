"""What every part of a pack is written from: the firm at the last moment asked for, and names of then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from ringfence.access import FirmNow, all_words_at
from ringfence.access.proof.packs import PackAsked
from ringfence.core.terms import Thing
from ringfence.firms.models import Firm
from ringfence.lists.entry_names import LedgerNames
from ringfence.lists.export.writing import Cells

AT_ONCE = 5_000
"""Clients whose names are read at once."""


@dataclass(kw_only=True)
class PackFirm:
    """One firm, for one pack."""

    row: Firm
    asked: PackAsked
    then: FirmNow
    """The firm at `asked.until`."""
    after: int
    """The last entry before `asked.since`."""
    chosen: dict[str, list[Cells]] = field(default_factory=dict)
    """Rows of changes that parts of their own tell again, by the first word of their command."""

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.row.timezone)

    @cached_property
    def names(self) -> LedgerNames:
        """What things were called then."""
        return LedgerNames(self.then, self.zone)

    def words(self, thing: Thing, numbers: Iterable[int]) -> dict[int, Mapping[str, str]]:
        """Their words of then; without those that were erased."""
        wanted = list(numbers)
        found: dict[int, Mapping[str, str]] = {}
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            found.update(all_words_at(self.row.pk, {thing: part}, self.then.version)[thing])
        return found
