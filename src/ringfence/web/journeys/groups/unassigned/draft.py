"""Which unassigned clients a member has chosen so far, and for which groups; kept on the server.

Clients are kept as engagements in the `agency` profile, else as whole clients, as for a new group.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from pyroaring import BitMap

from ringfence.core.commands.definitions import On, SetGrant
from ringfence.core.terms import EVERYONE, GIVING, Level, group_subject
from ringfence.firms.models import Draft
from ringfence.web.browse.choosing_clients import Unit, unit_of
from ringfence.web.queries.drafts import UNASSIGNED, draft_for, drop_draft, numbers_in, start_draft, stored
from ringfence.web.shell.visit import Visit

JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Assigning:
    """The choice as far as the firm still has what it names; empty where nothing is chosen yet."""

    visit: Visit
    row: Draft | None
    unit: Unit
    offered: BitMap
    """What nobody was given and is not confidential: engagements or clients, as `unit` says."""
    confidential: BitMap
    """The same of confidential clients."""
    chosen: BitMap
    given_meanwhile: int
    """How many that were chosen are unassigned no more."""
    groups: BitMap
    level: Level

    @property
    def token(self) -> str:
        return str(self.row.id) if self.row is not None else ""

    @property
    def command(self) -> SetGrant:
        """What puts the chosen ones into the groups."""
        on = On(clients=self.chosen) if self.unit == "client" else On(engagements=self.chosen)
        return SetGrant(to=tuple(group_subject(each) for each in self.groups), on=on, level=self.level)

    def choose(self, chosen: BitMap) -> None:
        row = self._row()
        row.clients = stored(chosen)
        row.save(update_fields=["clients", "changed_at"])

    def choose_groups(self, groups: BitMap) -> None:
        self.answer(groups=list(groups))

    def answer(self, **answers: object) -> None:
        row = self._row()
        row.values = {**row.values, **answers}
        row.save(update_fields=["values", "changed_at"])

    def _row(self) -> Draft:
        return self.row or start_draft(self.visit.firm.pk, self.visit.number, UNASSIGNED)

    def finish(self) -> None:
        """Remember what was done, for the page that says so and for a second sending of the form."""
        row = self._row()
        row.values = {"done": list(self.groups), "count": len(self.chosen)}
        row.clients = b""
        row.save()

    def drop(self) -> None:
        drop_draft(self.visit.firm.pk, self.visit.number, UNASSIGNED)


def read_assigning(visit: Visit) -> Assigning:
    """The member's choice among what is unassigned now."""
    now, unit = visit.firm_now, unit_of(visit)
    row = _open_row(visit)
    values = row.values if row is not None else {}
    unassigned, secret = now.unassigned, now.confidential
    if unit == "engagement":
        confidential = unassigned & now.engagements_of_all(secret)
        offered = unassigned - confidential
    else:
        clients = now.clients_of(unassigned)
        confidential, offered = clients & secret, clients - secret
    wanted = numbers_in(row.clients) if row is not None else BitMap()
    chosen = wanted & (offered | confidential)
    groups = BitMap([each for each in values.get("groups", ()) if isinstance(each, int)])
    word = values.get("level", "")
    return Assigning(
        visit=visit,
        row=row,
        unit=unit,
        offered=offered,
        confidential=confidential,
        chosen=chosen,
        given_meanwhile=len(wanted) - len(chosen),
        groups=groups & (BitMap(list(now.groups)) - BitMap([EVERYONE])),
        level=next((each for each in GIVING if each.word == word), Level.EDITOR),
    )


def _open_row(visit: Visit) -> Draft | None:
    row = draft_for(visit.firm.pk, visit.number, UNASSIGNED)
    return None if row is None or "done" in row.values else row


def just_done(visit: Visit) -> tuple[list[int], int] | None:
    """The groups into which this member put unassigned clients a few minutes ago, and how many rows."""
    row = draft_for(visit.firm.pk, visit.number, UNASSIGNED)
    if row is None or "done" not in row.values or timezone.now() - row.changed_at > JUST_NOW:
        return None
    return list(row.values["done"]), int(row.values.get("count", 0))
