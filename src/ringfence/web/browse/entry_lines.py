"""Entries of the ledger as the lines of a list, and the history of one client, member or group.

For pages of the control side alone: sentences name whatever the entries are about (rules.md 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Entry, entries_about, history_of
from ringfence.core.terms import Thing
from ringfence.lists.entry_names import LedgerNames
from ringfence.web.shell.figures import figure
from ringfence.web.shell.visit import Visit
from ringfence.wording import entry_text, event_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text

from .paging import SIZE, Paging, asked_page

MOST = 3
"""Events of an entry that a list tells in sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """An entry in a list."""

    number: int
    href: str
    when: str
    who: str
    what: str
    sentences: tuple[str, ...]
    more: str
    """How many sentences more it has; empty for none."""
    self_access: bool
    """Whether it let its own actor in (rules.md 5)."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryListing:
    """The lines of one page of entries, newest first, with the heading above them."""

    paging: Paging
    heading: str
    lines: tuple[EntryLine, ...]
    until: int
    """The last entry that the pages count up to, so that they stay as they are while others come."""
    newer: int = 0
    """Entries that came since."""


def entry_lines(visit: Visit, entries: Sequence[Entry], most: int = MOST) -> tuple[EntryLine, ...]:
    """The lines of these entries, in their order: five queries for their names at the most."""
    names = LedgerNames(visit.firm_now, visit.zone)
    names.learn(entries, most)
    return tuple(_line(visit, entry, names, most) for entry in entries)


def _line(visit: Visit, entry: Entry, names: LedgerNames, most: int) -> EntryLine:
    more = len(entry.events) - most
    return EntryLine(
        number=entry.number,
        href=reverse("ledger-entry", args=[visit.firm.pk, entry.number]),
        when=moment_text(entry.at, visit.zone),
        who=names.actor(entry.actor.member),
        what=entry_text(entry.command),
        sentences=tuple(event_text(event, names) for event in entry.events[:most]),
        more=ngettext("and %(count)s more", "and %(count)s more", more) % {"count": figure(more)}
        if more > 0
        else "",
        self_access=entry.self_access,
        reason=entry.reason,
    )


def latest_first(numbers: BitMap, offset: int, limit: int) -> BitMap:
    """A page of entries, counted from the newest back."""
    end = len(numbers) - offset
    return BitMap(numbers[max(0, end - limit) : end]) if end > 0 else BitMap()


def entry_heading(paging: Paging) -> str:
    """The heading of a list of entries: which of how many."""
    if not paging.total:
        return _("Nothing found in the ledger")
    if paging.pages == 1:
        words = ngettext("Showing %(total)s entry", "Showing all %(total)s entries", paging.total)
    else:
        words = ngettext(
            "Showing %(first)s to %(last)s of %(total)s entry, newest first",
            "Showing %(first)s to %(last)s of %(total)s entries, newest first",
            paging.total,
        )
    return words % paging.words


def history(visit: Visit, thing: Thing, number: int, here: str, *, size: int = SIZE) -> EntryListing:
    """A page of the history of a client, member or group, newest first; `here` is its address.

    Each entry tells what it says of this one alone. For who has `Capability.READ_CONTROL`.
    """
    found = history_of(visit.firm_now, thing, number)
    page = asked_page(visit.request.GET, len(found), size)
    paging = Paging(total=len(found), number=page, size=size, path=here, query={})
    entries = entries_about(visit.firm_now, thing, number, latest_first(found, paging.offset, size))
    return EntryListing(
        paging=paging,
        heading=entry_heading(paging),
        lines=entry_lines(visit, entries),
        until=visit.firm_now.version,
    )
