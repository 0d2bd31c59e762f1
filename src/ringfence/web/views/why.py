"""Why somebody can open a client or not: the proof for the control side, the safe text for oneself."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access.reading import explained, ways_in
from ringfence.core.terms import Reason
from ringfence.web.queries.firm_names import FirmNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.web.shell.words import level_text
from ringfence.wording import RemedyText, for_administrator, for_member, remedy_text
from ringfence.wording.saying import gettext as _

from .record import control_address

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
class WhyPage(Page):
    caption: str
    proofs: tuple[Proof, ...]
    remedies: tuple[RemedyText, ...]
    more_remedies: int
    control: str


@needs(Capability.READ_CLIENTS)
def me(visit: Visit, number: int) -> HttpResponse:
    """Why the member themselves can open the client: what is safe for them (rules.md 2)."""
    moment = visit.view.moment
    if not moment.sees(visit.number, number):
        raise Http404
    found = explained(visit.view, visit.number, number)
    names = FirmNames(visit.firm, [number])
    proofs = tuple(
        Proof(
            service=names.service(one.service),
            answer=level_text(one.decision.level, own=one.decision.reason is Reason.DIRECT),
            # The level, second of the lines, is said in the words of the firm's screens.
            reasons=_without_level(for_member(one, names, visit.settings)),
            ways=(),
            facts=(),
        )
        for one in found.engagements
        if one.decision.allowed
    )
    page = WhyPage(
        frame=frame_for(visit, "clients"),
        title=_("Why you can open this [client]"),
        back=reverse("client", args=[visit.firm.pk, number]),
        caption=names.client(number),
        proofs=proofs,
        remedies=(),
        more_remedies=0,
        control=control_address(visit, number),
    )
    return show(visit.request, "clients/why.html", page)


def _without_level(lines: tuple[str, ...]) -> tuple[str, ...]:
    return lines[:1] + lines[2:]


@needs(Capability.READ_CONTROL)
def member(visit: Visit, number: int, member: int) -> HttpResponse:
    """Why any member can open a client or not, and for a denial what would change it (rules.md 2)."""
    state = visit.view.moment.state
    if number not in state.register.clients or member not in state.members:
        raise Http404
    found = explained(visit.view, member, number)
    names = FirmNames(visit.firm, [number])
    ways = ways_in(visit.view, member, number)
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
        caption=names.client(number),
        proofs=tuple(proofs),
        remedies=tuple(remedy_text(each, member, names, state.register) for each in ways[:MOST_REMEDIES]),
        more_remedies=max(0, len(ways) - MOST_REMEDIES),
        control="",
    )
    return show(visit.request, "clients/why.html", page)


def _why_title(part: bool, whole: bool) -> str:
    if whole:
        return _("Why %(member)s can open this [client]")
    if part:
        return _("Why %(member)s can open a part of this [client]")
    return _("Why %(member)s cannot open this [client]")
