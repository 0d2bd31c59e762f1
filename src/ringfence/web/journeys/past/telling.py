"""What pages about the past say of a moment: levels, and ways in the names of that time."""

from __future__ import annotations

from collections.abc import Sequence

from ringfence.access import FirmNow, SeenPart
from ringfence.core.terms import Level
from ringfence.lists.entry_names import LedgerNames
from ringfence.web.browse.way_lines import told_ways
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import ngettext


def names_then(visit: Visit, then: FirmNow) -> LedgerNames:
    """The names as they stood at that moment."""
    return LedgerNames(then, visit.zone, then.version)


def parts_then(then: FirmNow, member: int, client: int) -> tuple[SeenPart, ...]:
    """The engagements of the client that the member saw, each with its level and its ways."""
    return tuple(
        SeenPart(number, then.level(member, number), then.ways_on(member, number))
        for number in then.engagements_of(client)
        if then.can(member, number)
    )


def level_text(whole: Level, seen: int, of: int) -> str:
    """The level on the client as a whole, or that only a part of it could be opened."""
    if whole is not Level.NONE or not seen:
        return level_shown(whole)
    return ngettext("%(seen)s of its %(all)s services", "%(seen)s of its %(all)s services", of) % {
        "seen": seen,
        "all": of,
    }


def ways_text(then: FirmNow, parts: Sequence[SeenPart], names: LedgerNames) -> tuple[str, ...]:
    """The ways in words; each with its services where these differ."""
    return tuple(
        told_ways(((names.service(then.service_of(part.engagement)), part.ways) for part in parts), names)
    )
