"""Documents of a client as pages find them: read by who sees the engagement, written by its Editors."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.http import Http404

from ringfence.access import Refused
from ringfence.access.documents import DocumentKind, Written, document_for
from ringfence.access.listing.clients import client_name_of
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Instant, Level
from ringfence.web.queries.things import services_of
from ringfence.web.shell.opening import opened
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import pgettext
from ringfence.wording.times import moment_text


class Signed(Protocol):
    """What somebody wrote at some time: `author` is a member's number."""

    @property
    def author(self) -> int: ...
    @property
    def at(self) -> Instant: ...


def found_document(
    visit: Visit,
    client: int,
    document: uuid.UUID,
    kind: DocumentKind,
    numbers: Collection[int] | None = None,
) -> Written:
    """The client's document where the visitor may read it, with the versions of `numbers`; else 404."""
    try:
        written = document_for(visit.firm_now, visit.number, document, kind, numbers=numbers)
    except Refused as refused:
        raise Http404 from refused
    if visit.firm_now.client_of(written.engagement) != client:
        raise Http404
    return written


def opened_document(visit: Visit, client: int, written: Written) -> Visit:
    """The visit with the client's record opened; 404 where access to the document was lost meanwhile."""
    opening = opened_record(visit, client)
    if not opening.firm_now.can(visit.number, written.engagement):
        raise Http404
    return opening


def opened_record(visit: Visit, client: int) -> Visit:
    """The visit with the client's record opened; 404 for who does not see the client."""
    try:
        return opened(visit, client)
    except Refused as refused:
        raise Http404 from refused


def need_engagement(visit: Visit, client: int, engagement: int) -> None:
    """Raises what a page answers to who may not write on this engagement of this client."""
    if engagement not in visit.firm_now.engagements_of(client):
        raise Http404
    need_writer(visit, engagement)


def need_writer(visit: Visit, engagement: int) -> None:
    """Raises what a page answers to who may not write on the engagement (rules.md 5)."""
    level = visit.firm_now.level(visit.number, engagement)
    if not level:
        raise Http404
    if level < Level.EDITOR:
        raise PermissionDenied


def writes(visit: Visit, engagement: int) -> bool:
    """Whether the visitor may write documents of the engagement."""
    return visit.firm_now.level(visit.number, engagement) >= Level.EDITOR


def refused_words(refused: Refused, *, title: str, text: str) -> tuple[str, str]:
    """What is wrong with the title and with the text of a document, one of them empty.

    `title` and `text` say what to enter where there is none. Raises what a page answers to any other refusal.
    """
    if refused.refusal is Refusal.NOT_FOUND:
        raise Http404
    if refused.refusal is not Refusal.INVALID:
        raise PermissionDenied
    if refused.field == "lines":
        return "", _("Write at most %(limit)s lines") % {"limit": refused.limit}
    sentence = {
        "text_empty": title if refused.field == "title" else text,
        "text_too_long": _("Write at most %(limit)s characters") % {"limit": refused.limit},
    }.get(refused.problem.value, _("Leave out control characters"))
    return (sentence, "") if refused.field == "title" else ("", sentence)


def sent_token(visit: Visit) -> uuid.UUID:
    """What the form was marked with, so that a second sending of it is known; else a new mark."""
    try:
        return uuid.UUID(visit.request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()


def signed(visit: Visit, version: Signed, authors: Mapping[int, str]) -> str:
    """When and by whom a version was written; `authors` are names of members."""
    time = moment_text(version.at, visit.zone)
    name = authors.get(version.author) or pgettext("by whom", "a former [member]")
    return _("%(time)s by %(name)s") % {"time": time, "name": name}


def client_and_service(visit: Visit, client: int, engagement: int) -> tuple[str, str]:
    """The names of the client and of the engagement's service."""
    service = visit.firm_now.service_of(engagement)
    name = client_name_of(visit.firm.pk, [client]).get(client, "")
    return name, dict(services_of(visit.firm.pk)).get(service, "")
