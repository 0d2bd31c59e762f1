"""Steps 1 and 2 of adding a client: who it is, and its services with their tax references."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused
from ringfence.core.commands.definitions import AddClient, ClientRow
from ringfence.core.refusals import Problem
from ringfence.web.previews.question import refused_in
from ringfence.web.queries.drafts import drop_draft
from ringfence.web.queries.things import services_offered
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .draft import PURPOSE, ClientDraft, begin_again, begin_draft, caption, read_draft

FIELDS = ("name", "reference", "kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoPage(Page):
    caption: str
    given: dict[str, str]
    faults: dict[str, str]
    draft: bool


class ServiceTick(NamedTuple):
    """A service that can be chosen, with its tax reference."""

    number: int
    name: str
    checked: bool
    reference: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesPage(Page):
    caption: str
    services: tuple[ServiceTick, ...]


@needs(Capability.USE_CLIENTS, READS_AND_SENDS)
def details(visit: Visit) -> HttpResponse:
    """Step 1: name, client reference and kind, checked for form and for being free."""
    firm, post = visit.firm.pk, visit.request.POST
    draft = read_draft(visit)
    if visit.request.method != "POST":
        stands = {field: getattr(draft, field) if draft else "" for field in FIELDS}
        return _who_page(visit, draft, stands, {})
    if post.get("go") == "discard":
        drop_draft(firm, visit.number, PURPOSE)
        messages.success(visit.request, _("The [client] that you had begun to add is discarded."))
        return redirect("clients", firm=firm)
    given = {field: post.get(field, "").strip() for field in FIELDS}
    fault = refused_in(visit, AddClient(client=_row(given)))
    if fault is not None:
        field = "name" if fault.field not in FIELDS else fault.field
        return _who_page(visit, draft, given, {field: _sentence(fault)})
    begin_draft(visit, given["name"], given["reference"], given["kind"])
    return redirect("add-client-services", firm=firm)


def _row(given: dict[str, str]) -> ClientRow:
    return ClientRow(name=given["name"], reference=given["reference"], kind=given["kind"], grants=())


def _sentence(refused: Refused) -> str:
    if refused.problem is Problem.TEXT_EMPTY:
        return _("Enter the name of the [client]")
    return problem_sentence(refused)


def _who_page(
    visit: Visit, draft: ClientDraft | None, given: dict[str, str], faults: dict[str, str]
) -> HttpResponse:
    page = WhoPage(
        frame=frame_for(visit, "clients"),
        title=_("Who is the [client]?"),
        caption=caption(1),
        back=reverse("clients", args=[visit.firm.pk]),
        errors=tuple(ErrorLine(text=faults[field], href=f"#{field}") for field in FIELDS if field in faults),
        given={field: showable(text) for field, text in given.items()},
        faults=faults,
        draft=draft is not None,
    )
    return show(visit.request, "adding/who.html", page)


@needs(Capability.USE_CLIENTS, READS_AND_SENDS)
def services(visit: Visit) -> HttpResponse:
    """Step 2: which services, each with its tax reference; none is the service General."""
    draft = read_draft(visit)
    if draft is None or not draft.name:
        return begin_again(visit)
    if visit.request.method != "POST":
        return _services_page(visit, draft.services, {})
    post = visit.request.POST
    ticked = set(post.getlist("service"))
    chosen = {
        choice.number: post.get(f"reference-{choice.number}", "").strip()
        for choice in services_offered(visit.firm_now, visit.number)
        if str(choice.number) in ticked
    }
    faults = _service_faults(visit, draft, chosen)
    if faults:
        return _services_page(visit, chosen, faults)
    draft.keep(services={str(number): text for number, text in chosen.items()})
    return redirect("add-client-access", firm=visit.firm.pk)


def _service_faults(visit: Visit, draft: ClientDraft, chosen: dict[int, str]) -> dict[int, str]:
    """What is wrong with which service; each is asked for by itself where they are refused together."""

    def fault(services: dict[int, str]) -> Refused | None:
        return refused_in(visit, AddClient(client=ClientRow(name=draft.name, services=services, grants=())))

    if fault(chosen) is None:
        return {}
    alone = {number: fault({number: text}) for number, text in chosen.items()}
    return {number: problem_sentence(refused) for number, refused in alone.items() if refused is not None}


def _services_page(visit: Visit, chosen: dict[int, str], faults: dict[int, str]) -> HttpResponse:
    page = ServicesPage(
        frame=frame_for(visit, "clients"),
        title=_("Which services do you provide?"),
        caption=caption(2),
        back=reverse("add-client", args=[visit.firm.pk]),
        errors=tuple(ErrorLine(text=text, href=f"#reference-{number}") for number, text in faults.items()),
        services=tuple(
            ServiceTick(
                number=choice.number,
                name=choice.name,
                checked=choice.number in chosen,
                reference=showable(chosen.get(choice.number, "")),
                error=faults.get(choice.number, ""),
            )
            for choice in services_offered(visit.firm_now, visit.number)
        ),
    )
    return show(visit.request, "adding/services.html", page)
