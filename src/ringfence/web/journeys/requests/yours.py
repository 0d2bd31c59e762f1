"""One's own requests: how each stands, with the answer; and withdrawing one that is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import AskedFor, Refused, RequestState, execute
from ringfence.access.ledger.requests import asked_in, requests_of
from ringfence.access.listing.clients import client_name_of
from ringfence.core.commands.definitions import WithdrawRequest
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.browse.plain_question import PlainQuestion
from ringfence.web.browse.until import terms_text
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text

from .telling import STATES, end_reason, end_text

SHOWN = 25
"""Requests on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YourRequestLine:
    """One request of the visitor's."""

    client: str
    href: str
    """Empty for a client that they may no longer know of."""
    asked: str
    """When, and for what."""
    reason: str
    state: str
    open: bool
    answer: str
    answer_reason: str
    withdraw: str
    """Empty for one that is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YourRequestsListing:
    """One page of them, the latest first."""

    paging: Paging
    lines: tuple[YourRequestLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YourRequestsPage(Page):
    caption: str
    heading: str
    listing: YourRequestsListing


@needs(Capability.MEMBER)
def listing(visit: Visit) -> HttpResponse:
    """All that the visitor has ever asked for."""
    found = requests_of(visit.firm_now, visit.number)
    here = reverse("your-requests", args=[visit.firm.pk])
    number = asked_page(visit.request.GET, len(found), SHOWN)
    paging = Paging(total=len(found), number=number, size=SHOWN, path=here, query={})
    latest = sorted(found, reverse=True)[paging.offset : paging.offset + paging.size]
    page = YourRequestsPage(
        frame=frame_for(visit, "account"),
        title=_("Your requests"),
        caption=_("Your account"),
        back=reverse("your-account", args=[visit.firm.pk]),
        heading=_heading(paging),
        listing=YourRequestsListing(
            paging=paging, lines=tuple(_lines(visit, asked_in(visit.firm_now, visit.number, latest)))
        ),
    )
    return show(visit.request, "requests/yours.html", page)


def _lines(visit: Visit, asked: Iterable[AskedFor]) -> Iterable[YourRequestLine]:
    asked = list(asked)
    firm, now = visit.firm.pk, visit.firm_now
    known = {each.client for each in asked if now.knows(visit.number, each.client)}
    names = client_name_of(firm, known)
    people = member_names(firm, {each.end.by for each in asked if each.end is not None and each.end.by})
    for each in asked:
        client = each.client if each.client in known else 0
        state = each.end.outcome if each.end is not None else RequestState.OPEN
        yield YourRequestLine(
            client=names.get(client) or _("A [client] that you cannot see any more"),
            href=reverse("client", args=[firm, client]) if client else "",
            asked=f"{moment_text(each.opened, visit.zone)}: {terms_text(visit, each.level, each.expires)}",
            reason=each.reason,
            state=str(STATES[state]),
            open=each.end is None,
            answer=end_text(visit, each.end, people) if each.end is not None else "",
            answer_reason=end_reason(each.end) if each.end is not None else "",
            withdraw=reverse("withdraw-request", args=[firm, each.client]) if each.end is None else "",
        )


def _heading(paging: Paging) -> str:
    words = ngettext("%(total)s request", "%(total)s requests", paging.total)
    return words % paging.words if paging.total else _("You have not asked for anything.")


@needs(Capability.MEMBER, READS_AND_SENDS)
def withdraw(visit: Visit, number: int) -> HttpResponse:
    """Withdraw the request for the client (rules.md 7, `request.withdraw`): nobody's access changes."""
    back = reverse("your-requests", args=[visit.firm.pk])
    if (number, visit.number) not in visit.firm_now.requests:
        # It was answered or withdrawn: the list says which.
        return redirect(back)
    answer = visit.request.POST.get("answer", "")
    if answer == "yes":
        try:
            execute(visit.firm.pk, WithdrawRequest(client=number), actor=visit.actor)
            messages.success(visit.request, _("The request is withdrawn."))
        except Refused as refused:
            messages.error(visit.request, problem_sentence(refused))
    if answer in ("yes", "no"):
        return redirect(back)
    unanswered = visit.request.method == "POST"
    error = _("Select yes if you want to withdraw your request") if unanswered else ""
    known = visit.firm_now.knows(visit.number, number)
    page = PlainQuestion(
        frame=frame_for(visit, "account"),
        title=_("Withdraw your request"),
        caption=client_name_of(visit.firm.pk, [number])[number] if known else _("Your account"),
        back=back,
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        lead=(_("Nobody will answer it then. You can ask again."),),
        question=_("Do you want to withdraw your request?"),
        answer_error=error,
    )
    return show(visit.request, "shared/plain_question.html", page)
