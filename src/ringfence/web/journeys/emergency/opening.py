"""Opening a client in an emergency: what happens, who is told and for how long, with a reason; ending it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, execute
from ringfence.access.emergencies import may_open, shown_emergencies
from ringfence.access.listing.clients import client_name_of
from ringfence.core.commands.definitions import EndEmergency, OpenEmergency
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.previews.question import Question, asked
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.settings_text import value_name


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEmergencyPage(Page):
    caption: str
    level: str
    hours: str
    reason: str
    reason_error: str


@needs(Capability.USE_CLIENTS, READS_AND_SENDS)
def ask(visit: Visit, number: int) -> HttpResponse:
    """The form and what it sends; a client not to be known of is not found."""
    if not visit.firm_now.knows(visit.number, number):
        raise Http404
    record = reverse("client", args=[visit.firm.pk, number])
    if not may_open(visit.firm_now, visit.number, number):
        # Also the second of two clicks: the record, or why it is refused, says how it stands.
        return redirect(record)
    reason = showable(visit.request.POST.get("reason", "").strip())
    error = ""
    if visit.request.method == "POST":
        error = "" if reason else _("Enter why you need to open it now")
        if not error:
            try:
                execute(visit.firm.pk, OpenEmergency(client=number, reason=reason), actor=visit.actor)
            except Refused as refused:
                error = problem_sentence(refused)
            else:
                return redirect(record)
    settings = visit.settings
    page = OpenEmergencyPage(
        frame=frame_for(visit, "clients"),
        title=_("Open in an emergency"),
        caption=client_name_of(visit.firm.pk, [number])[number],
        back=record,
        row=client_pages(visit, number, "client"),
        errors=(ErrorLine(text=error, href="#reason"),) if error else (),
        level=level_shown(settings.emergency_level),
        hours=value_name("emergency_hours", settings.emergency_hours),
        reason=reason,
        reason_error=error,
    )
    return show(visit.request, "emergency/open.html", page)


@needs(Capability.MEMBER, READS_AND_SENDS)
def end(visit: Visit, number: int, member: int) -> HttpResponse:
    """End one's own emergency access, or that of another to a client that one may share: yes or no."""
    firm = visit.firm.pk
    opened = shown_emergencies(visit.firm_now, visit.number).get((number, member))
    if opened is None:
        raise Http404
    back = reverse("client", args=[firm, number]) if member == visit.number else _list(visit)
    if not opened.stands:
        return redirect(back)
    words = {
        "client": client_name_of(firm, [number])[number],
        "member": member_names(firm, [member]).get(member) or _("a former [member]"),
    }
    answer = asked(
        visit,
        EndEmergency(client=number, member=member),
        Question(
            title=_("End the emergency access of %(member)s to %(client)s") % words,
            text=_("Do you want to end it now?"),
            unanswered=_("Select yes if you want to end it now"),
            back=back,
        ),
    )
    if isinstance(answer, HttpResponse):
        return answer
    messages.success(visit.request, _("The emergency access of %(member)s to %(client)s has ended.") % words)
    return redirect(_list(visit) if member != visit.number else reverse("firm-home", args=[firm]))


def _list(visit: Visit) -> str:
    return reverse("emergencies", args=[visit.firm.pk])
