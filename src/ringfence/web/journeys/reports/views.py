"""The list of reports, each with its number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.refused_attempts import refused_attempts
from ringfence.web.browse.new_clients import DAYS, still_open
from ringfence.web.browse.report_line import ReportLine
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link, Page
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
        lines=(*_on_access(visit), *_on_what_was_done(visit)),
    )
    return show(visit.request, "reports/index.html", page)


def _line(visit: Visit, route: str, text: str, says: str, count: str = "") -> ReportLine:
    return ReportLine(link=Link(text=text, href=reverse(route, args=[visit.firm.pk])), says=says, count=count)


def _on_access(visit: Visit) -> Iterator[ReportLine]:
    """Who can open what, as the firm stands now."""
    now = visit.firm_now
    yield _line(
        visit,
        "report-closed",
        _("Closed to everybody"),
        _("[Clients] that nobody can open, with what closes them."),
        count_clients(len(now.coverage.nobody)),
    )
    yield _line(
        visit,
        "report-one-holder",
        _("With one holder"),
        _("[Clients] that only one person can open."),
        count_clients(len(now.coverage.one)),
    )
    yield _line(
        visit,
        "report-new",
        _("New and still open to all"),
        _("[Clients] added in the last %(days)s days that nobody was given access to.") % {"days": DAYS},
        count_clients(len(still_open(visit))),
    )
    yield _line(
        visit,
        "report-confidential",
        _("Confidential"),
        _("[Clients] that are marked confidential."),
        count_clients(len(now.confidential)),
    )
    yield _line(
        visit,
        "report-reach",
        _("Widest reach"),
        _("[Members] by how much they can open."),
        _("%(count)s active") % {"count": figure(len(now.active_members))},
    )


def _on_what_was_done(visit: Visit) -> Iterator[ReportLine]:
    """What was used, tried and asked, and what proves it."""
    yield _line(
        visit,
        "use",
        _("Use of access"),
        _("What was given and nobody used, and how to put it right."),
    )
    yield _line(
        visit,
        "report-refused",
        _("Refused attempts"),
        _("What [members] tried and may not do, counted by day."),
        figure(sum(each.count for each in refused_attempts(visit.firm.pk))),
    )
    yield _line(
        visit,
        "security-log",
        _("Security log"),
        _("Who signed in, failed to, or changed how they sign in."),
    )
    yield _line(
        visit,
        "decisions",
        _("Decisions"),
        _("What your firm’s other software asked, and what it was answered."),
        _("Logged") if visit.firm.logs_decisions else _("Not logged"),
    )
    yield _line(
        visit,
        "proof",
        _("Proof for outsiders"),
        _("Your firm’s public key, and where its ledger stood, signed for people outside."),
    )
    yield _line(
        visit,
        "packs",
        _("Auditor’s packs"),
        _("Who could open what, every change and the proof of both, in one file."),
    )
