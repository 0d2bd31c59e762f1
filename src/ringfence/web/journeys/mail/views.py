"""How the firm's mail and other background work stand, for its administrators; no words of people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.digest.days import goes_out, hour_before
from ringfence.access.ledger.requests import DAY
from ringfence.core.days import instant
from ringfence.core.terms import Instant
from ringfence.jobs.standing import TaskCount, TimerStanding, nobody_works, standing, timers_standing
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.background_work import fault_text, task_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """One kind of mail, or of other work."""

    text: str
    waiting: str
    failed: str
    done: str
    told: tuple[str, ...]
    """What holds it up, in sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerLine:
    """One thing that comes round by the clock."""

    text: str
    last: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage(Page):
    sends: bool
    """Whether there is a mail server at all."""
    demo: str
    """Where a demonstration shows its mails; empty elsewhere."""
    idle: bool
    """Whether work waits that nobody does."""
    failed: bool
    lines: tuple[WorkLine, ...]
    timers: tuple[TimerLine, ...]


@needs(Capability.MANAGE)
def firm_mail(visit: Visit) -> HttpResponse:
    """What of the firm's mail waits, failed and was sent."""
    counts = standing(visit.firm.pk)
    page = MailPage(
        frame=frame_for(visit, "manage"),
        title=_("Mail and background work"),
        back=reverse("manage", args=[visit.firm.pk]),
        sends=settings.SENDS_MAIL,
        demo=reverse("demo-mails") if settings.DEMO_MAILS else "",
        idle=nobody_works(counts),
        failed=any(count.status == "failed" for count in counts),
        lines=tuple(
            _line(visit, task, alike) for task, alike in groupby(counts, key=lambda count: count.task)
        ),
        timers=(*_digest_line(visit), *(_timer_line(visit, timer) for timer in timers_standing())),
    )
    return show(visit.request, "mail/mail.html", page)


def _digest_line(visit: Visit) -> Iterator[TimerLine]:
    """The firm's digest, where there is one."""
    if not goes_out(visit.settings):
        return
    told = Instant(visit.firm.digested)
    tomorrow = Instant(visit.firm_now.now + DAY)
    yield TimerLine(
        text=task_text("send_digest"),
        last=moment_text(told, visit.zone) if told else _("Not yet"),
        next=moment_text(hour_before(tomorrow, visit.zone), visit.zone),
    )


def _timer_line(visit: Visit, timer: TimerStanding) -> TimerLine:
    return TimerLine(
        text=task_text(timer.task),
        last=_when(visit, timer.last) if timer.last else _("Not yet"),
        next=_when(visit, timer.next) if timer.next else _("As soon as the jobs process runs"),
    )


def _line(visit: Visit, task: str, alike: Iterable[TaskCount]) -> WorkLine:
    counts = list(alike)
    return WorkLine(
        text=task_text(task),
        waiting=_sum(counts, "waiting", "working"),
        failed=_sum(counts, "failed"),
        done=_sum(counts, "done"),
        told=tuple(_told(visit, counts)),
    )


def _sum(counts: Iterable[TaskCount], *statuses: str) -> str:
    return figure(sum(count.count for count in counts if count.status in statuses))


def _told(visit: Visit, counts: Iterable[TaskCount]) -> Iterator[str]:
    for count in counts:
        if not count.fault:
            continue
        yield fault_text(count.fault)
        if count.status == "waiting":
            yield _("Tried again on %(when)s.") % {"when": _when(visit, count.next)}


def _when(visit: Visit, at: datetime) -> str:
    return moment_text(instant(at), visit.zone)
