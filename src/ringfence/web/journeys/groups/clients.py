"""Step 2 of creating an access group: its clients, chosen from all of the firm's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.reading import client_names
from ringfence.web.browse.choosing import ChoosingPage, Tick, read_asked, selected
from ringfence.web.browse.client_lines import client_heading, nothing_matches, searched_for
from ringfence.web.browse.listing import list_page
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.clients import Wanted, client_rows, clients_matching, engagements_matching
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .create import caption
from .draft import GroupDraft, read_draft


@needs(Capability.MANAGE, READS_AND_SENDS)
def clients(visit: Visit) -> HttpResponse:
    """Choose clients; an administrator may name every client of the firm (rules.md 5)."""
    firm = visit.firm.pk
    draft = read_draft(visit)
    if draft is None or not draft.name:
        return redirect("create-group", firm=firm)
    here = reverse("create-group-clients", args=[firm])
    if visit.request.method != "POST":
        return _page(visit, draft, here)
    asked = read_asked(visit.request.POST)
    chosen = asked.applied(draft.chosen)
    if asked.go in ("all", "none"):
        shown = {"search": asked.shown_search, "service": asked.shown_service}
        search = read_search(visit, here, services=services_of(firm), given=shown)
        found = _matching(visit, draft, search.wanted)
        chosen = chosen | found if asked.go == "all" else chosen - found
    draft.choose(chosen & _all(visit, draft))
    if asked.go != "continue":
        return redirect(asked.address(here))
    if not read_chosen(visit):
        return _page(visit, draft, here, _("Select at least one [client] to continue"))
    return redirect("create-group-members", firm=firm)


def read_chosen(visit: Visit) -> BitMap:
    """What is chosen now."""
    draft = read_draft(visit)
    return draft.chosen if draft is not None else BitMap()


def _all(visit: Visit, draft: GroupDraft) -> BitMap:
    now = visit.view
    return now.clients if draft.unit == "client" else now.engagements


def _matching(visit: Visit, draft: GroupDraft, wanted: Wanted) -> BitMap:
    match = clients_matching if draft.unit == "client" else engagements_matching
    return match(visit.view, visit.number, _all(visit, draft), wanted)


def _page(visit: Visit, draft: GroupDraft, here: str, error: str = "") -> HttpResponse:
    firm = visit.firm.pk
    search = read_search(visit, here, services=services_of(firm))
    found = _matching(visit, draft, search.wanted)
    names = client_names(firm)
    ticked = len(found & draft.chosen)
    of_clients = draft.unit == "client"
    listing = list_page(
        visit,
        search,
        total=len(found),
        page=partial(names.page if of_clients else names.page_of_engagements, found),
        lines=partial(_client_ticks if of_clients else _engagement_ticks, visit, draft, search),
        heading=client_heading if of_clients else _engagement_heading,
        empty=nothing_matches(search),
    )
    page = ChoosingPage(
        frame=frame_for(visit, "manage"),
        title=_("Which [clients] are in %(name)s?") % {"name": draft.name},
        caption=caption(2),
        back=reverse("create-group", args=[firm]),
        errors=(*search.errors, *([ErrorLine(text=error, href="#choices")] if error else [])),
        listing=listing,
        head=(_("Client reference"), _("Services"))
        if of_clients
        else (_("Client reference"), _("Service"), _("Tax reference")),
        selected=selected(len(draft.chosen)),
        all_text=_all_text(draft, len(found), search) if ticked < len(found) else "",
        none_text=_none_text(ticked, search) if ticked else "",
        choice_error=error,
    )
    return show(visit.request, "shared/choosing.html", page)


def _client_ticks(
    visit: Visit, draft: GroupDraft, search: SearchForm, numbers: Sequence[int]
) -> Iterator[Tick]:
    rows = client_rows(visit.view, visit.number, numbers, visit.view.engagements)
    services = dict(search.services)
    for number in numbers:
        if (row := rows.get(number)) is not None:
            given = ", ".join(services.get(each.service, "") for each in row.engagements)
            yield Tick(
                value=number,
                label=row.name,
                cells=(row.reference, given),
                checked=number in draft.chosen,
            )


def _engagement_ticks(
    visit: Visit, draft: GroupDraft, search: SearchForm, numbers: Sequence[int]
) -> Iterator[Tick]:
    now = visit.view
    rows = client_rows(visit.view, visit.number, {now.client_of(each) for each in numbers}, BitMap(numbers))
    services = dict(search.services)
    there = {each.number: (row, each) for row in rows.values() for each in row.engagements}
    for number in numbers:
        if number in there:
            client, row = there[number]
            yield Tick(
                value=number,
                label=client.name,
                cells=(client.reference, services.get(row.service, ""), row.reference),
                checked=number in draft.chosen,
            )


def _engagement_heading(paging: Paging, search: SearchForm) -> str:
    """A row is one service to a client, and is counted as that."""
    if not paging.total:
        return client_heading(paging, search)
    if paging.pages == 1:
        words = ngettext(
            "Showing %(total)s service to [a client]",
            "Showing all %(total)s services to [clients]",
            paging.total,
        )
    else:
        words = ngettext(
            "Showing %(first)s to %(last)s of %(total)s service to [a client]",
            "Showing %(first)s to %(last)s of %(total)s services to [clients]",
            paging.total,
        )
    return searched_for(words, paging, search)


def _all_text(draft: GroupDraft, count: int, search: SearchForm) -> str:
    if search.active:
        words = ngettext("Select the %(count)s that matches", "Select all %(count)s that match", count)
    elif draft.unit == "engagement":
        words = ngettext("Select the %(count)s service", "Select all %(count)s services", count)
    else:
        words = ngettext("Select the %(count)s [client]", "Select all %(count)s [clients]", count)
    return words % {"count": figure(count)}


def _none_text(count: int, search: SearchForm) -> str:
    if search.active:
        words = ngettext("Clear the %(count)s that matches", "Clear the %(count)s that match", count)
    else:
        words = ngettext("Clear the %(count)s selected", "Clear all %(count)s selected", count)
    return words % {"count": figure(count)}
