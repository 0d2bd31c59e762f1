"""A line of a list of reports (`shared/reports.html`): where one is, what it shows, its number now."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.web.shell.page import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """A report, what it shows, and its number; empty for one that counts nothing."""

    link: Link
    says: str
    count: str = ""
