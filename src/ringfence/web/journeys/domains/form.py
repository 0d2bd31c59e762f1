"""Adding a domain, and removing one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.domains import DomainNotTaken, UnfitDomain, add_domain, remove_domain
from ringfence.web.browse.plain_question import PlainQuestion
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.domains import NOT_TAKEN, UNFIT
from ringfence.wording.saying import gettext as _

from .views import found


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDomainPage(Page):
    domain: str
    domain_error: str = ""


@needs(Capability.MANAGE, READS_AND_SENDS)
def add(visit: Visit) -> HttpResponse:
    """A domain that the firm says is its own; the next page says how to prove it."""
    if visit.request.method != "POST":
        return _page(visit, "")
    given = visit.request.POST.get("domain", "")
    try:
        domain = add_domain(visit.firm.pk, given, actor=visit.actor)
    except UnfitDomain as unfit:
        return _page(visit, given, str(UNFIT[unfit.why]))
    except DomainNotTaken as not_taken:
        return _page(visit, given, str(NOT_TAKEN[not_taken.why]))
    return redirect("domain", firm=visit.firm.pk, domain=domain.number)


@needs(Capability.MANAGE, READS_AND_SENDS)
def remove(visit: Visit, domain: int) -> HttpResponse:
    """The domain is the firm's no more."""
    kept, firm = found(visit, domain), visit.firm.pk
    answer = visit.request.POST.get("answer", "")
    if answer == "no":
        return redirect("domain", firm=firm, domain=domain)
    if answer == "yes":
        try:
            remove_domain(firm, domain, actor=visit.actor)
        except LookupError:
            return redirect("domains", firm=firm)
        messages.success(visit.request, _("%(domain)s is removed.") % {"domain": kept.text})
        return redirect("domains", firm=firm)
    error = _("Select yes if you want to remove it") if visit.request.method == "POST" else ""
    page = PlainQuestion(
        frame=frame_for(visit, "manage"),
        title=_("Remove the domain"),
        caption=kept.text,
        back=reverse("domain", args=[firm, domain]),
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        lead=(
            _("Addresses in it are no longer led to your firm’s sign-in, and nobody new is linked by one."),
            _("Who is linked already goes on signing in as before. Another firm may prove the domain."),
        ),
        question=_("Do you want to remove it?"),
        answer_error=error,
    )
    return show(visit.request, "shared/plain_question.html", page)


def _page(visit: Visit, given: str, error: str = "") -> HttpResponse:
    page = AddDomainPage(
        frame=frame_for(visit, "manage"),
        title=_("Add a domain"),
        back=reverse("domains", args=[visit.firm.pk]),
        errors=(ErrorLine(text=error, href="#domain"),) if error else (),
        domain=showable(given),
        domain_error=error,
    )
    return show(visit.request, "domains/add.html", page)
