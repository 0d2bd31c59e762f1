"""Why a member can open a client or not, for the control side: the proof, and what would change it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access.reading import explained, ways_in
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import RemedyText, for_administrator, remedy_text
from ringfence.wording.saying import gettext as _

MOST_REMEDIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Why, for one of the client's services."""

    service: str
    answer: str
    reasons: tuple[str, ...]
    ways: tuple[str, ...]
    """Member → group → grant → client, one line for each way that won."""
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """What would let the member in, with where the visitor carries it out; empty where others must."""

    text: RemedyText
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage(Page):
    caption: str
    proofs: tuple[Proof, ...]
    remedies: tuple[WayIn, ...]
    more_remedies: int


@needs(Capability.READ_CONTROL)
def member(visit: Visit, number: int, member: int) -> HttpResponse:
    """Why any member can open a client or not, and for a denial what would change it (rules.md 2)."""
    now = visit.firm_now
    if number not in now.clients or member not in now.members:
        raise Http404
    found = explained(visit.firm_now, member, number)
    names = SentenceNames(visit.firm, [number])
    ways = ways_in(visit.firm_now, member, number)
    proofs = []
    for one in found.engagements:
        lines = for_administrator(one, names)
        by_kind: dict[str, list[str]] = {}
        for line in lines:
            by_kind.setdefault(line.kind, []).append(line.text)
        proofs.append(
            Proof(
                service=names.service(one.service),
                answer=" ".join(by_kind.get("answer", [])),
                reasons=tuple(by_kind.get("reason", [])),
                ways=tuple(by_kind.get("way", [])),
                facts=tuple(by_kind.get("fact", [])),
            )
        )
    title = _why_title(found.sees, all(one.decision.allowed for one in found.engagements))
    page = WhyPage(
        frame=frame_for(visit, "manage"),
        title=title % {"member": names.member(member)},
        back=reverse("client-access", args=[visit.firm.pk, number]),
        row=client_pages(visit, number, "client-access"),
        caption=names.client(number),
        proofs=tuple(proofs),
        remedies=tuple(
            WayIn(
                text=remedy_text(each, member, names, now, reader=visit.number),
                href=reverse("carry-out", args=[visit.firm.pk, number, member, place])
                if visit.number in each.steps[0].makers
                else "",
            )
            for place, each in enumerate(ways[:MOST_REMEDIES], start=1)
        ),
        more_remedies=max(0, len(ways) - MOST_REMEDIES),
    )
    return show(visit.request, "access/why.html", page)


def _why_title(part: bool, whole: bool) -> str:
    if whole:
        return _("Why %(member)s can open this [client]")
    if part:
        return _("Why %(member)s can open a part of this [client]")
    return _("Why %(member)s cannot open this [client]")
