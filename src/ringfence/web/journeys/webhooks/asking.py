"""What is done to a webhook by a yes: a new secret, a pause and its end, removing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.webhooks import (
    KeptWebhook,
    pause_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
)
from ringfence.web.browse.plain_question import PlainQuestion
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .views import found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One yes-or-no page in words."""

    title: str
    lead: str
    question: str
    unanswered: str
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumePage(Page):
    caption: str
    lead: str
    answer_error: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def rotate(visit: Visit, webhook: int) -> HttpResponse:
    """A new secret; the one before signs for another day."""
    asked = _Asked(
        title=_("New secret"),
        lead=_("For 24 hours events are signed with both secrets, so that the receiver can change over."),
        question=_("Do you want a new secret?"),
        unanswered=_("Select yes if you want a new secret"),
        done=_("There is a new secret. Give it to the receiver within 24 hours."),
    )
    return _answered(visit, webhook, asked, rotate_secret, "webhook-secret")


@needs(Capability.MANAGE, READS_AND_SENDS)
def pause(visit: Visit, webhook: int) -> HttpResponse:
    """Nothing is sent until it is resumed."""
    asked = _Asked(
        title=_("Pause the webhook"),
        lead=_("Nothing is sent until you resume it. What happens meanwhile is kept and can be sent then."),
        question=_("Do you want to pause it?"),
        unanswered=_("Select yes if you want to pause it"),
        done=_("The webhook is paused."),
    )
    return _answered(visit, webhook, asked, pause_webhook, "webhook")


@needs(Capability.MANAGE, READS_AND_SENDS)
def remove(visit: Visit, webhook: int) -> HttpResponse:
    """Nothing is sent there any more."""
    asked = _Asked(
        title=_("Remove the webhook"),
        lead=_("Nothing is sent there any more, and its secret is worth nothing."),
        question=_("Do you want to remove it?"),
        unanswered=_("Select yes if you want to remove it"),
        done=_("The webhook is removed."),
    )
    return _answered(visit, webhook, asked, remove_webhook, "webhooks")


@needs(Capability.MANAGE, READS_AND_SENDS)
def resume(visit: Visit, webhook: int) -> HttpResponse:
    """Send again: what waited as well, or from now on only."""
    hook, firm = found(visit, webhook), visit.firm.pk
    back = reverse("webhook", args=[firm, webhook])
    if hook.active:
        return redirect(back)
    answer = visit.request.POST.get("answer", "")
    if answer in ("all", "new"):
        resume_webhook(firm, webhook, actor=visit.actor, skip=answer == "new")
        messages.success(visit.request, _("The webhook is resumed."))
        return redirect(back)
    error = _("Select what is sent") if visit.request.method == "POST" else ""
    words = ngettext("%(count)s change waits.", "%(count)s changes wait.", hook.behind)
    page = ResumePage(
        frame=frame_for(visit, "manage"),
        title=_("Resume the webhook"),
        caption=hook.address,
        back=back,
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        lead=words % {"count": figure(hook.behind)},
        answer_error=error,
    )
    return show(visit.request, "webhooks/resume.html", page)


def _answered(
    visit: Visit, webhook: int, asked: _Asked, do: Callable[..., KeptWebhook], then: str
) -> HttpResponse:
    hook, firm = found(visit, webhook), visit.firm.pk
    back = reverse("webhook", args=[firm, webhook])
    answer = visit.request.POST.get("answer", "")
    if answer == "no":
        return redirect(back)
    if answer == "yes":
        try:
            do(firm, webhook, actor=visit.actor)
        except LookupError:
            return redirect("webhooks", firm=firm)
        messages.success(visit.request, asked.done)
        return redirect(reverse(then, args=[firm] if then == "webhooks" else [firm, webhook]))
    error = asked.unanswered if visit.request.method == "POST" else ""
    page = PlainQuestion(
        frame=frame_for(visit, "manage"),
        title=asked.title,
        caption=hook.address,
        back=back,
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        lead=(asked.lead,),
        question=asked.question,
        answer_error=error,
    )
    return show(visit.request, "shared/plain_question.html", page)
