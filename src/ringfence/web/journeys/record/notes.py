"""Notes on an engagement: read with all their versions, added, changed. Its level decides (rules.md 5)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused
from ringfence.access.documents import (
    TEXT,
    TITLE,
    NoteOvertaken,
    Version,
    Written,
    document_for,
    write_document,
)
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Level
from ringfence.firms.models.drafts import changed_note, new_note
from ringfence.web.queries.clients import client_name_of
from ringfence.web.queries.things import member_names, services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import opened, shows_record
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

from .kept_note import KeptNote, forget_note, keep_note, kept_note, sent_to_keep


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteForm(Page):
    client_name: str
    service: str
    title_text: str
    title_error: str = ""
    text: str
    text_error: str = ""
    version: int
    token: str
    overtaken: Version | None = None
    overtaken_by: str = ""
    kept: str = ""
    """When what the form holds was typed, where it was kept and not saved."""
    minutes: int
    """How long one may write before one is signed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One version with who wrote it and when, in words."""

    version: Version
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePage(Page):
    client_name: str
    service: str
    present: VersionLine
    earlier: tuple[VersionLine, ...]
    change: str
    """Empty where the member may not write."""


@needs(Capability.READ_CLIENTS, ("GET",))
@shows_record
def note(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """A note with all its versions, to whoever sees its engagement."""
    written = _note_for(visit, number, document)
    visit = _opened(visit, number, written)
    authors = member_names(visit.firm.pk, {version.author for version in written.versions})
    lines = [VersionLine(version=each, written=_told(visit, each, authors)) for each in written.versions]
    editable = visit.firm_now.level(visit.number, written.engagement) >= Level.EDITOR
    page = NotePage(
        frame=frame_for(visit, "clients"),
        title=written.present.title,
        back=reverse("client", args=[visit.firm.pk, number]),
        client_name=_client_name(visit, number),
        service=_service(visit, written.engagement),
        present=lines[0],
        earlier=tuple(lines[1:]),
        change=reverse("change-note", args=[visit.firm.pk, number, document]) if editable else "",
    )
    return show(visit.request, "record/note.html", page)


def _keep_new(visit: Visit, number: int, engagement: int) -> bool:
    _need_engagement(visit, number, engagement)
    keep_note(visit, new_note(engagement))
    return True


@needs(Capability.READ_CLIENTS, READS_AND_SENDS, keeps=_keep_new)
def add(visit: Visit, number: int, engagement: int) -> HttpResponse:
    """Write a new note on an engagement."""
    _need_engagement(visit, number, engagement)
    purpose = new_note(engagement)
    if visit.request.method != "POST":
        return _form(visit, number, engagement, title=_("Add a note"), kept=kept_note(visit, purpose))
    if sent_to_keep(visit):
        keep_note(visit, purpose)
        return HttpResponse(status=204)
    if visit.request.POST.get("go") == "discard":
        forget_note(visit, purpose)
        return redirect("add-note", firm=visit.firm.pk, number=number, engagement=engagement)
    title, text = _given(visit)
    try:
        write_document(
            visit.firm.pk,
            member=visit.number,
            title=title,
            text=text,
            engagement=engagement,
            token=_token(visit),
        )
    except Refused as refused:
        return _form(visit, number, engagement, title=_("Add a note"), refused=refused)
    forget_note(visit, purpose)
    messages.success(visit.request, _("The note is saved."))
    return redirect("client", firm=visit.firm.pk, number=number)


def _keep_change(visit: Visit, number: int, document: uuid.UUID) -> bool:
    _need_editor(visit, _note_for(visit, number, document).engagement)
    keep_note(visit, changed_note(document))
    return True


@needs(Capability.READ_CLIENTS, ("GET", "POST"), keeps=_keep_change)
@shows_record
def change(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """Write a new version of a note; what others wrote meanwhile is shown, never overwritten unseen."""
    written = _note_for(visit, number, document)
    _need_editor(visit, written.engagement)
    purpose = changed_note(document)
    if visit.request.method == "POST" and sent_to_keep(visit):
        keep_note(visit, purpose)
        return HttpResponse(status=204)
    visit = _opened(visit, number, written)
    if visit.request.method != "POST":
        present = written.present
        given = (present.title, present.text, present.number)
        kept = kept_note(visit, purpose)
        return _form(visit, number, written.engagement, title=_("Change a note"), given=given, kept=kept)
    if visit.request.POST.get("go") == "discard":
        forget_note(visit, purpose)
        return redirect("change-note", firm=visit.firm.pk, number=number, document=document)
    title, text = _given(visit)
    try:
        write_document(
            visit.firm.pk,
            member=visit.number,
            title=title,
            text=text,
            document=document,
            after=number_in(visit.request.POST.get("version", "")),
        )
    except Refused as refused:
        return _form(visit, number, written.engagement, title=_("Change a note"), refused=refused)
    except NoteOvertaken as overtaken:
        return _form(visit, number, written.engagement, title=_("Change a note"), overtaken=overtaken.present)
    forget_note(visit, purpose)
    messages.success(visit.request, _("The note is saved."))
    return redirect("note", firm=visit.firm.pk, number=number, document=document)


def _note_for(visit: Visit, number: int, document: uuid.UUID) -> Written:
    try:
        written = document_for(visit.firm_now, visit.number, document)
    except Refused as refused:
        raise Http404 from refused
    if visit.firm_now.client_of(written.engagement) != number:
        raise Http404
    return written


def _opened(visit: Visit, number: int, written: Written) -> Visit:
    """The visit with the client's record opened; 404 where access to the note was lost meanwhile."""
    try:
        visit = opened(visit, number)
    except Refused as refused:
        raise Http404 from refused
    if not visit.firm_now.can(visit.number, written.engagement):
        raise Http404
    return visit


def _need_engagement(visit: Visit, number: int, engagement: int) -> None:
    """Raises what a page answers to who may not write on this engagement of this client."""
    if engagement not in visit.firm_now.engagements_of(number):
        raise Http404
    _need_editor(visit, engagement)


def _need_editor(visit: Visit, engagement: int) -> None:
    level = visit.firm_now.level(visit.number, engagement)
    if not level:
        raise Http404
    if level < Level.EDITOR:
        raise PermissionDenied


def _given(visit: Visit) -> tuple[str, str]:
    return visit.request.POST.get("title", ""), visit.request.POST.get("text", "")


def _token(visit: Visit) -> uuid.UUID:
    """What the form was marked with, so that a second sending of it is known; else a new mark."""
    try:
        return uuid.UUID(visit.request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


def _form(
    visit: Visit,
    number: int,
    engagement: int,
    *,
    title: str,
    given: tuple[str, str, int] = ("", "", 0),
    refused: Refused | None = None,
    overtaken: Version | None = None,
    kept: KeptNote | None = None,
) -> HttpResponse:
    if kept is not None:
        given = (kept.title, kept.text, kept.version)
    version = given[2]
    if visit.request.method == "POST":
        asked = number_in(visit.request.POST.get("version", ""))
        version = overtaken.number if overtaken else asked
        given = (*_given(visit), version)
    title_error, text_error = _errors(refused)
    errors = [ErrorLine(text=title_error, href="#title")] if title_error else []
    errors += [ErrorLine(text=text_error, href="#text")] if text_error else []
    author = ""
    if overtaken:
        author = _told(visit, overtaken, member_names(visit.firm.pk, [overtaken.author]))
        errors.append(ErrorLine(text=_("Somebody changed this note while you were writing"), href="#text"))
        text_error = _("Read what the note says now, put yours together with it, and save again")
    page = NoteForm(
        frame=frame_for(visit, "clients"),
        title=title,
        back=reverse("client", args=[visit.firm.pk, number]),
        errors=tuple(errors),
        client_name=_client_name(visit, number),
        service=_service(visit, engagement),
        title_text=showable(given[0]),
        title_error=title_error,
        text=showable(given[1]),
        text_error=text_error,
        version=version,
        token=str(_token(visit)),
        overtaken=overtaken,
        overtaken_by=author,
        kept=moment_text(kept.at, visit.zone) if kept is not None else "",
        minutes=settings.SESSION_IDLE_SECONDS // 60,
    )
    return show(visit.request, "record/note_form.html", page)


def _errors(refused: Refused | None) -> tuple[str, str]:
    if refused is None:
        return "", ""
    if refused.refusal is Refusal.NOT_FOUND:
        raise Http404
    if refused.refusal is not Refusal.INVALID:
        raise PermissionDenied
    limit = TITLE if refused.field == "title" else TEXT
    sentence = {
        "text_empty": _("Enter a title") if refused.field == "title" else _("Enter the text of the note"),
        "text_too_long": _("Write at most %(limit)s characters") % {"limit": limit},
    }.get(refused.problem.value, _("Leave out control characters"))
    return (sentence, "") if refused.field == "title" else ("", sentence)


def _told(visit: Visit, version: Version, authors: dict[int, str]) -> str:
    time = moment_text(version.at, visit.zone)
    return _("%(time)s by %(name)s") % {"time": time, "name": authors.get(version.author, "")}


def _client_name(visit: Visit, number: int) -> str:
    return client_name_of(visit.firm.pk, [number]).get(number, "")


def _service(visit: Visit, engagement: int) -> str:
    service = visit.firm_now.service_of(engagement)
    return dict(services_of(visit.firm.pk)).get(service, "")
