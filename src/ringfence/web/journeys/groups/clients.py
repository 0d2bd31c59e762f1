"""Step 2 of creating an access group: its clients, chosen from all of the firm's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.reading import client_names
from ringfence.web.browse.choosing import (
    ChoosingPage,
    ClientTicks,
    Tick,
    read_asked,
    selected,
    services_selected,
)
from ringfence.web.browse.client_lines import client_heading, nothing_matches
from ringfence.web.browse.listing import Listing, list_page
from ringfence.web.browse.paging import SIZE
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.clients import Wanted, client_rows, clients_matching, engagements_matching
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .create import caption
from .draft import GroupDraft, read_draft

CLIENTS_SHOWN = 25
"""Clients on a page that shows each with its services: few enough for a telephone."""


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
    whole = number_in(asked.go.removeprefix("client-")) if asked.go.startswith("client-") else 0
    if draft.unit == "engagement":
        chosen = chosen | BitMap(visit.firm_now.engagements_of(whole))
    draft.choose(chosen & _all(visit, draft))
    if whole:
        # The form is sent to the very page that is shown.
        return redirect(f"{here}?{visit.request.GET.urlencode()}#client-{whole}")
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
    now = visit.firm_now
    return now.clients if draft.unit == "client" else now.engagements


def _matching(visit: Visit, draft: GroupDraft, wanted: Wanted) -> BitMap:
    match = clients_matching if draft.unit == "client" else engagements_matching
    return match(visit.firm_now, visit.number, _all(visit, draft), wanted)


def _page(visit: Visit, draft: GroupDraft, here: str, error: str = "") -> HttpResponse:
    firm, of_clients = visit.firm.pk, draft.unit == "client"
    search = read_search(visit, here, services=services_of(firm))
    found = _matching(visit, draft, search.wanted)
    clients = found if of_clients else visit.firm_now.clients_of(found)
    ticked = len(found & draft.chosen)
    listing: Listing[Tick | ClientTicks] = list_page(
        visit,
        search,
        total=len(clients),
        page=partial(client_names(firm).page, clients),
        lines=partial(_client_ticks, visit, draft, search)
        if of_clients
        else partial(_service_ticks, visit, draft, search, found),
        heading=client_heading,
        empty=nothing_matches(search),
        size=SIZE if of_clients else CLIENTS_SHOWN,
    )
    page = ChoosingPage(
        frame=frame_for(visit, "manage"),
        title=_("Which [clients] are in %(name)s?") % {"name": draft.name},
        caption=caption(2),
        lead=""
        if of_clients
        else _(
            "Choose services of [clients]. Only the services that you select are in the [group]; the other "
            "services of the same [client] stay as they are."
        ),
        back=reverse("create-group", args=[firm]),
        errors=(*search.errors, *([ErrorLine(text=error, href="#choices")] if error else [])),
        listing=listing,
        head=(_("Client reference"), _("Services")),
        selected=selected(len(draft.chosen))
        if of_clients
        else services_selected(len(draft.chosen), len(visit.firm_now.clients_of(draft.chosen))),
        all_text=_all_text(draft, len(found), search) if ticked < len(found) else "",
        none_text=_none_text(ticked, search) if ticked else "",
        choice_error=error,
    )
    return show(visit.request, "shared/choosing.html" if of_clients else "groups/services.html", page)


def _client_ticks(
    visit: Visit, draft: GroupDraft, search: SearchForm, numbers: Sequence[int]
) -> Iterator[Tick]:
    rows = client_rows(visit.firm_now, visit.number, numbers, visit.firm_now.engagements)
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


def _service_ticks(
    visit: Visit, draft: GroupDraft, search: SearchForm, found: BitMap, numbers: Sequence[int]
) -> Iterator[ClientTicks]:
    """The clients with those of their services that are `found`, and how much of each is chosen."""
    rows = client_rows(visit.firm_now, visit.number, numbers, found)
    services = dict(search.services)
    for number in numbers:
        if (row := rows.get(number)) is None:
            continue
        every = BitMap(visit.firm_now.engagements_of(number))
        chosen = len(every & draft.chosen)
        words = ngettext("%(count)s of %(all)s service", "%(count)s of %(all)s services", len(every))
        yield ClientTicks(
            number=number,
            name=row.name,
            reference=row.reference,
            mark=words % {"count": chosen, "all": len(every)} if 0 < chosen < len(every) else "",
            whole=_("Select all services of this [client]") if chosen < len(every) and len(every) > 1 else "",
            ticks=tuple(
                Tick(
                    value=each.number,
                    label=services.get(each.service, ""),
                    cells=(each.reference,),
                    checked=each.number in draft.chosen,
                )
                for each in row.engagements
            ),
        )


def _all_text(draft: GroupDraft, count: int, search: SearchForm) -> str:
    if search.active and draft.unit == "engagement":
        words = ngettext(
            "Select the %(count)s service that matches", "Select all %(count)s services that match", count
        )
    elif search.active:
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
