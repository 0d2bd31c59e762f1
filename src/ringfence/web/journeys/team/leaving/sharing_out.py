"""Choosing who takes over what: one colleague for all, or several, each with the clients that go to them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.handing_over import kept_by_block, own_clients
from ringfence.web.browse.choosing import Choosing, choose
from ringfence.web.browse.choosing_clients import WholeClients
from ringfence.web.browse.colleagues import colleagues
from ringfence.web.journeys.team.person import member_row
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .draft import heirs, keep, successors
from .start import EACH


@dataclass(frozen=True, slots=True, kw_only=True)
class HeirLine:
    """A colleague with the clients that go to them."""

    name: str
    clients: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedOutPage(Page):
    caption: str
    heirs: tuple[HeirLine, ...]
    rest: str
    """How many clients go to nobody yet; empty for none."""
    needed: str
    """That some of these need somebody; empty for none."""
    add: str
    """Where a colleague is chosen; empty where all are given."""
    go_on: str


@needs(Capability.MANAGE)
def choose_successor(visit: Visit, member: int) -> HttpResponse:
    """Choose who takes over all of the member's own access."""
    firm, row = visit.firm.pk, member_row(visit, member)
    checking = reverse("deactivate-check", args=[firm, member])
    return colleagues(
        visit,
        caption=row.name,
        title=_("Who takes over from %(member)s?") % {"member": row.name},
        lead=_(
            "They are given what was given to this person alone. [Groups] and delegations are not "
            "handed over."
        ),
        here=reverse("choose-successor", args=[firm, member]),
        back=reverse("deactivate-member", args=[firm, member]),
        within=successors(visit, member),
        address=lambda number: f"{checking}?to={number}",
    )


@needs(Capability.MANAGE)
def shared_out(visit: Visit, member: int) -> HttpResponse:
    """Who takes over what, as far as it is chosen."""
    firm, row = visit.firm.pk, member_row(visit, member)
    chosen = heirs(visit, member)
    if not chosen:
        return redirect("choose-heir", firm=firm, member=member)
    names = member_names(firm, chosen)
    given = BitMap.union(*chosen.values())
    left = len(own_clients(visit.firm_now, member) - given)
    lacking = len(visit.firm_now.last_owned_by(member) - given)
    rest = ngettext("%(count)s [client] goes to nobody yet.", "%(count)s [clients] go to nobody yet.", left)
    needed = ngettext(
        "%(count)s [client] without another [owner] goes to nobody yet: choose somebody for it.",
        "%(count)s [clients] without another [owner] go to nobody yet: choose somebody for them.",
        lacking,
    )
    page = SharedOutPage(
        frame=frame_for(visit, "manage"),
        title=_("Who takes over what"),
        caption=row.name,
        back=reverse("deactivate-member", args=[firm, member]),
        heirs=tuple(
            HeirLine(
                name=names.get(heir, ""),
                clients=count_clients(len(clients)),
                change=reverse("heir-clients", args=[firm, member, heir]),
            )
            for heir, clients in chosen.items()
        ),
        rest=rest % {"count": figure(left)} if left else "",
        needed=needed % {"count": figure(lacking)} if lacking else "",
        add=reverse("choose-heir", args=[firm, member]) if left else "",
        go_on=f"{reverse('deactivate-check', args=[firm, member])}?to={EACH}",
    )
    return show(visit.request, "team/shared_out.html", page)


@needs(Capability.MANAGE)
def choose_heir(visit: Visit, member: int) -> HttpResponse:
    """Choose a colleague who takes over some of the clients."""
    firm, row = visit.firm.pk, member_row(visit, member)
    begun = heirs(visit, member)
    return colleagues(
        visit,
        caption=row.name,
        title=_("Who takes over some of the [clients]?"),
        lead=_("Choose one colleague now. Next you choose the [clients] that go to them."),
        here=reverse("choose-heir", args=[firm, member]),
        back=reverse("share-out" if begun else "deactivate-member", args=[firm, member]),
        within=successors(visit, member),
        address=lambda number: reverse("heir-clients", args=[firm, member, number]),
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def heir_clients(visit: Visit, member: int, heir: int) -> HttpResponse:
    """Choose the clients that go to one colleague, of those that go to nobody else."""
    firm, row = visit.firm.pk, member_row(visit, member)
    if heir not in successors(visit, member):
        raise Http404
    begun = heirs(visit, member)
    others = BitMap.union(BitMap(), *(clients for number, clients in begun.items() if number != heir))
    name = member_names(firm, [heir]).get(heir, "")

    def on_to_all() -> HttpResponse:
        return redirect("share-out", firm=firm, member=member)

    def none_of_them() -> HttpResponse:
        keep(visit, member, {**begun, heir: BitMap()})
        return on_to_all()

    return choose(
        visit,
        Choosing(
            here=reverse("heir-clients", args=[firm, member, heir]),
            title=_("Which [clients] go to %(member)s?") % {"member": name},
            caption=row.name,
            lead=_("What was given to the leaver alone on these is given to this colleague instead."),
            back=reverse("share-out" if begun else "choose-heir", args=[firm, member]),
            rows=WholeClients(visit),
            offered=own_clients(visit.firm_now, member)
            - others
            - kept_by_block(visit.firm_now, member, heir),
            chosen=begun.get(heir, BitMap()),
            keep=lambda chosen: keep(visit, member, {**begun, heir: chosen}),
            go_on=on_to_all,
            none_chosen=_("Select at least one [client], or go on without any"),
            instead=_("Go on without any"),
            go_instead=none_of_them,
        ),
    )
