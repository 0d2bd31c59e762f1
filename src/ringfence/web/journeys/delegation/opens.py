"""Which clients a delegation opens: one that stands, or one that is about to be saved, person by person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Refused, Way, preview, preview_once_on
from ringfence.access.listing.clients import engagements_matching, page_of_clients
from ringfence.core.terms import Reason, member_subject
from ringfence.web.browse.client_lines import ClientLine, client_heading, client_lines
from ringfence.web.browse.listing import ListPage, list_page
from ringfence.web.browse.search import read_search
from ringfence.web.queries.things import member_names, services_offered
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .making import command_of, read_wanted
from .rights import delegates_for, need_delegator, page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OpensPage(ListPage[ClientLine]):
    caption: str
    people: tuple[tuple[str, str], ...]
    """Everybody to whom clients are opened: number and name."""
    person: str
    """The number of whom they are shown for."""


@needs(Capability.MEMBER)
def stands(visit: Visit, member: int, delegate: int) -> HttpResponse:
    """The clients that the delegate opens by a delegation that stands."""
    if visit.number != delegate and not delegates_for(visit, member):
        raise PermissionDenied
    if not {member, delegate} <= set(visit.firm_now.members):
        raise Http404
    back = page_of(visit, visit.number if visit.number in (member, delegate) else member)
    if (member, delegate) not in visit.firm_now.delegations:
        # It was ended meanwhile.
        return redirect(back)
    way = Way(Reason.DELEGATED, member_subject(member))
    opened = visit.firm_now.ways(delegate).get(way, BitMap())
    names = member_names(visit.firm.pk, [member, delegate])
    words = {"delegator": names[member], "delegate": names[delegate]}
    return _list(
        visit,
        opened,
        here=reverse("delegation-clients", args=[visit.firm.pk, member, delegate]),
        kept={},
        title=_("What %(delegate)s opens by the delegation from %(delegator)s") % words,
        back=back,
        people=(),
    )


@needs(Capability.MEMBER)
def would(visit: Visit, member: int, delegate: int) -> HttpResponse:
    """The clients that a delegation would open, to the delegate and to everybody whom it reaches."""
    need_delegator(visit, member)
    given = visit.request.GET
    wanted = read_wanted(visit, given)
    if delegate not in visit.firm_now.members:
        raise Http404
    back = reverse("delegate-terms", args=[visit.firm.pk, member, delegate])
    if wanted.faults:
        return redirect(back)
    command = command_of(member, delegate, wanted)
    try:
        if visit.settings.control:
            gained = preview(visit.firm.pk, command, actor=visit.actor).difference.gained
        else:
            gained = preview_once_on(visit.firm.pk, command, actor=visit.actor).gained
    except Refused:
        # The form says why, once it is sent.
        return redirect(back)
    numbers = [number for number in visit.firm_now.members if number in gained]
    # The delegate first: it is them that it is made to.
    numbers.sort(key=lambda number: number != delegate)
    person = number_in(given.get("person", "")) or (numbers[0] if numbers else delegate)
    names = member_names(visit.firm.pk, {member, delegate, *numbers})
    here = reverse("delegation-opens", args=[visit.firm.pk, member, delegate])
    return _list(
        visit,
        gained[person].of(gained[person].clients) if person in gained else BitMap(),
        here=here,
        kept={**wanted.kept, "person": str(person)},
        title=_("What the delegation would open to %(member)s") % {"member": names.get(person, "")},
        back=f"{back}?{urlencode(wanted.kept)}",
        people=tuple((str(number), names[number]) for number in numbers),
    )


def _list(
    visit: Visit,
    opened: BitMap,
    *,
    here: str,
    kept: Mapping[str, str],
    title: str,
    back: str,
    people: tuple[tuple[str, str], ...],
) -> HttpResponse:
    """The clients of these engagements, searched."""
    now = visit.firm_now
    search = read_search(visit, here, services=services_offered(now, visit.number), kept=kept)
    found = now.clients_of(engagements_matching(now, visit.number, opened, search.wanted))
    page = OpensPage(
        frame=frame_for(visit, "account"),
        title=title,
        caption=_("Delegation"),
        back=back,
        errors=search.errors,
        people=people,
        person=kept.get("person", ""),
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=partial(page_of_clients, now, found),
            lines=lambda numbers: client_lines(visit, search, numbers, opened, route="client"),
            heading=client_heading,
            empty=_("Try fewer words, or clear the search.")
            if search.active
            else _("It opens no [client] that they cannot open already."),
        ),
    )
    return show(visit.request, "delegation/opens.html", page)
