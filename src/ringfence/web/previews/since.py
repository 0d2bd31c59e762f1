"""What others changed in a firm since a page was made: the ledger's last entries, in words."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ringfence.access import FirmNow, changed_since, entries
from ringfence.web.queries.things import member_names
from ringfence.web.shell.visit import Visit
from ringfence.wording import entry_text
from ringfence.wording.times import moment_text

MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One entry of the ledger: what was done, by whom (empty for the operator), when."""

    what: str
    who: str
    when: str


def overtaken(firm_now: FirmNow, version: int) -> bool:
    """Whether others changed the firm after a page was made at `version`. Records opened are no change."""
    return version != firm_now.version and changed_since(firm_now.firm, version)


def changed_by_others(visit: Visit, version: int) -> bool:
    """Whether somebody else than the visitor changed the firm after a page was made at `version`."""
    if not overtaken(visit.firm_now, version):
        return False
    found = entries(visit.firm.pk, after=version, texts=False, noted=False)
    return any(each.actor.member != visit.number for each in found)


def changes_since(firm: int, version: int, zone: ZoneInfo) -> tuple[ChangeLine, ...]:
    """The changes after `version`, the latest ten of them, oldest first."""
    found = list(entries(firm, after=version, texts=False, noted=False))[-MOST:]
    names = member_names(firm, {each.actor.member for each in found if each.actor.member is not None})
    return tuple(
        ChangeLine(
            what=entry_text(each.command),
            who=names.get(each.actor.member or 0, ""),
            when=moment_text(each.at, zone),
        )
        for each in found
    )
