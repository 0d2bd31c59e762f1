"""The members and the clients of each side of a wall on its way, chosen from all of the firm's."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.web.browse.choosing import Choosing, Rows, choose
from ringfence.web.browse.choosing_clients import WholeClients
from ringfence.web.browse.choosing_members import Members
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .draft import SideDraft, WallDraft, raised, read_draft
from .sides import side_title

STEPS = (("wall-members", 1), ("wall-clients", 1), ("wall-members", 2), ("wall-clients", 2))
"""The pages on which the sides are chosen, in order."""


def lost(visit: Visit) -> HttpResponse:
    """The way on for who comes to a step without a draft."""
    firm, made = visit.firm.pk, raised(visit)
    if made in visit.firm_now.walls:
        return redirect("wall", firm=firm, number=made)
    messages.info(
        visit.request,
        _(
            "There is no wall that you have begun to raise or change: one is kept for a day, until it is "
            "saved. Begin here."
        ),
    )
    return redirect("walls", firm=firm)


def gone_notices(draft: WallDraft) -> tuple[str, ...]:
    """What of the choices is not in the firm any more."""
    gone = sum(side.gone for side in draft.sides)
    if not gone:
        return ()
    words = ngettext(
        "%(num)s that you had chosen is not in the firm any more and was left out.",
        "%(num)s that you had chosen are not in the firm any more and were left out.",
        gone,
    )
    return (words % {"num": gone},)


class SideQuestion(NamedTuple):
    """What one of the four pages asks, and how its answer is kept."""

    title: str
    lead: str
    rows: Rows
    offered: BitMap
    chosen: BitMap
    keep: Callable[[BitMap], None]
    none_chosen: str
    instead: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def members(visit: Visit, side: int) -> HttpResponse:
    """Choose the members of a side; inactive ones who stand on it already can stay."""
    return _ask(visit, ("wall-members", side), _about_members)


@needs(Capability.MANAGE, READS_AND_SENDS)
def clients(visit: Visit, side: int) -> HttpResponse:
    """Choose the clients of a side, each with all its services."""
    return _ask(visit, ("wall-clients", side), _about_clients)


def _about_members(visit: Visit, side: SideDraft) -> SideQuestion:
    return SideQuestion(
        title=_("Which [members] stand on this side?"),
        lead=_(
            "Everybody whom you tick is kept from all [clients] of the other side, whatever else gives them "
            "access. They are asked to acknowledge that work is kept apart, and never told the name of the "
            "wall."
        ),
        rows=Members(visit),
        offered=visit.firm_now.active_members | side.members,
        chosen=side.members,
        keep=side.choose_members,
        none_chosen=_("Select at least one [member], or say that there is nobody on this side"),
        instead=_("Nobody on this side"),
    )


def _about_clients(visit: Visit, side: SideDraft) -> SideQuestion:
    return SideQuestion(
        title=_("Which [clients] stand on this side?"),
        lead=_("Nobody of the other side can open the [clients] that you tick, with all their services."),
        rows=WholeClients(visit),
        offered=visit.firm_now.clients,
        chosen=side.clients,
        keep=side.choose_clients,
        none_chosen=_("Select at least one [client], or say that there are none on this side"),
        instead=_("No [clients] on this side"),
    )


def _ask(
    visit: Visit, step: tuple[str, int], about: Callable[[Visit, SideDraft], SideQuestion]
) -> HttpResponse:
    """One of the four pages. Whoever has seen the check goes back to it, others to the next page."""
    draft, (route, side) = read_draft(visit), step
    if draft is None:
        return lost(visit)
    if side not in (1, 2):
        raise Http404
    question = about(visit, draft.sides[side - 1])

    def go_without() -> HttpResponse:
        question.keep(BitMap())
        return _next(visit, draft, step)

    return choose(
        visit,
        Choosing(
            here=reverse(route, args=[visit.firm.pk, side]),
            title=question.title,
            caption=f"{draft.name}: {side_title(side)}",
            lead=question.lead,
            notices=gone_notices(draft),
            back=_back(visit, draft, step),
            rows=question.rows,
            offered=question.offered,
            chosen=question.chosen,
            keep=question.keep,
            go_on=lambda: _next(visit, draft, step),
            none_chosen=question.none_chosen,
            instead=question.instead,
            go_instead=go_without,
            token=draft.token,
            another=another_begun(),
        ),
    )


def another_begun() -> str:
    """The error of a form that was made for another draft."""
    return _("You began another wall meanwhile: this is that one")


def _next(visit: Visit, draft: WallDraft, step: tuple[str, int]) -> HttpResponse:
    at = STEPS.index(step) + 1
    if draft.checked or at == len(STEPS):
        draft.keep(checked=True)
        return redirect("wall-check", firm=visit.firm.pk)
    route, side = STEPS[at]
    return redirect(route, firm=visit.firm.pk, side=side)


def _back(visit: Visit, draft: WallDraft, step: tuple[str, int]) -> str:
    at = STEPS.index(step)
    if draft.checked:
        return reverse("wall-check", args=[visit.firm.pk])
    if not at:
        return reverse("raise-wall", args=[visit.firm.pk])
    route, side = STEPS[at - 1]
    return reverse(route, args=[visit.firm.pk, side])
