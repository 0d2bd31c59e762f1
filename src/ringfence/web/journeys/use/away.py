"""Clients whose one holder is away: each with where somebody else is given access, and all by the wizard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.listing.clients import client_rows, clients_matching, page_of_clients
from ringfence.access.use import Sizing
from ringfence.core.terms import Instant
from ringfence.web.browse.client_lines import client_heading
from ringfence.web.browse.listing import list_page
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.browse.take_links import take_links
from ringfence.web.queries.drafts import WIZARD, start_draft, stored
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.queries.things import services_of
from ringfence.web.shell.addresses import sharing_address
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import day_at_text

from .shared import UseLine, UseListPage, none_text, puts_right, sizing, too_young


def holders_by_client(found: Sizing) -> dict[int, int]:
    """The one holder of each client."""
    return {client: holder for holder, clients in found.one_holder_away.items() for client in clients}


def clients_away(visit: Visit, found: Sizing, search: SearchForm) -> BitMap:
    """The clients that are searched for, of those that the reader may know of."""
    all_of_them = BitMap.union(BitMap(), *found.one_holder_away.values())
    known = all_of_them & visit.firm_now.known_clients(visit.number)
    return clients_matching(visit.firm_now, visit.number, known, search.wanted)


def search_away(visit: Visit, found: Sizing) -> SearchForm:
    """The search above the report."""
    here = reverse("use-away", args=[visit.firm.pk, found.days])
    return read_search(visit, here, services=services_of(visit.firm.pk))


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def away(visit: Visit, days: int) -> HttpResponse:
    """Clients that one person alone can open, who is not there."""
    firm, now, found = visit.firm.pk, visit.firm_now, sizing(visit, days)
    search = search_away(visit, found)
    clients = clients_away(visit, found, search)
    page = UseListPage(
        frame=frame_for(visit, "manage"),
        title=_("One holder, who is away"),
        back=reverse("use", args=[firm]),
        errors=search.errors,
        lead=_(
            "Only one person can open these [clients], and they are deactivated, or did not sign in or do "
            "anything in your firm for %(days)s days."
        )
        % {"days": days},
        too_young=too_young(visit, found),
        bulk=(),
        post=reverse("use-away-share", args=[firm, days]) if clients and puts_right(visit) else "",
        post_text=ngettext(
            "Share this [client] with others", "Share all %(count)s [clients] with others", len(clients)
        )
        % {"count": figure(len(clients))},
        downloads=take_links("take-use-away", search, firm, days) if clients else (),
        heads=(_("Name"), _("Who alone can open it"), _("Put right")),
        listing=list_page(
            visit,
            search,
            total=len(clients),
            page=partial(page_of_clients, now, clients),
            lines=partial(_lines, visit, found),
            heading=client_heading,
            empty=none_text(search),
        ),
    )
    return show(visit.request, "use/lines.html", page)


def _lines(visit: Visit, found: Sizing, numbers: Sequence[int]) -> list[UseLine]:
    now, holders = visit.firm_now, holders_by_client(found)
    rows = client_rows(now, visit.number, numbers, now.engagements)
    names, seen = SentenceNames(visit.firm, ()), found.use.seen
    lines = []
    for number in numbers:
        share = sharing_address(visit, number) if puts_right(visit) else ""
        lines.append(
            UseLine(
                name=rows[number].name,
                href=reverse("client-access", args=[visit.firm.pk, number]),
                notes=(names.member(holders[number]), seen_text(visit, holders[number], seen)),
                remedies=(Link(text=_("Share with somebody else"), href=share),) if share else (),
            )
        )
    return lines


def seen_text(visit: Visit, member: int, seen: Mapping[int, Instant]) -> str:
    """When the firm last saw the member, or that they are deactivated."""
    if member not in visit.firm_now.active_members:
        return _("Deactivated")
    if member not in seen:
        return _("Never seen")
    return _("Last seen on %(day)s") % {"day": day_at_text(seen[member], visit.zone)}


@needs(Capability.MANAGE, READS_AND_SENDS)
def share(visit: Visit, days: int) -> HttpResponse:
    """Begin the permissions wizard with all of these clients; nothing is changed before its check."""
    found = sizing(visit, days)
    if visit.request.method != "POST":
        return redirect("use-away", firm=visit.firm.pk, days=days)
    clients = clients_away(visit, found, read_search(visit, "", given={}))
    chosen = clients & visit.firm_now.shareable(visit.number)
    if not chosen:
        messages.info(visit.request, _("None of these [clients] is yours to share: ask somebody who may."))
        return redirect("use-away", firm=visit.firm.pk, days=days)
    row = start_draft(visit.firm.pk, visit.number, WIZARD)
    row.values = {"removes": False}
    row.clients = stored(chosen)
    row.save()
    messages.info(
        visit.request,
        _("Selected: %(clients)s. Say who is to be given access.") % {"clients": count_clients(len(chosen))},
    )
    return redirect("wizard-who", firm=visit.firm.pk)
