"""The list of access reviews: all for who reads the control side, for others those with items of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.reviews.asking import may_know_review, open_reviews, waiting
from ringfence.access.reviews.rows import ReviewRow, review_rows
from ringfence.access.reviews.schedules import schedule_rows
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.review_schedules import every_text
from ringfence.wording.reviews import items_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_at_text, day_text, until_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    name: str
    href: str
    state: str
    yours: str
    """How much waits for the visitor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledLine:
    name: str
    every: str
    next: str
    last: str
    stop: str
    """Where it is stopped; empty for who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsPage(Page):
    lead: str
    starts: str
    """Where one is started; empty for who may not."""
    lines: tuple[ReviewLine, ...]
    scheduled: tuple[ScheduledLine, ...]


@needs(Capability.MEMBER)
def reviews(visit: Visit) -> HttpResponse:
    """The latest first."""
    firm, now = visit.firm.pk, visit.firm_now
    rows = review_rows(firm)
    if not visit.can(Capability.READ_CONTROL):
        rows = [row for row in rows if may_know_review(now, visit.number, row.number)]
    mine = waiting(now, visit.number)
    page = ReviewsPage(
        frame=frame_for(visit, "manage" if visit.can(Capability.READ_CONTROL) else "account"),
        title=_("Access reviews"),
        back=reverse("manage" if visit.can(Capability.READ_CONTROL) else "firm-home", args=[firm]),
        starts=reverse("start-review", args=[firm]) if visit.can(Capability.MANAGE) else "",
        lead=_lead(visit),
        lines=tuple(_line(visit, row, len(mine.get(row.number, ()))) for row in rows),
        scheduled=tuple(_scheduled(visit)) if visit.can(Capability.READ_CONTROL) else (),
    )
    return show(visit.request, "reviews/list.html", page)


def _lead(visit: Visit) -> str:
    """Nothing is lowered where the firm's screens know one level."""
    if visit.settings.levels == "single":
        return _(
            "In a review, people who know the [clients] look at who has access, and keep or remove it. What "
            "they decide stays in the ledger."
        )
    return _(
        "In a review, people who know the [clients] look at who has access, and keep, lower or remove it. "
        "What they decide stays in the ledger."
    )


def _line(visit: Visit, row: ReviewRow, yours: int) -> ReviewLine:
    if row.number in open_reviews(visit.firm_now):
        state = _("Open %(until)s") % {"until": until_text(row.due, visit.zone)}
    else:
        state = _("Closed on %(day)s") % {"day": day_at_text(row.closed or row.due, visit.zone)}
    return ReviewLine(
        name=row.name,
        href=reverse("review", args=[visit.firm.pk, row.number]),
        state=state,
        yours=items_text(yours) if yours else _("nothing"),
    )


def _scheduled(visit: Visit) -> Iterator[ScheduledLine]:
    for row in schedule_rows(visit.firm_now):
        last = {None: _("not yet"), 0: _("nothing to review")}.get(row.made.last, _("begun"))
        yield ScheduledLine(
            name=row.name,
            every=every_text(row.made.plan.every),
            next=day_text(row.made.next),
            last=last,
            stop=reverse("stop-review-schedule", args=[visit.firm.pk, row.number])
            if visit.can(Capability.MANAGE)
            else "",
        )
