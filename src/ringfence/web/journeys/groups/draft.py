"""The group that a member has begun to create, as the pages of the journey read and write it.

Kept in the database's drafts, per member and firm. Clients are kept as engagements in the `agency` profile,
whose product puts a client's service into a group, else as whole clients (rules.md 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.utils import timezone
from pyroaring import BitMap

from ringfence.core.commands.definitions import CreateGroup, On
from ringfence.core.terms import GIVING, Level
from ringfence.firms.models import Draft
from ringfence.web.queries.drafts import GROUP, draft_for, numbers_in, start_draft, stored
from ringfence.web.shell.visit import Visit

Unit = Literal["engagement", "client"]
JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A draft with its choices. What is not in the firm any more is left out, and counted in `gone`."""

    row: Draft
    name: str
    level: Level
    unit: Unit
    chosen: BitMap
    """Engagement or client numbers, as `unit` says."""
    members: BitMap
    gone: int

    @property
    def token(self) -> str:
        """What makes a second sending of the same form known."""
        return str(self.row.id)

    @property
    def command(self) -> CreateGroup:
        """What the draft is to become."""
        on = On(clients=self.chosen) if self.unit == "client" else On(engagements=self.chosen)
        return CreateGroup(name=self.name, members=frozenset(self.members), on=on, level=self.level)

    def choose(self, chosen: BitMap) -> None:
        self.row.clients = stored(chosen)
        self.row.save()

    def choose_members(self, members: BitMap) -> None:
        self.row.members = stored(members)
        self.row.save()


def unit_of(visit: Visit) -> Unit:
    """What a tick on the clients page stands for in this firm."""
    return "engagement" if visit.settings.profile == "agency" else "client"


def read_draft(visit: Visit) -> GroupDraft | None:
    """The member's draft as far as the firm still has what it names; None where there is none."""
    row = draft_for(visit.firm.pk, visit.number, GROUP)
    if row is None or "created" in row.values:
        return None
    now = visit.firm_now
    unit: Unit = "client" if row.values.get("unit") == "client" else "engagement"
    there = now.clients if unit == "client" else now.engagements
    wanted, members = numbers_in(row.clients), numbers_in(row.members)
    level = row.values.get("level", "")
    return GroupDraft(
        row=row,
        name=str(row.values.get("name", "")),
        level=next((each for each in GIVING if each.word == level), Level.EDITOR),
        unit=unit,
        chosen=wanted & there,
        members=members & now.active_members,
        gone=len(wanted - there) + len(members - now.active_members),
    )


def name_draft(visit: Visit, name: str, level: Level) -> None:
    """Keep the name and level, in the draft there is or a new one."""
    draft = read_draft(visit)
    row = draft.row if draft is not None else start_draft(visit.firm.pk, visit.number, GROUP)
    unit = draft.unit if draft is not None else unit_of(visit)
    row.values = {"name": name, "level": level.word, "unit": unit}
    row.save()


def mark_created(draft: GroupDraft, group: int) -> None:
    """Remember what the draft became, for a second sending of the form."""
    draft.row.values = {"created": group}
    draft.row.clients = draft.row.members = b""
    draft.row.save()


def just_created(visit: Visit, group: int) -> bool:
    """Whether this member's last draft became the group, a few minutes ago at most."""
    row = draft_for(visit.firm.pk, visit.number, GROUP)
    return (
        row is not None and row.values.get("created") == group and timezone.now() - row.changed_at < JUST_NOW
    )


def created_from(visit: Visit, token: str) -> int | None:
    """The group that the draft with this token became."""
    row = draft_for(visit.firm.pk, visit.number, GROUP)
    if row is None or str(row.id) != token:
        return None
    found = row.values.get("created")
    return found if isinstance(found, int) else None
