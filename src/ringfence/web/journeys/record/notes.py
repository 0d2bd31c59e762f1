"""Notes on an engagement: read with all their versions, added, changed. Its level decides (rules.md 5)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused
from ringfence.access.documents import DocumentKind, DocumentOvertaken, Version, Written, write_document
from ringfence.firms.models.drafts import changed_note, new_note
from ringfence.web.browse.documents import (
    client_and_service,
    found_document,
    need_engagement,
    need_writer,
    opened_document,
    refused_words,
    sent_token,
    signed,
    writes,
)
from ringfence.web.browse.kept_text import KeptForm, KeptText, forget_text, keep_text, kept_text, sent_to_keep
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteForm(KeptForm):
    client_name: str
    service: str
    overtaken: Version | None = None
    overtaken_by: str = ""


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
    visit = opened_document(visit, number, written)
    authors = member_names(visit.firm.pk, {version.author for version in written.versions})
    lines = [VersionLine(version=each, written=signed(visit, each, authors)) for each in written.versions]
    editable = writes(visit, written.engagement)
    client_name, service = client_and_service(visit, number, written.engagement)
    page = NotePage(
        frame=frame_for(visit, "clients"),
        title=written.present.title,
        back=reverse("client", args=[visit.firm.pk, number]),
        client_name=client_name,
        service=service,
        present=lines[0],
        earlier=tuple(lines[1:]),
        change=reverse("change-note", args=[visit.firm.pk, number, document]) if editable else "",
    )
    return show(visit.request, "record/note.html", page)


def _keep_new(visit: Visit, number: int, engagement: int) -> bool:
    need_engagement(visit, number, engagement)
    keep_text(visit, new_note(engagement))
    return True


@needs(Capability.READ_CLIENTS, READS_AND_SENDS, keeps=_keep_new)
def add(visit: Visit, number: int, engagement: int) -> HttpResponse:
    """Write a new note on an engagement."""
    need_engagement(visit, number, engagement)
    purpose = new_note(engagement)
    if visit.request.method != "POST":
        return _form(visit, number, engagement, title=_("Add a note"), kept=kept_text(visit, purpose))
    if sent_to_keep(visit):
        keep_text(visit, purpose)
        return HttpResponse(status=204)
    if visit.request.POST.get("go") == "discard":
        forget_text(visit, purpose)
        return redirect("add-note", firm=visit.firm.pk, number=number, engagement=engagement)
    title, text = _given(visit)
    try:
        write_document(
            visit.firm.pk,
            member=visit.number,
            title=title,
            text=text,
            engagement=engagement,
            token=sent_token(visit),
        )
    except Refused as refused:
        return _form(visit, number, engagement, title=_("Add a note"), refused=refused)
    forget_text(visit, purpose)
    messages.success(visit.request, _("The note is saved."))
    return redirect("client", firm=visit.firm.pk, number=number)


def _keep_change(visit: Visit, number: int, document: uuid.UUID) -> bool:
    need_writer(visit, _note_for(visit, number, document).engagement)
    keep_text(visit, changed_note(document))
    return True


@needs(Capability.READ_CLIENTS, ("GET", "POST"), keeps=_keep_change)
@shows_record
def change(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """Write a new version of a note; what others wrote meanwhile is shown, never overwritten unseen."""
    written = _note_for(visit, number, document)
    need_writer(visit, written.engagement)
    purpose = changed_note(document)
    if visit.request.method == "POST" and sent_to_keep(visit):
        keep_text(visit, purpose)
        return HttpResponse(status=204)
    visit = opened_document(visit, number, written)
    if visit.request.method != "POST":
        present = written.present
        given = (present.title, present.text, present.number)
        kept = kept_text(visit, purpose)
        return _form(visit, number, written.engagement, title=_("Change a note"), given=given, kept=kept)
    if visit.request.POST.get("go") == "discard":
        forget_text(visit, purpose)
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
    except DocumentOvertaken as overtaken:
        return _form(visit, number, written.engagement, title=_("Change a note"), overtaken=overtaken.present)
    forget_text(visit, purpose)
    messages.success(visit.request, _("The note is saved."))
    return redirect("note", firm=visit.firm.pk, number=number, document=document)


def _note_for(visit: Visit, number: int, document: uuid.UUID) -> Written:
    return found_document(visit, number, document, DocumentKind.NOTE)


def _given(visit: Visit) -> tuple[str, str]:
    return visit.request.POST.get("title", ""), visit.request.POST.get("text", "")


def _form(
    visit: Visit,
    number: int,
    engagement: int,
    *,
    title: str,
    given: tuple[str, str, int] = ("", "", 0),
    refused: Refused | None = None,
    overtaken: Version | None = None,
    kept: KeptText | None = None,
) -> HttpResponse:
    if kept is not None:
        given = (kept.title, kept.text, kept.version)
    version = given[2]
    if visit.request.method == "POST":
        asked = number_in(visit.request.POST.get("version", ""))
        version = overtaken.number if overtaken else asked
        given = (*_given(visit), version)
    title_error = text_error = ""
    if refused is not None:
        title_error, text_error = refused_words(
            refused, title=_("Enter a title"), text=_("Enter the text of the note")
        )
    errors = [ErrorLine(text=title_error, href="#title")] if title_error else []
    errors += [ErrorLine(text=text_error, href="#text")] if text_error else []
    author = ""
    if overtaken:
        author = signed(visit, overtaken, member_names(visit.firm.pk, [overtaken.author]))
        errors.append(ErrorLine(text=_("Somebody changed this note while you were writing"), href="#text"))
        text_error = _("Read what the note says now, put yours together with it, and save again")
    client_name, service = client_and_service(visit, number, engagement)
    page = NoteForm(
        frame=frame_for(visit, "clients"),
        title=title,
        back=reverse("client", args=[visit.firm.pk, number]),
        errors=tuple(errors),
        client_name=client_name,
        service=service,
        title_text=showable(given[0]),
        title_error=title_error,
        text=showable(given[1]),
        text_error=text_error,
        version=version,
        token=str(sent_token(visit)),
        overtaken=overtaken,
        overtaken_by=author,
        kept=moment_text(kept.at, visit.zone) if kept is not None else "",
        minutes=settings.SESSION_IDLE_SECONDS // 60,
    )
    return show(visit.request, "record/note_form.html", page)
