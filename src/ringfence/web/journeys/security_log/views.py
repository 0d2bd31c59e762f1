"""The page of the security log: its lines, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.security_lines import SecurityLine, count_lines, security_lines
from ringfence.web.browse.paging import SIZE, Paging, asked_page
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.security_log import happened_text, seen_from_text
from ringfence.wording.times import second_text

from .seeking import SecuritySearch, seek


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line as it is shown."""

    when: str
    member: Link
    """Without a name where nobody of the firm is known."""
    what: str
    failed: bool
    count: str
    """How often; empty for once."""
    seen_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityLogPage(Page):
    lead: str
    search: SecuritySearch
    heading: str
    lines: tuple[LogLine, ...]
    paging: Paging
    downloads: tuple[Link, ...]


@needs(Capability.READ_CONTROL)
def listing(visit: Visit) -> HttpResponse:
    """The lines that are looked for."""
    firm, search = visit.firm.pk, seek(visit)
    total = 0 if search.errors else count_lines(firm, search.asked)
    number = asked_page(visit.request.GET, total, SIZE)
    paging = Paging(total=total, number=number, size=SIZE, path=search.action, query=search.query)
    found = security_lines(firm, search.asked, paging.offset, paging.size) if total else []
    days = settings.SECURITY_LOG_DAYS
    page = SecurityLogPage(
        frame=frame_for(visit, "manage"),
        title=_("Security log"),
        back=reverse("reports", args=[firm]),
        errors=search.lines,
        lead=ngettext(
            "Who signed in, failed to, or changed how they sign in. It is kept for %(days)s day.",
            "Who signed in, failed to, or changed how they sign in. It is kept for %(days)s days.",
            days,
        )
        % {"days": figure(days)},
        search=search,
        heading=_heading(paging),
        lines=tuple(log_lines(visit, found)),
        paging=paging,
        downloads=_downloads(firm, search) if total else (),
    )
    return show(visit.request, "security_log/list.html", page)


def _heading(paging: Paging) -> str:
    if not paging.total:
        return _("No lines")
    return ngettext("%(total)s line", "%(total)s lines", paging.total) % paging.words


def _downloads(firm: int, search: SecuritySearch) -> tuple[Link, ...]:
    forms = (
        ("security-log-csv", _("Download as CSV")),
        ("security-log-xlsx", _("Download as a spreadsheet")),
    )
    return tuple(Link(text=text, href=reverse(route, args=[firm]) + search.encoded) for route, text in forms)


def log_lines(visit: Visit, found: Sequence[SecurityLine]) -> list[LogLine]:
    """The lines as they are shown, on the page and in a file."""
    firm = visit.firm.pk
    people = member_names(firm, {line.member for line in found if line.member})
    return [
        LogLine(
            when=second_text(line.last_at, visit.zone),
            member=Link(
                text=people.get(line.member, ""),
                href=reverse("member", args=[firm, line.member]) if line.member else "",
            ),
            what=happened_text(line.kind, line.details),
            failed=line.failed,
            count=_times(line.count),
            seen_from=seen_from_text(line.seen_from.address, line.seen_from.browser, line.seen_from.system),
        )
        for line in found
    ]


def _times(count: int) -> str:
    if count == 1:
        return ""
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": figure(count)}
