"""Where and how often checkpoints are published: one question a page, each for administrators."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from msgspec.structs import replace

from ringfence.access.proof import HowPublished, UnfitPublishing, how_published, set_publishing
from ringfence.web.browse.plain_question import PlainQuestion
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.proof import OFTEN, often_text, wrong_text
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingPage(Page):
    """A page with one field, called `field`."""

    field: str
    value: str
    error: str
    choices: tuple[tuple[str, str], ...] = ()
    private: bool = False
    """Whether addresses in networks of the operator's own are taken too."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def often(visit: Visit) -> HttpResponse:
    """How often the clock publishes."""
    present = how_published(visit.firm.pk)
    given, error = str(present.hours), ""
    if visit.request.method == "POST":
        given = visit.request.POST.get("hours", "")
        hours = 0 if given == "0" else number_in(given) or -1
        error = _saved(visit, replace(present, hours=hours))
        if not error:
            return redirect("proof", firm=visit.firm.pk)
    offered = sorted({0, *OFTEN, present.hours})
    choices = tuple((str(hours), often_text(hours)) for hours in offered)
    return _page(visit, _("How often are checkpoints published?"), "hours", given, error, choices)


@needs(Capability.MANAGE, READS_AND_SENDS)
def folder(visit: Visit) -> HttpResponse:
    """Whether they are written into the folder that the operator has named."""
    firm, present = visit.firm.pk, how_published(visit.firm.pk)
    error, answer = "", visit.request.POST.get("answer", "")
    if visit.request.method == "POST":
        error = _("Select yes if checkpoints are to be written there")
        if answer in ("yes", "no"):
            error = _saved(visit, replace(present, folder=answer == "yes"))
        if not error:
            return redirect("proof", firm=firm)
    lead = _("Whoever runs Ringfence for your firm names the folder, for example one that others copy.")
    if not settings.CHECKPOINTS:
        lead = _("No folder is named at present: ask whoever runs Ringfence for your firm.")
    page = PlainQuestion(
        frame=frame_for(visit, "manage"),
        title=_("Publish into a folder"),
        caption=_("Proof for outsiders"),
        back=reverse("proof", args=[firm]),
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        lead=(lead,),
        question=_("Are checkpoints to be written into the folder?"),
        answer_error=error,
    )
    return show(visit.request, "shared/plain_question.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def mailboxes(visit: Visit) -> HttpResponse:
    """To whom they are sent by mail."""
    present = how_published(visit.firm.pk)
    given, error = "\n".join(present.mails), ""
    if visit.request.method == "POST":
        given = visit.request.POST.get("mails", "")
        mails = tuple(line.strip() for line in given.splitlines() if line.strip())
        error = _saved(visit, replace(present, mails=mails))
        if not error:
            return redirect("proof", firm=visit.firm.pk)
    return _page(visit, _("To which mailboxes are checkpoints sent?"), "mails", given, error)


@needs(Capability.MANAGE, READS_AND_SENDS)
def address(visit: Visit) -> HttpResponse:
    """To which server they are sent."""
    present = how_published(visit.firm.pk)
    given, error = present.address, ""
    if visit.request.method == "POST":
        given = visit.request.POST.get("address", "")
        error = _saved(visit, replace(present, address=given))
        if not error:
            return redirect("proof", firm=visit.firm.pk)
    return _page(visit, _("To which web address are checkpoints sent?"), "address", given, error)


def _saved(visit: Visit, how: HowPublished) -> str:
    """Empty once it stands so, else what is wrong with it."""
    try:
        set_publishing(visit.firm.pk, how, actor=visit.actor, own=settings.WEBHOOK_NETWORKS)
    except UnfitPublishing as unfit:
        return wrong_text(unfit.field, unfit.why)
    messages.success(visit.request, _("Publishing is changed."))
    return ""


def _page(
    visit: Visit, title: str, field: str, value: str, error: str, choices: tuple[tuple[str, str], ...] = ()
) -> HttpResponse:
    page = PublishingPage(
        frame=frame_for(visit, "manage"),
        title=title,
        back=reverse("proof", args=[visit.firm.pk]),
        errors=(ErrorLine(text=error, href=f"#{field}"),) if error else (),
        field=field,
        value="\n".join(map(showable, value.splitlines())),
        error=error,
        choices=choices,
        private=bool(settings.WEBHOOK_NETWORKS),
    )
    return show(visit.request, "proof/setting.html", page)
