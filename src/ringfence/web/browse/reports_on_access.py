"""The reports on who can open what, each with its present number.

They stand on the page of reports and, for who audits a firm, on the page that they begin with.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .new_clients import DAYS, still_open
from .report_line import ReportLine


def report_line(visit: Visit, route: str, text: str, says: str, count: str = "") -> ReportLine:
    """The line of the report that is at the route."""
    return ReportLine(link=Link(text=text, href=reverse(route, args=[visit.firm.pk])), says=says, count=count)


def reports_on_access(visit: Visit) -> Iterator[ReportLine]:
    """Who can open what, as the firm stands now."""
    now = visit.firm_now
    yield report_line(
        visit,
        "report-closed",
        _("Closed to everybody"),
        _("[Clients] that nobody can open, with what closes them."),
        count_clients(len(now.coverage.nobody)),
    )
    yield report_line(
        visit,
        "report-one-holder",
        _("With one holder"),
        _("[Clients] that only one person can open."),
        count_clients(len(now.coverage.one)),
    )
    yield report_line(
        visit,
        "report-new",
        _("New and still open to all"),
        _("[Clients] added in the last %(days)s days that nobody was given access to.") % {"days": DAYS},
        count_clients(len(still_open(visit))),
    )
    yield report_line(
        visit,
        "report-confidential",
        _("Confidential"),
        _("[Clients] that are marked confidential."),
        count_clients(len(now.confidential)),
    )
    yield report_line(
        visit,
        "report-reach",
        _("Widest reach"),
        _("[Members] by how much they can open."),
        _("%(count)s active") % {"count": figure(len(now.active_members))},
    )
