"""When a wall on its way begins and ends, and why it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused
from ringfence.core.days import close_of, local_time
from ringfence.core.terms import Instant
from ringfence.core.texts import clean_reason
from ringfence.web.browse.until import Until, read_until, until_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .choosing import lost
from .draft import read_draft

FIELDS = ("starts-day", "starts-month", "starts-year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The fields of the day on which it begins; `at` is the beginning of that day, None for at once."""

    values: dict[str, str]
    at: Instant | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WallTermsPage(Page):
    name: str
    starts: Start
    until: Until
    reason: str
    reason_error: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def terms(visit: Visit) -> HttpResponse:
    """The start, the end and the reason of the wall; all of it may be left empty."""
    draft = read_draft(visit)
    if draft is None:
        return lost(visit)
    post = visit.request.POST
    if visit.request.method != "POST":
        return _page(
            visit, draft.name, _start_of(draft.starts, visit), until_of(draft.ends, visit), draft.reason
        )
    starts, until = _read_start(visit, post), read_until(visit, post)
    if not starts.error and starts.at and until.expires and until.expires <= starts.at:
        until = Until(values=until.values, error=_("The end must be on the day on which it begins, or later"))
    reason, problem = post.get("reason", ""), ""
    try:
        reason = clean_reason(reason)
    except Refused as refused:
        problem = problem_sentence(refused)
    if starts.error or until.error or problem:
        return _page(visit, draft.name, starts, until, showable(reason), problem)
    draft.keep(starts=starts.at or 0, ends=until.expires or 0, reason=reason)
    return redirect("wall-check", firm=visit.firm.pk)


def _start_of(at: Instant | None, visit: Visit) -> Start:
    if at is None:
        return Start(values=dict.fromkeys(FIELDS, ""))
    day = local_time(at, visit.zone).date()
    return Start(values=dict(zip(FIELDS, (str(day.day), str(day.month), str(day.year)), strict=True)), at=at)


def _read_start(visit: Visit, post: QueryDict) -> Start:
    typed = {field: post.get(field, "").strip() for field in FIELDS}
    values = {field: showable(text) for field, text in typed.items()}
    if not any(typed.values()):
        return Start(values=values)
    try:
        day = date(*(number_in(typed[field]) for field in reversed(FIELDS)))
        return Start(values=values, at=close_of(day - timedelta(days=1), visit.zone))
    except (ValueError, OverflowError):
        return Start(values=values, error=_("Enter a real day, like 31 3 2027"))


def _page(
    visit: Visit, name: str, starts: Start, until: Until, reason: str, reason_error: str = ""
) -> HttpResponse:
    errors = [ErrorLine(text=starts.error, href="#starts-day")] if starts.error else []
    errors += until.errors
    errors += [ErrorLine(text=reason_error, href="#reason")] if reason_error else []
    page = WallTermsPage(
        frame=frame_for(visit, "manage"),
        title=_("When does the wall stand, and why?"),
        back=reverse("wall-check", args=[visit.firm.pk]),
        errors=tuple(errors),
        name=name,
        starts=starts,
        until=until,
        reason=reason,
        reason_error=reason_error,
    )
    return show(visit.request, "walls/terms.html", page)
