"""Switching the log of decisions on and off, and saying for how long it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.decision_log import LEAST_DAYS, MOST_DAYS, switch_decision_log
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPage(Page):
    on: str
    """`yes`, `no`, or empty where nothing was chosen."""
    on_error: str
    days: str
    days_error: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def switch(visit: Visit) -> HttpResponse:
    """The form, as it stands or as it was sent."""
    if visit.request.method != "POST":
        on = "yes" if visit.firm.logs_decisions else "no"
        return _page(visit, on, str(visit.firm.decision_days))
    post = visit.request.POST
    on, days = post.get("on", ""), post.get("days", "").strip()
    count = number_in(days)
    on_error = "" if on in {"yes", "no"} else _("Choose whether answers are logged")
    # Who switches it off has no days to say: what is kept is kept as long as before.
    if on == "no" and not days:
        count = visit.firm.decision_days
    fits = LEAST_DAYS <= count <= MOST_DAYS
    told = _("Enter a number of days from %(least)s to %(most)s") % {"least": LEAST_DAYS, "most": MOST_DAYS}
    days_error = "" if fits else told
    if on_error or days_error:
        return _page(visit, on, days, on_error, days_error)
    switch_decision_log(visit.firm.pk, on=on == "yes", days=count, actor=visit.actor)
    messages.success(
        visit.request, _("Answers are logged from now on.") if on == "yes" else _("Answers are not logged.")
    )
    return redirect("decisions", firm=visit.firm.pk)


def _page(visit: Visit, on: str, days: str, on_error: str = "", days_error: str = "") -> HttpResponse:
    lines = ((on_error, "#on"), (days_error, "#days"))
    page = SwitchPage(
        frame=frame_for(visit, "manage"),
        title=_("Log of decisions"),
        back=reverse("decisions", args=[visit.firm.pk]),
        errors=tuple(ErrorLine(text=text, href=href) for text, href in lines if text),
        on=on,
        on_error=on_error,
        days=showable(days),
        days_error=days_error,
    )
    return show(visit.request, "decisions/switch.html", page)
