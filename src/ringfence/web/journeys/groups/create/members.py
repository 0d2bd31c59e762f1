"""Step 4 of creating a group: its members."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.web.browse.choosing import Choosing, choose
from ringfence.web.browse.choosing_members import Members
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .draft import read_draft
from .steps import another_begun, back, caption, gone_notices, lost, too_early

HERE = "create-group-members"


@needs(Capability.MANAGE, READS_AND_SENDS)
def members(visit: Visit) -> HttpResponse:
    """Choose from the active members."""
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
            title=_("Select [members]"),
            caption=f"{caption(draft, HERE)}: {draft.name}",
            lead=_("Select [members] for this [group] by ticking the boxes."),
            notices=gone_notices(draft),
            back=back(visit, draft, HERE),
            rows=Members(visit),
            offered=visit.firm_now.active_members,
            chosen=draft.members,
            keep=draft.choose_members,
            go_on=lambda: redirect("create-group-check", firm=firm),
            none_chosen=_("Select at least one [member] to continue"),
            token=draft.token,
            another=another_begun(),
        ),
    )
