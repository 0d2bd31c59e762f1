"""Step 2 of creating an access group: its clients, chosen from all of the firm's."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.reading import client_names
from ringfence.web.browse.choosing import ChoosingPage, Tick, read_asked
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.queries.clients import (
    Wanted,
    client_rows,
    clients_matching,
    engagements_matching,
)
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Problem
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.web.shell.words import figure
from ringfence.web.views.clients import SearchForm, read_search, searched_for, showing
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .create import caption
from .draft import GroupDraft, read_draft


@needs(Capability.MANAGE)
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
        services = services_of(firm)
        shown = {"search": asked.shown_search, "service": asked.shown_service}
        search = read_search(visit, services, here, given=shown)
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
    register = visit.view.moment.state.register
    return register.clients if draft.unit == "client" else register.engagements


def _matching(visit: Visit, draft: GroupDraft, wanted: Wanted) -> BitMap:
    match = clients_matching if draft.unit == "client" else engagements_matching
    return match(visit.view, _all(visit, draft), wanted)


def _page(visit: Visit, draft: GroupDraft, here: str, error: str = "") -> HttpResponse:
    firm = visit.firm.pk
    services = services_of(firm)
    search = read_search(visit, services, here)
    chosen = draft.chosen
    found = _matching(visit, draft, search.wanted)
    number = asked_page(visit.request.GET, len(found))
    paging = Paging(total=len(found), number=number, path=here, query=search.query)
    ticked = len(found & chosen)
    errors = [*search.errors, *([Problem(text=error, href="#choices")] if error else [])]
    page = ChoosingPage(
        frame=frame_for(visit, "manage"),
        title=_("Which [clients] are in %(name)s?") % {"name": draft.name},
        caption=caption(2),
        back=reverse("create-group", args=[firm]),
        errors=tuple(errors),
        number=number,
        total=paging.pages,
        search=search,
        heading=_heading(draft, paging, search),
        paging=paging,
        head=(_("Client reference"), _("Service"), _("Tax reference"))
        if draft.unit == "engagement"
        else (_("Client reference"), _("Services")),
        lines=_lines(visit, draft, found, paging, dict(services)),
        selected=_selected(len(chosen)),
        some=bool(chosen),
        all_text=_all_text(draft, len(found), search) if ticked < len(found) else "",
        none_text=_none_text(ticked, search) if ticked else "",
        choice_error=error,
        empty=_(
            "Try fewer words, in any order, or a part of one; a single letter or digit finds what begins "
            "with it. Or clear the search to see every [client] of the firm."
        )
        if search.active
        else _("No [clients] have been added to this firm yet."),
        go_on=_("Continue"),
    )
    return show(visit.request, "groups/choosing.html", page)


def _lines(
    visit: Visit, draft: GroupDraft, found: BitMap, paging: Paging, services: dict[int, str]
) -> tuple[Tick, ...]:
    firm = visit.firm.pk
    register = visit.view.moment.state.register
    names = client_names(firm)
    if draft.unit == "client":
        numbers = names.page(found, paging.offset, paging.size)
        rows = client_rows(visit.view, numbers, register.engagements)
        return tuple(
            Tick(
                value=each,
                label=rows[each].name,
                cells=(
                    rows[each].reference,
                    ", ".join(services.get(row.service, "") for row in rows[each].engagements),
                ),
                checked=each in draft.chosen,
            )
            for each in numbers
            if each in rows
        )
    engagements = names.page_of_engagements(found, paging.offset, paging.size)
    rows = client_rows(visit.view, {register.client_of[each] for each in engagements}, found)
    by_number = {row.number: (client, row) for client in rows.values() for row in client.engagements}
    return tuple(
        Tick(
            value=each,
            label=by_number[each][0].name,
            cells=(
                by_number[each][0].reference,
                services.get(by_number[each][1].service, ""),
                by_number[each][1].reference,
            ),
            checked=each in draft.chosen,
        )
        for each in engagements
        if each in by_number
    )


def _selected(count: int) -> str:
    return ngettext("%(count)s selected in all", "%(count)s selected in all", count) % {
        "count": figure(count)
    }


def _heading(draft: GroupDraft, paging: Paging, search: SearchForm) -> str:
    """A row is a client, or one service to a client, and is counted as that."""
    if draft.unit == "client" or not paging.total:
        return showing(paging, search)
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
