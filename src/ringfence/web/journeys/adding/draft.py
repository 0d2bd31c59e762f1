"""The client that a member has begun to add, as the pages of the journey read and write it.

Kept in the drafts of the screens, per member and firm; nothing of it is in the ledger before it is added.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from ringfence.core.commands.definitions import AddClient, ClientRow, GrantTo
from ringfence.firms.models import Draft
from ringfence.web.browse.grantees import grants_kept
from ringfence.web.queries.drafts import draft_for, start_draft
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

PURPOSE = "client.add"
JUST_NOW = timedelta(minutes=10)
STEPS = 4


@dataclass(frozen=True, slots=True)
class ClientDraft:
    """A draft with what was entered. What the firm has no longer is left out."""

    row: Draft
    name: str
    reference: str
    kind: str
    services: dict[int, str]
    """Tax references by service."""
    confidential: bool
    grants: tuple[GrantTo, ...] | None
    """Who gets access, where that was chosen; None for the defaults of the firm and the member."""

    @property
    def token(self) -> str:
        """What makes a second sending of the same form known."""
        return str(self.row.id)

    @property
    def command(self) -> AddClient:
        """What the draft is to become."""
        return AddClient(
            client=ClientRow(
                name=self.name,
                reference=self.reference,
                kind=self.kind,
                confidential=self.confidential,
                services=self.services,
                grants=self.grants,
            )
        )

    def keep(self, **values: object) -> None:
        """Keep these values beside or in place of what is kept."""
        self.row.values = {**self.row.values, **values}
        self.row.save()


def read_draft(visit: Visit) -> ClientDraft | None:
    """The member's draft as far as the firm has what it names; None where there is none."""
    row = draft_for(visit.firm.pk, visit.number, PURPOSE)
    if row is None or "added" in row.values:
        return None
    values, now = row.values, visit.firm_now
    services = {int(number): str(text) for number, text in values.get("services", {}).items()}
    given = values.get("grants")
    return ClientDraft(
        row=row,
        name=str(values.get("name", "")),
        reference=str(values.get("reference", "")),
        kind=str(values.get("kind", "")),
        services={number: text for number, text in services.items() if number in now.services},
        confidential=bool(values.get("confidential", False)),
        grants=None if given is None else grants_kept(visit, given),
    )


def begin_draft(visit: Visit, name: str, reference: str, kind: str) -> None:
    """Keep who the client is, in the draft there is or a new one."""
    draft = read_draft(visit)
    row = draft.row if draft is not None else start_draft(visit.firm.pk, visit.number, PURPOSE)
    row.values = {**row.values, "name": name, "reference": reference, "kind": kind}
    row.save()


def begin_again(visit: Visit) -> HttpResponse:
    """Where there is no draft: it became a client, was discarded, or is older than a day."""
    firm, client = visit.firm.pk, _added(draft_for(visit.firm.pk, visit.number, PURPOSE))
    if client and visit.firm_now.sees(visit.number, client):
        messages.info(visit.request, _("This [client] has been added already: this is its record."))
        return redirect("client", firm=firm, number=client)
    messages.info(
        visit.request,
        _("This [client] has been added already. You can add another one here.")
        if client in visit.firm_now.clients
        else _("What you had begun to enter is not kept any more: begin again."),
    )
    return redirect("add-client", firm=firm)


def mark_added(draft: ClientDraft, client: int) -> None:
    """Remember what the draft became, for a second sending of the form; its words are forgotten."""
    draft.row.values = {"added": client}
    draft.row.save()


def added_from(visit: Visit, token: str) -> int | None:
    """The client that the draft with this token became."""
    row = draft_for(visit.firm.pk, visit.number, PURPOSE)
    return _added(row) or None if row is not None and str(row.id) == token else None


def _added(row: Draft | None) -> int:
    """The client that the draft became; 0 where it is none, or none yet."""
    found = row.values.get("added") if row is not None else None
    return found if isinstance(found, int) else 0


def just_added(visit: Visit, client: int) -> bool:
    """Whether this member's last draft became the client, a few minutes ago at most."""
    row = draft_for(visit.firm.pk, visit.number, PURPOSE)
    return (
        row is not None and row.values.get("added") == client and timezone.now() - row.changed_at < JUST_NOW
    )


def caption(step: int) -> str:
    """Where in the journey a page stands."""
    return _("Add [a client]: step %(step)s of %(steps)s") % {"step": step, "steps": STEPS}
