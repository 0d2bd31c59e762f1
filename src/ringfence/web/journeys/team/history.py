"""What was done about one member, from the ledger, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.core.terms import Thing
from ringfence.web.browse.entry_lines import EntryListing, history
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .person import member_row


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberHistoryPage(Page):
    caption: str
    listing: EntryListing


@needs(Capability.READ_CONTROL)
def changes(visit: Visit, member: int) -> HttpResponse:
    """Every change that was about the member (rules.md 5, "Read the ledger")."""
    firm, row = visit.firm.pk, member_row(visit, member)
    here = reverse("member-history", args=[firm, member])
    page = MemberHistoryPage(
        frame=frame_for(visit, "manage"),
        title=_("History of %(member)s") % {"member": row.name or _("a former [member]")},
        caption=_("[Member]"),
        back=reverse("member", args=[firm, member]),
        listing=history(visit, Thing.MEMBER, member, here),
    )
    return show(visit.request, "team/history.html", page)
