"""Use of access: how many days are looked at, since when use is known, and what each report counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.use import AWAY_DAYS, MOST_DAYS, USUAL_DAYS, GrantedTargets, Sizing, UseKnown
from ringfence.core.terms import Subject
from ringfence.web.browse.report_line import ReportLine
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import day_at_text

from .shared import too_young


@dataclass(frozen=True, slots=True, kw_only=True)
class UsePage(Page):
    days: str
    days_error: str
    since: tuple[str, ...]
    """What use is known of, and since when."""
    too_young: str
    lines: tuple[ReportLine, ...]


# Compares the firm with its past, which takes its time in a large one: no reader waits behind it.
@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def index(visit: Visit) -> HttpResponse:
    """Every report on use with its present number."""
    typed = visit.request.GET.get("days", str(USUAL_DAYS)).strip()
    days, error = number_in(typed), ""
    if not 1 <= days <= MOST_DAYS:
        error = _("Enter a number of days from 1 to %(most)s") % {"most": figure(MOST_DAYS)}
        days = USUAL_DAYS
    found = Sizing(visit.firm_now, days, visit.zone)
    away = found.over(AWAY_DAYS)
    page = UsePage(
        frame=frame_for(visit, "manage"),
        title=_("Use of access"),
        back=reverse("reports", args=[visit.firm.pk]),
        errors=(ErrorLine(text=error, href="#days"),) if error else (),
        days=typed if error else str(days),
        days_error=error,
        since=known_texts(visit, found.use.known),
        too_young=too_young(visit, found),
        lines=tuple(_lines(visit, found, away)),
    )
    return show(visit.request, "use/index.html", page)


def _lines(visit: Visit, found: Sizing, away: Sizing) -> Iterator[ReportLine]:
    """Every report with what it counts."""
    firm, days = visit.firm.pk, found.days

    def line(route: str, text: str, says: str, count: str, over: int = days) -> ReportLine:
        return ReportLine(
            link=Link(text=text, href=reverse(route, args=[firm, over])), says=says, count=count
        )

    yield line(
        "use-unused",
        _("Access nobody used"),
        _("Access that was given %(days)s days ago or earlier, and that nobody who has it used since.")
        % {"days": days},
        grants_text(found.unused),
    )
    yield line(
        "use-reading",
        _("[Owners] who only read"),
        _("Access as [owner] by which nobody did more than read in %(days)s days.") % {"days": days},
        grants_text(found.only_reading),
    )
    yield line(
        "use-groups",
        _("[Groups] of nobody"),
        _("[Groups] whose [members] have all left, or in which nobody ever was."),
        figure(len(found.groups_of_nobody)),
    )
    yield line(
        "use-away",
        _("One holder, who is away"),
        _("[Clients] that only one person can open, who is deactivated or was not seen for %(days)s days.")
        % {"days": AWAY_DAYS},
        count_clients(sum(map(len, away.one_holder_away.values()))),
        over=AWAY_DAYS,
    )
    yield line(
        "use-delegations",
        _("Delegations never used"),
        _("Delegations made %(days)s days ago or earlier that have let nobody in.") % {"days": days},
        figure(len(found.never_used)),
    )


def grants_text(found: dict[Subject, GrantedTargets]) -> str:
    """How many grants of how many holders."""
    grants = sum(map(len, found.values()))
    words = ngettext("%(count)s permission", "%(count)s permissions", grants)
    return words % {"count": figure(grants)}


def known_texts(visit: Visit, known: UseKnown) -> tuple[str, ...]:
    """Since when the firm knows who used what."""
    day = day_at_text(known.openings, visit.zone)
    texts = [_("Records opened in Ringfence are known since %(day)s.") % {"day": day}]
    if known.decisions is None:
        texts.append(
            _(
                "What your other software let people do is not logged, so use there is not known. Whoever "
                "works in other software alone looks as though they used nothing."
            )
        )
    else:
        texts.append(
            _("What your other software let people do is known since %(day)s.")
            % {"day": day_at_text(known.decisions, visit.zone)}
        )
    if known.lost:
        words = ngettext(
            "%(count)s answer to other software came too fast to be logged.",
            "%(count)s answers to other software came too fast to be logged.",
            known.lost,
        )
        texts.append(words % {"count": figure(known.lost)})
    return tuple(texts)
