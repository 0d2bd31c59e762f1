"""The forms of a plan: a new one, and a change that is put together with what others saved meanwhile."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused
from ringfence.access.documents import DocumentKind, removed_document_on, write_document
from ringfence.firms.models.drafts import changed_plan, new_plan
from ringfence.web.browse.documents import (
    client_and_service,
    need_engagement,
    need_writer,
    opened_document,
    refused_words,
    sent_token,
    signed,
    writes,
)
from ringfence.web.browse.kept_text import KeptForm, forget_text, keep_text, kept_text, sent_to_keep
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

from .deciding import decide, decided_in
from .reading import plan_for, row_of
from .saving import Disputed, Typed, Unstorable, save_change


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanForm(KeptForm):
    caption: str


def _keep_new(visit: Visit, number: int, engagement: int) -> bool:
    need_engagement(visit, number, engagement)
    keep_text(visit, new_plan(engagement))
    return True


@needs(Capability.READ_CLIENTS, READS_AND_SENDS, keeps=_keep_new)
def add(visit: Visit, number: int, engagement: int) -> HttpResponse:
    """Write a new plan on an engagement."""
    need_engagement(visit, number, engagement)
    firm, purpose = visit.firm.pk, new_plan(engagement)
    back = reverse("client-plans", args=[firm, number])
    if visit.request.method == "POST" and sent_to_keep(visit):
        keep_text(visit, purpose)
        return HttpResponse(status=204)
    title = _("Add a plan")
    if visit.request.method != "POST":
        return _form(visit, number, engagement, title, back, purpose=purpose)
    if visit.request.POST.get("go") == "discard":
        forget_text(visit, purpose)
        return redirect("add-plan", firm=firm, number=number, engagement=engagement)
    typed = _typed(visit)
    try:
        plan = write_document(
            firm,
            member=visit.number,
            title=typed.title,
            text=typed.text,
            engagement=engagement,
            token=sent_token(visit),
            kind=DocumentKind.PLAN,
        )
    except Refused as refused:
        return _form(visit, number, engagement, title, back, typed=typed, refused=refused)
    forget_text(visit, purpose)
    messages.success(visit.request, _("The plan is saved."))
    return redirect("plan", firm=firm, number=number, document=plan)


def _keep_change(visit: Visit, number: int, document: uuid.UUID) -> bool:
    if _kept_as_new(visit, number, document) is None:
        need_writer(visit, plan_for(visit, number, document).engagement)
        keep_text(visit, changed_plan(document))
    return True


@needs(Capability.READ_CLIENTS, ("GET", "POST"), keeps=_keep_change)
@shows_record
def change(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """Save a change of a plan; where it was removed meanwhile, what was typed is kept for a new one."""
    try:
        return _change(visit, number, document)
    except Http404:
        engagement = _kept_as_new(visit, number, document) if visit.request.method == "POST" else None
        if engagement is None:
            raise
    told = _("Somebody removed this plan while you were writing. Save yours as a new plan, or discard it.")
    messages.error(visit.request, told)
    return redirect("add-plan", firm=visit.firm.pk, number=number, engagement=engagement)


def _kept_as_new(visit: Visit, number: int, document: uuid.UUID) -> int | None:
    """The engagement on which what was typed is kept as a new plan, as its plan was removed; else None."""
    now = visit.firm_now
    engagement = removed_document_on(now, visit.number, document, DocumentKind.PLAN)
    if engagement is None or now.client_of(engagement) != number or not writes(visit, engagement):
        return None
    forget_text(visit, changed_plan(document))
    keep_text(visit, new_plan(engagement))
    return engagement


def _change(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """Save it, or be shown what both have changed and decide."""
    written = plan_for(visit, number, document)
    need_writer(visit, written.engagement)
    firm, purpose = visit.firm.pk, changed_plan(document)
    if visit.request.method == "POST" and sent_to_keep(visit):
        keep_text(visit, purpose)
        return HttpResponse(status=204)
    visit = opened_document(visit, number, written)
    title, back = _("Change the plan"), reverse("plan", args=[firm, number, document])
    if visit.request.method != "POST":
        present = written.present
        typed = Typed(present.title, present.text, present.number)
        return _form(visit, number, written.engagement, title, back, typed=typed, purpose=purpose)
    if visit.request.POST.get("go") == "discard":
        forget_text(visit, purpose)
        return redirect("change-plan", firm=firm, number=number, document=document)
    done = save_change(visit, number, document, _typed(visit), decided_in(visit.request.POST))
    if isinstance(done, Unstorable):
        engagement = written.engagement
        return _form(visit, number, engagement, title, back, typed=done.typed, refused=done.refused)
    if isinstance(done, Disputed):
        return decide(visit, number, written, done)
    forget_text(visit, purpose)
    if done.beside is None:
        told = _("The plan is saved.")
    else:
        by = signed(visit, done.beside, member_names(firm, [done.beside.author]))
        told = _(
            "The plan is saved. It was also saved while you were writing (%(written)s): "
            "both changes are in it."
        ) % {"written": by}
    messages.success(visit.request, told)
    return redirect(back)


def _typed(visit: Visit) -> Typed:
    post = visit.request.POST
    return Typed(post.get("title", ""), post.get("text", ""), number_in(post.get("version", "")))


def _form(
    visit: Visit,
    number: int,
    engagement: int,
    title: str,
    back: str,
    *,
    typed: Typed | None = None,
    refused: Refused | None = None,
    purpose: str = "",
) -> HttpResponse:
    """The form with what was typed; with a `purpose`, what was kept for it comes before that."""
    typed = typed or Typed("", "", 0)
    kept = kept_text(visit, purpose) if purpose else None
    if kept is not None:
        typed = Typed(kept.title, kept.text, kept.version)
    title_error = text_error = ""
    if refused is not None:
        title_error, text_error = refused_words(
            refused, title=_("Enter a name for the plan"), text=_("Enter the text of the plan")
        )
    errors = [ErrorLine(text=title_error, href="#title")] if title_error else []
    errors += [ErrorLine(text=text_error, href="#text")] if text_error else []
    page = PlanForm(
        frame=frame_for(visit, "clients"),
        title=title,
        row=row_of(visit, number),
        back=back,
        errors=tuple(errors),
        caption="{}: {}".format(*client_and_service(visit, number, engagement)),
        title_text=showable(typed.title),
        title_error=title_error,
        text=showable(typed.text),
        text_error=text_error,
        version=typed.version,
        token=str(sent_token(visit)),
        kept=moment_text(kept.at, visit.zone) if kept is not None else "",
        minutes=settings.SESSION_IDLE_SECONDS // 60,
    )
    return show(visit.request, "plans/form.html", page)
