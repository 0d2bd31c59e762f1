"""What was done to a group, from the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.core.terms import Thing
from ringfence.web.browse.entry_lines import EntryListing
from ringfence.web.browse.entry_lines import history as entries_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs

from .group import GroupHead, group_at, head_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupHistoryPage(Page):
    head: GroupHead
    listing: EntryListing


@needs(Capability.READ_CONTROL)
def history(visit: Visit, number: int) -> HttpResponse:
    """The entries that changed the group, newest first."""
    group = group_at(visit, number)
    page = GroupHistoryPage(
        frame=frame_for(visit, "manage"),
        title=group.name,
        back=reverse("groups", args=[visit.firm.pk]),
        head=head_of(group, "group-history"),
        listing=entries_of(visit, Thing.GROUP, number, group.address("group-history")),
    )
    return show(visit.request, "groups/history.html", page)
