"""A client's services: adding one, another tax reference, removing one (rules.md 7, `engagement.*`)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac

from ringfence.access import Overtaken, Refused
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import ClientRight, EngagementRight
from ringfence.core.commands.definitions import AddEngagement, ChangeEngagement, RemoveEngagement
from ringfence.core.refusals import Refusal
from ringfence.firms.models import Engagement
from ringfence.web.previews.confirm import changed_meanwhile, execute_shown
from ringfence.web.previews.question import Question, asked, refused_in
from ringfence.web.queries.things import Choice, services_of, services_offered
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import client_address, need_change
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.references import masked
from ringfence.wording.saying import gettext as _
from ringfence.wording.tax_references import doubt_text


@dataclass(frozen=True, slots=True, kw_only=True)
class AddServicePage(Page):
    caption: str
    services: tuple[Choice, ...]
    """Those that the client does not have yet."""
    service: int
    service_error: str
    reference: str
    reference_error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxReferencePage(Page):
    caption: str
    reference: str
    reference_error: str
    hint: str
    """The end of the tax reference where the visitor may not read the whole of it."""
    was: str
    """What the tax reference that the form began with is known by."""


@needs(Capability.MEMBER, READS_AND_SENDS)
def add(visit: Visit, number: int) -> HttpResponse:
    """Which service, with its tax reference; then what adding it does, and yes or no."""
    need_change(visit, ClientRight.DESCRIBE, number)
    post = visit.request.POST
    if visit.request.method != "POST":
        return _add_page(visit, number)
    service, reference = number_in(post.get("service", "")), post.get("reference", "").strip()
    offered = {choice.number: choice.name for choice in _free_services(visit, number)}
    if service not in offered:
        return _add_page(visit, number, reference=reference, service_error=_("Select a service"))
    command = AddEngagement(client=number, service=service, reference=reference)
    refused = refused_in(visit, command)
    if refused is not None:
        return _add_page(
            visit, number, service=service, reference=reference, reference_error=problem_sentence(refused)
        )
    words = {"service": offered[service], "client": _name(visit, number)}
    answer = asked(
        visit,
        command,
        Question(
            title=_("Add the service %(service)s to %(client)s") % words,
            lead=doubt_text(reference, offered[service]),
            text=_("Do you want to add this service?"),
            unanswered=_("Select yes if you want to add this service"),
            back=reverse("add-client-service", args=[visit.firm.pk, number]),
            kept={"service": str(service), "reference": reference},
        ),
        form=True,
    )
    if isinstance(answer, HttpResponse):
        return answer
    messages.success(visit.request, _("%(client)s has the service %(service)s now.") % words)
    return redirect(client_address(visit, number))


@needs(Capability.MEMBER, READS_AND_SENDS)
def tax_reference(visit: Visit, number: int, engagement: int) -> HttpResponse:
    """Another tax reference for one service; who may not read the present one sees its end alone."""
    row = _engagement(visit, number, engagement, EngagementRight.REFER)
    reads = visit.firm_now.can(visit.number, engagement)
    stands, ending = row.reference if reads else "", "" if reads else masked(row.reference)
    if visit.request.method != "POST":
        return _tax_reference_page(visit, number, row, given=stands, hint=ending)
    given = visit.request.POST.get("reference", "").strip()
    error = ""
    if visit.request.POST.get("was", "") != _mark_of(row.reference):
        error = _("Somebody changed this [tax reference] meanwhile: check it, and save again")
    elif not given and not reads:
        error = _("Enter the whole [tax reference]")
    else:
        try:
            command = ChangeEngagement(engagement=engagement, reference=given)
            execute_shown(visit, command)
        except Overtaken:
            error = changed_meanwhile()
        except Refused as refused:
            error = "" if refused.refusal is Refusal.CONFLICT else problem_sentence(refused)
        else:
            messages.success(visit.request, _("The [tax reference] is saved."))
            if doubt := doubt_text(given, _service_name(visit, row.service)):
                messages.warning(visit.request, doubt)
    if not error:
        return redirect(client_address(visit, number))
    return _tax_reference_page(visit, number, row, given=given, hint=ending, error=error)


@needs(Capability.MEMBER, READS_AND_SENDS)
def remove(visit: Visit, number: int, engagement: int) -> HttpResponse:
    """Yes removes the service from the client, with every grant on it."""
    if visit.request.method == "POST" and _gone(visit, number, engagement):
        # The second of two clicks.
        return redirect(client_address(visit, number))
    row = _engagement(visit, number, engagement, EngagementRight.END)
    words = {"service": _service_name(visit, row.service), "client": _name(visit, number)}
    back = client_address(visit, number)
    answer = asked(
        visit,
        RemoveEngagement(engagement=engagement),
        Question(
            title=_("Remove the service %(service)s from %(client)s") % words,
            lead=_(
                "Its tax reference, its documents and all access that was given to it alone go with it. It "
                "cannot be put back."
            ),
            text=_("Do you want to remove this service?"),
            unanswered=_("Select yes if you want to remove this service"),
            back=back,
        ),
    )
    if isinstance(answer, HttpResponse):
        return answer
    messages.success(visit.request, _("%(client)s has the service %(service)s no longer.") % words)
    return redirect(back)


def _engagement(visit: Visit, client: int, engagement: int, change: EngagementRight) -> Engagement:
    """The row of this engagement of this client, for who may make the change."""
    if engagement not in visit.firm_now.engagements_of(client):
        raise Http404
    need_change(visit, change, engagement)
    return Engagement.objects.get(firm=visit.firm.pk, number=engagement)


def _gone(visit: Visit, client: int, engagement: int) -> bool:
    firm_now = visit.firm_now
    known = client in firm_now.known_clients(visit.number)
    return (
        known
        and firm_now.client_of(engagement) == client
        and engagement not in firm_now.engagements_of(client)
    )


def _free_services(visit: Visit, client: int) -> list[Choice]:
    """The services offered to the visitor that the client does not have."""
    firm_now = visit.firm_now
    return [
        choice
        for choice in services_offered(firm_now, visit.number)
        if firm_now.engagement_for(client, choice.number) is None
    ]


def _name(visit: Visit, client: int) -> str:
    return client_name_of(visit.firm.pk, [client])[client]


def _service_name(visit: Visit, service: int) -> str:
    return dict(services_of(visit.firm.pk)).get(service, "")


def _add_page(
    visit: Visit,
    number: int,
    *,
    service: int = 0,
    reference: str = "",
    service_error: str = "",
    reference_error: str = "",
) -> HttpResponse:
    errors = [ErrorLine(text=service_error, href="#service")] if service_error else []
    errors += [ErrorLine(text=reference_error, href="#reference")] if reference_error else []
    page = AddServicePage(
        frame=frame_for(visit, "clients"),
        title=_("Which service do you want to add?"),
        caption=_name(visit, number),
        back=client_address(visit, number),
        errors=tuple(errors),
        services=tuple(_free_services(visit, number)),
        service=service,
        service_error=service_error,
        reference=showable(reference),
        reference_error=reference_error,
    )
    return show(visit.request, "changing/add_service.html", page)


def _mark_of(reference: str) -> str:
    """Another one for another tax reference, and nothing of it to be read."""
    return salted_hmac("tax-reference", reference).hexdigest()[:16]


def _tax_reference_page(
    visit: Visit, number: int, row: Engagement, *, given: str, hint: str, error: str = ""
) -> HttpResponse:
    page = TaxReferencePage(
        frame=frame_for(visit, "clients"),
        title=_("What is the [tax reference]?"),
        caption=f"{_name(visit, number)}: {_service_name(visit, row.service)}",
        back=client_address(visit, number),
        errors=(ErrorLine(text=error, href="#reference"),) if error else (),
        reference=showable(given),
        reference_error=error,
        hint=hint,
        was=_mark_of(row.reference),
    )
    return show(visit.request, "changing/tax_reference.html", page)
