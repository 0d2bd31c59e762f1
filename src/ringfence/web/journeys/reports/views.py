"""The list of reports, each with its number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.refused_attempts import refused_attempts
from ringfence.web.browse.report_line import ReportLine
from ringfence.web.browse.reports_on_access import report_line, reports_on_access
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import control_off
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsPage(Page):
    off: str
    """What holds while control is off; empty while it is on."""
    lines: tuple[ReportLine, ...]


# Counting over all members takes its time in a large firm: no reader waits behind it.
@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def index(visit: Visit) -> HttpResponse:
    """Every report with its present number."""
    now = visit.firm_now
    page = ReportsPage(
        frame=frame_for(visit, "manage"),
        title=_("Reports"),
        back=reverse("manage", args=[visit.firm.pk]),
        off="" if now.settings.control else control_off(walls=now.walled),
        lines=(*reports_on_access(visit), *_on_what_was_done(visit)),
    )
    return show(visit.request, "reports/index.html", page)


def _on_what_was_done(visit: Visit) -> Iterator[ReportLine]:
    """What was used, tried and asked, and what proves it."""
    yield report_line(
        visit,
        "use",
        _("Use of access"),
        _("What was given and nobody used, and how to put it right."),
    )
    yield report_line(
        visit,
        "report-refused",
        _("Refused attempts"),
        _("What [members] tried and may not do, counted by day."),
        figure(sum(each.count for each in refused_attempts(visit.firm.pk))),
    )
    yield report_line(
        visit,
        "security-log",
        _("Security log"),
        _("Who signed in, failed to, or changed how they sign in."),
    )
    yield report_line(
        visit,
        "decisions",
        _("Decisions"),
        _("What your firm’s other software asked, and what it was answered."),
        _("Logged") if visit.firm.logs_decisions else _("Not logged"),
    )
    yield report_line(
        visit,
        "proof",
        _("Proof for outsiders"),
        _("Your firm’s public key, and where its ledger stood, signed for people outside."),
    )
    yield report_line(
        visit,
        "packs",
        _("Auditor’s packs"),
        _("Who could open what, every change and the proof of both, in one file."),
    )
