"""Why one can open a client: what is safe for the member themselves (rules.md 2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access.reading import explained
from ringfence.core.terms import Reason
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.addresses import control_address
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import for_member
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProof:
    """Why, for one of the client's services."""

    service: str
    answer: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWhyPage(Page):
    caption: str
    proofs: tuple[OwnProof, ...]
    control: str


@needs(Capability.READ_CLIENTS)
def me(visit: Visit, number: int) -> HttpResponse:
    """Why the member themselves can open the client: what is safe for them (rules.md 2)."""
    now = visit.firm_now
    if not now.sees(visit.number, number):
        raise Http404
    found = explained(visit.firm_now, visit.number, number)
    names = SentenceNames(visit.firm, [number])
    proofs = tuple(
        OwnProof(
            service=names.service(one.service),
            answer=level_shown(one.decision.level, own=one.decision.reason is Reason.DIRECT),
            # The level, second of the lines, is said in the words of the firm's screens.
            reasons=_without_level(for_member(one, names, visit.settings)),
        )
        for one in found.engagements
        if one.decision.allowed
    )
    page = OwnWhyPage(
        frame=frame_for(visit, "clients"),
        title=_("Why you can open this [client]"),
        back=reverse("client", args=[visit.firm.pk, number]),
        row=client_pages(visit, number, "why-me"),
        caption=names.client(number),
        proofs=proofs,
        control=control_address(visit, number),
    )
    return show(visit.request, "record/why.html", page)


def _without_level(lines: tuple[str, ...]) -> tuple[str, ...]:
    return lines[:1] + lines[2:]
