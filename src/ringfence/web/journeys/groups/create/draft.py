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
from ringfence.web.browse.choosing_clients import Unit, all_of, unit_of
from ringfence.web.queries.drafts import GROUP, draft_for, numbers_in, start_draft, stored
from ringfence.web.shell.visit import Visit

Kind = Literal["people", "custom", "service"]
"""A group of members alone, one for chosen clients, one for all clients of a service."""
KINDS: tuple[Kind, ...] = ("people", "custom", "service")
JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A draft with its choices. What is not in the firm any more is left out, and counted."""

    row: Draft
    kind: Kind
    service: int
    """The service of which the group takes all clients; 0 where none is chosen."""
    name: str
    level: Level
    unit: Unit
    chosen: BitMap
    """Engagement or client numbers, as `unit` says. Kept, and of no account, while a service is chosen."""
    members: BitMap
    clients_gone: int
    members_gone: int

    @property
    def token(self) -> str:
        """What makes a second sending of the same form known, and one that was of another kind of group."""
        return f"{self.row.id}.{self.kind}"

    @property
    def on(self) -> On:
        """What the group is to be given; nothing where it is of members alone."""
        if self.kind == "people":
            return On()
        if self.kind == "service":
            return On.service(self.service)
        return On(clients=self.chosen) if self.unit == "client" else On(engagements=self.chosen)

    def clients_of(self, visit: Visit) -> BitMap:
        """The clients that the group takes, in whole or in part."""
        now = visit.firm_now
        if self.kind == "people":
            return BitMap()
        if self.kind == "service":
            return now.clients_of(now.with_service(self.service))
        return self.chosen if self.unit == "client" else now.clients_of(self.chosen)

    @property
    def command(self) -> CreateGroup:
        """What the draft is to become."""
        return CreateGroup(name=self.name, members=frozenset(self.members), on=self.on, level=self.level)

    def choose(self, chosen: BitMap) -> None:
        self.row.clients = stored(chosen)
        self.row.save(update_fields=["clients", "changed_at"])

    def choose_members(self, members: BitMap) -> None:
        self.row.members = stored(members)
        self.row.save(update_fields=["members", "changed_at"])


def read_draft(visit: Visit) -> GroupDraft | None:
    """The member's draft as far as the firm still has what it names; None where there is none."""
    row = draft_for(visit.firm.pk, visit.number, GROUP)
    if row is None or "created" in row.values:
        return None
    now, values = visit.firm_now, row.values
    unit: Unit = "client" if values.get("unit") == "client" else "engagement"
    kind: Kind = next((each for each in KINDS if each == values.get("kind")), "custom")
    there = all_of(visit, unit)
    wanted, members = numbers_in(row.clients), numbers_in(row.members)
    chosen, active = wanted & there, members & now.active_members
    service, level = values.get("service"), values.get("level", "")
    return GroupDraft(
        row=row,
        kind=kind,
        service=service if isinstance(service, int) and service in now.services else 0,
        name=str(values.get("name", "")),
        level=next((each for each in GIVING if each.word == level), Level.EDITOR),
        unit=unit,
        chosen=chosen,
        members=active,
        clients_gone=0 if kind != "custom" else len(wanted) - len(chosen),
        members_gone=len(members) - len(active),
    )


def keep_answers(visit: Visit, draft: GroupDraft | None, **answers: str | int) -> None:
    """Keep these answers, in the draft there is or a new one."""
    row = draft.row if draft is not None else start_draft(visit.firm.pk, visit.number, GROUP)
    row.values = {"unit": unit_of(visit), **row.values, **answers}
    row.save(update_fields=["values", "changed_at"])


def begin_with(visit: Visit, chosen: BitMap) -> None:
    """Begin a group of these clients or services of clients, or put them to those that were chosen for it."""
    draft = read_draft(visit)
    if draft is not None and draft.unit == unit_of(visit):
        draft.choose(draft.chosen | chosen)
        keep_answers(visit, draft, kind="custom")
        return
    row = start_draft(visit.firm.pk, visit.number, GROUP)
    row.clients = stored(chosen)
    row.values = {"unit": unit_of(visit), "kind": "custom"}
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


def last_created(visit: Visit, token: str = "") -> int | None:
    """The group that the member's last draft became; the draft with this token, where one is named."""
    row = draft_for(visit.firm.pk, visit.number, GROUP)
    if row is None or (token and str(row.id) != token.partition(".")[0]):
        return None
    found = row.values.get("created")
    return found if isinstance(found, int) else None
