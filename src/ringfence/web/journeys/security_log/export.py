"""The lines that the page of the security log has found, as a file: the same rows in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from django.http import HttpResponse

from ringfence.access.security_lines import SecurityLine, count_lines, security_lines
from ringfence.core.terms import Export, Instant
from ringfence.lists.export.writing import Cells, Format
from ringfence.web.browse.downloads import FilePart, take_list
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.security_log import happened_text, seen_from_text

from .seeking import SecuritySearch, seek

AT_ONCE = 1_000
"""Lines that are read at once."""


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def as_csv(visit: Visit) -> HttpResponse:
    """As CSV."""
    return _taken(visit, Format.CSV)


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def as_xlsx(visit: Visit) -> HttpResponse:
    """As a workbook."""
    return _taken(visit, Format.XLSX)


def _taken(visit: Visit, form: Format) -> HttpResponse:
    search = seek(visit)
    headers = (
        _("First time (UTC)"),
        _("Last time (UTC)"),
        _("How often"),
        _("Who"),
        _("What happened"),
        _("How it went"),
        _("From where"),
    )
    return take_list(
        visit,
        Export.SECURITY,
        "security-log",
        headers,
        partial(_rows, visit, search),
        form,
        total=0 if search.errors else count_lines(visit.firm.pk, search.asked),
        back=search.action + search.encoded,
    )


def _rows(visit: Visit, search: SecuritySearch, part: FilePart) -> Iterator[Cells]:
    firm = visit.firm.pk
    for offset in range(part.first, part.last, AT_ONCE):
        found = security_lines(firm, search.asked, offset, min(AT_ONCE, part.last - offset))
        people = member_names(firm, {line.member for line in found if line.member})
        for line in found:
            yield _cells(line, people.get(line.member, ""))


def _cells(line: SecurityLine, name: str) -> Cells:
    return (
        _instant(line.first_at),
        _instant(line.last_at),
        str(line.count),
        name,
        happened_text(line.kind, line.details),
        _("It failed or was refused") if line.failed else _("It went well"),
        seen_from_text(line.seen_from.address, line.seen_from.browser, line.seen_from.system),
    )


def _instant(at: Instant) -> str:
    return datetime.fromtimestamp(at / 1_000_000, UTC).isoformat(timespec="seconds")
