"""One wall: who and what stands on each side, what it overrules, changing and lowering it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Side, Sides, Wall
from ringfence.access.listing.clients import clients_matching
from ringfence.access.reading import refused_on_own_wall
from ringfence.core.commands.definitions import LowerWall
from ringfence.web.browse.client_lines import control_listing
from ringfence.web.browse.client_list import ClientListPage
from ringfence.web.browse.member_list import member_list
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.previews.outcome import FIRST, NameList, PreviewNames, rest_words
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

from .conflicts import ConflictsBox, conflicts_box
from .draft import begin_change
from .sides import clients_named, members_named, side_title, state_words, wall_at, who_can


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBox:
    """One side as the page of the wall shows it."""

    title: str
    members: NameList
    members_link: str
    clients: NameList
    clients_link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WallPage(Page):
    state: str
    reason: str
    known: NameList
    """The members who have acknowledged it, each with when."""
    asked: NameList
    """Those who have not."""
    sides: tuple[SideBox, ...]
    conflicts: ConflictsBox
    change: str
    lower: str
    """Where it is changed and lowered; empty for who may not."""
    who_can: str
    """Who could, where the visitor stands on it and may not."""


@needs(Capability.READ_CONTROL)
def wall(visit: Visit, number: int) -> HttpResponse:
    """The wall as it stands; whoever stands on it themselves is told who decides about it."""
    firm = visit.firm.pk
    name, reason, wall_now = wall_at(visit, number)
    sides = wall_now.sides
    manages = visit.can(Capability.MANAGE)
    stands = manages and refused_on_own_wall(visit.firm_now, visit.number, number) is not None
    naming = PreviewNames(visit)
    page = WallPage(
        frame=frame_for(visit, "manage"),
        title=name,
        back=reverse("walls", args=[firm]),
        state=state_words(wall_now, visit),
        reason=reason,
        known=_acknowledged(visit, wall_now, naming),
        asked=members_named(wall_now.members - wall_now.acknowledged.keys(), naming),
        sides=tuple(_sides(visit, number, sides, naming)),
        conflicts=conflicts_box(visit, sides, reverse("wall-conflicts", args=[firm, number]), naming),
        change=reverse("change-wall", args=[firm, number]) if manages and not stands else "",
        lower=reverse("lower-wall", args=[firm, number]) if manages and not stands else "",
        who_can=who_can(visit, number) if stands else "",
    )
    return show(visit.request, "walls/wall.html", page)


def _acknowledged(visit: Visit, wall: Wall, naming: PreviewNames) -> NameList:
    """By name, with the day on which they did."""
    known = [
        (name, wall.acknowledged[number]) for number, name in naming.members if number in wall.acknowledged
    ]
    lines = tuple((name, moment_text(at, visit.zone)) for name, at in known[:FIRST])
    return NameList(total=len(known), lines=lines, rest=rest_words(len(known)))


def _sides(visit: Visit, wall: int, sides: Sides, naming: PreviewNames) -> Iterator[SideBox]:
    for number, side in enumerate(sides, 1):
        place = [visit.firm.pk, wall, number]
        members, clients = members_named(side.members, naming), clients_named(side.clients, naming)
        yield SideBox(
            title=side_title(number),
            members=members,
            members_link=reverse("wall-side-members", args=place) if members.rest else "",
            clients=clients,
            clients_link=reverse("wall-side-clients", args=place) if clients.total else "",
        )


@needs(Capability.READ_CONTROL)
def side_members(visit: Visit, number: int, side: int) -> HttpResponse:
    """The members of one side."""
    name, found = _side_at(visit, number, side)
    firm = visit.firm.pk
    return member_list(
        visit,
        found.members,
        here=reverse("wall-side-members", args=[firm, number, side]),
        title=side_title(side),
        caption=name,
        back=reverse("wall", args=[firm, number]),
        section="manage",
        leads=lambda member: reverse("member", args=[firm, member]),
    )


@needs(Capability.READ_CONTROL)
def side_clients(visit: Visit, number: int, side: int) -> HttpResponse:
    """The clients of one side; each leads to who can open it."""
    name, found = _side_at(visit, number, side)
    now = visit.firm_now
    here = reverse("wall-side-clients", args=[visit.firm.pk, number, side])
    search: SearchForm = read_search(visit, here, services=services_of(visit.firm.pk))
    clients = clients_matching(now, visit.number, BitMap(found.clients) & now.clients, search.wanted)
    page = ClientListPage(
        frame=frame_for(visit, "manage"),
        title=f"{name}: {side_title(side)}",
        back=reverse("wall", args=[visit.firm.pk, number]),
        errors=search.errors,
        listing=control_listing(visit, search, clients, now.engagements_of_all(clients)),
        add="",
        others=(),
        taken=(),
    )
    return show(visit.request, "shared/client_list.html", page)


def _side_at(visit: Visit, number: int, side: int) -> tuple[str, Side]:
    name, _reason, found = wall_at(visit, number)
    if side not in (1, 2):
        raise Http404
    return name, found.sides[side - 1]


@needs(Capability.MANAGE, READS_AND_SENDS)
def change(visit: Visit, number: int) -> HttpResponse:
    """Begin a change of the wall, from its sides as they are; whoever only comes here is shown the wall."""
    name, reason, _wall_now = wall_at(visit, number)
    if visit.request.method != "POST" or _told_to_ask(visit, number):
        return redirect("wall", firm=visit.firm.pk, number=number)
    begin_change(visit, number, name, reason)
    return redirect("wall-check", firm=visit.firm.pk)


@needs(Capability.MANAGE, READS_AND_SENDS)
def lower(visit: Visit, number: int) -> HttpResponse:
    """Lower the wall after yes, with what that gives back."""
    firm = visit.firm.pk
    name = wall_at(visit, number).name
    if _told_to_ask(visit, number):
        return redirect("wall", firm=firm, number=number)
    return asked_and_done(
        visit,
        LowerWall(wall=number),
        Question(
            title=_("Lower the wall %(wall)s") % {"wall": name},
            text=_("Do you want to lower it?"),
            unanswered=_("Select yes if you want to lower the wall"),
            lead=_(
                "What its [members] were given counts again on the [clients] of the other side, from that "
                "moment on. The wall and its two sides are not kept: they stay in the ledger."
            ),
            back=reverse("wall", args=[firm, number]),
            section="manage",
        ),
        done=_("The wall %(wall)s is lowered.") % {"wall": name},
        to=reverse("walls", args=[firm]),
    )


def _told_to_ask(visit: Visit, number: int) -> bool:
    """Whether the visitor stands on the wall and may not change it; they are told who can."""
    if refused_on_own_wall(visit.firm_now, visit.number, number) is None:
        return False
    messages.error(visit.request, who_can(visit, number))
    return True
