"""Step 3 of a custom group: its clients, chosen from all of the firm's."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.web.browse.choosing import Choosing, choose
from ringfence.web.browse.choosing_clients import all_of, rows_of_clients
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .draft import read_draft
from .steps import another_begun, back, caption, gone_notices, lost, too_early

HERE = "create-group-clients"


@needs(Capability.MANAGE, READS_AND_SENDS)
def clients(visit: Visit) -> HttpResponse:
    """Choose clients; an administrator may name every client of the firm (rules.md 5)."""
    firm = visit.firm.pk
    draft = read_draft(visit)
    if draft is None:
        return lost(visit)
    if early := too_early(visit, draft, HERE):
        return early
    return choose(
        visit,
        Choosing(
            here=reverse(HERE, args=[firm]),
            title=_("Select [clients]"),
            caption=f"{caption(draft, HERE)}: {draft.name}",
            lead=_(
                "Select [clients] for this [group] by ticking the boxes. Each row is one service of "
                "[a client]: the other services of the same [client] stay as they are."
            )
            if draft.unit == "engagement"
            else _("Select [clients] for this [group] by ticking the boxes."),
            notices=gone_notices(draft),
            back=back(visit, draft, HERE),
            rows=rows_of_clients(visit, draft.unit),
            offered=all_of(visit, draft.unit),
            chosen=draft.chosen,
            keep=draft.choose,
            go_on=lambda: redirect("create-group-members", firm=firm),
            none_chosen=_("Select at least one [client] to continue"),
            token=draft.token,
            another=another_begun(),
        ),
    )
