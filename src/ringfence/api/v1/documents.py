"""Documents on a client's engagements: what they say, by whom and when; notes and plans written.

The level on the engagement decides, each time (rules.md 5). Reading one opens the client's record, which the
ledger notes first. What application forms are made of is written in `applications.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from ninja.params.functions import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from ringfence.access import FirmNow
from ringfence.access.applications import CommissionLine, form_for, mark_of, terms_of
from ringfence.access.documents import (
    TEXT,
    TITLE,
    BesideDocument,
    DocumentKind,
    Heading,
    Version,
    headings_on,
    remove_document,
    versions_of,
    write_document,
)
from ringfence.access.reading import rows_by_number
from ringfence.api.bodies import BodyPart, ServiceKey, example
from ringfence.api.caller import Caller
from ringfence.api.names import Ref
from ringfence.api.paging import MOST, USUAL, ListAnswer
from ringfence.api.problems import invalid_answer, limit_answer
from ringfence.api.routes import LARGEST, document_in_path, number_in_path, register, told
from ringfence.api.writing_documents import (
    After,
    declare_write,
    engagement_named,
    found_document,
    opened,
    opened_document,
    said_before,
    unknown_document,
    written_once,
)
from ringfence.core.terms import Thing
from ringfence.wording.saying import gettext as _

ROUTER = Router()
ONE = "/clients/{client}/documents/{document}"
LONGEST = max(TEXT.values())


class VersionAnswer(BaseModel):
    """One version, without what it says."""

    version: int
    title: Annotated[str, Field(description="Of an application form the product.")]
    author: Annotated[Ref, Field(description="Who wrote it; the name is empty where it was erased.")]
    at: Annotated[int, Field(description="When: microseconds since 1970-01-01T00:00:00Z.")]


class TermsAnswer(BaseModel):
    """What an application form says beside its product."""

    pence: Annotated[int, Field(description="The commission.")]
    day: date
    final: Annotated[bool, Field(description="Whether it is finalised: nothing of it changes any more.")]
    client: Annotated[str, Field(description="The client's name when it was finalised; empty for a draft.")]
    service: Annotated[str, Field(description="The service's, likewise.")]


class WordsAnswer(VersionAnswer):
    """One version, with what it says."""

    text: Annotated[str | None, Field(description="Of a note or plan; lines end in a line feed.")]
    form: Annotated[TermsAnswer | None, Field(description="Of an application form.")]


class HeadingAnswer(VersionAnswer):
    """A document in a list, by its present version."""

    id: UUID
    kind: DocumentKind
    service: Ref


class LineAnswer(BaseModel):
    """What one member gets of the commission."""

    member: Ref
    split: Annotated[float, Field(description="Per cent.")]
    pence: int


class DocumentAnswer(WordsAnswer):
    """A document as it stands."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "4d1f3c52-6a0b-4a53-9a5e-0d9f6a4c2b11",
                    "kind": "note",
                    "service": {"id": 2, "name": "VAT"},
                    "version": 1,
                    "title": "Call of Monday",
                    "author": {"id": 3, "name": "Gwen"},
                    "at": 1767225600000000,
                    "text": "They register from April on.",
                    "form": None,
                    "lines": None,
                    "agreed": None,
                }
            ]
        }
    )

    id: UUID
    kind: DocumentKind
    service: Ref
    lines: Annotated[
        list[LineAnswer] | None,
        Field(description="Of an application form: by the splits of now, or as they were finalised."),
    ]
    agreed: Annotated[
        str | None, Field(description="Of an application form: the mark of these lines, to finalise it by.")
    ]


class DocumentsAsked(BaseModel):
    """Which documents of a client."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[DocumentKind | None, Field(None, description="Only of this kind.")]
    service: Annotated[int, Field(0, ge=0, le=LARGEST, description="Only on this service.")]
    cursor: Annotated[UUID | None, Field(None, description="`next` of the page before.")]
    limit: Annotated[int, Field(USUAL, ge=1, le=MOST, description="How many on a page.")]


class NewDocumentBody(BodyPart):
    """A new note or plan on one of the client's services."""

    model_config = example(
        kind="note", service="VAT", title="Call of Monday", text="They register from April on."
    )

    kind: Literal["note", "plan"]
    service: ServiceKey
    title: Annotated[str, Field(strict=True, max_length=TITLE)]
    text: Annotated[
        str,
        Field(
            strict=True,
            max_length=LONGEST,
            description=f"Up to {TEXT[DocumentKind.NOTE]} characters, of a plan {LONGEST}.",
        ),
    ]


class ChangedDocumentBody(BodyPart):
    """What a note or plan says from now on, whole."""

    model_config = example(title="Call of Monday", text="They register from May on.", after=1)

    title: Annotated[str, Field(strict=True, max_length=TITLE)]
    text: Annotated[str, Field(strict=True, max_length=LONGEST)]
    after: After


Documents = Annotated[DocumentsAsked, Query(...)]
DOCUMENT = document_in_path()
CLIENT = number_in_path("client")


def documents_list(caller: Caller, asked: Documents, client: int = CLIENT) -> HttpResponse:
    """By id: of services that the token's member can open. The ledger notes that the record was opened."""
    now = opened(caller, client)
    seen = [
        each
        for each in now.engagements_of(client)
        if now.can(caller.member, each) and asked.service in (0, now.service_of(each))
    ]
    kinds = DocumentKind if asked.kind is None else (asked.kind,)
    found = [(each, kind) for kind in kinds for each in headings_on(caller.firm, seen, kind)]
    found.sort(key=lambda pair: pair[0].id)
    after = [pair for pair in found if asked.cursor is None or pair[0].id > asked.cursor]
    part = after[: asked.limit]
    services = _services(caller, (now.service_of(each.engagement) for each, _kind in part))
    items = [_heading(now, each, kind, services) for each, kind in part]
    more = str(part[-1][0].id) if len(after) > len(part) else None
    return told(caller, ListAnswer(total=len(found), items=items, next=more), now.version)


def document_read(caller: Caller, client: int = CLIENT, document: UUID = DOCUMENT) -> HttpResponse:
    """What it says now. The ledger notes that the record was opened."""
    now, written = opened_document(caller, client, document)
    form = form_for(now, caller.member, document) if written.kind is DocumentKind.APPLICATION else None
    present = written.present if form is None else form.written.present
    service = now.service_of(written.engagement)
    words = _words(written.kind, present, _members(caller, [present.author]))
    answer = DocumentAnswer(
        **words.model_dump(),
        id=document,
        kind=written.kind,
        service=_services(caller, [service])[service],
        lines=None if form is None else [_line(each) for each in form.lines],
        agreed=None if form is None else mark_of(form.lines),
    )
    return told(caller, answer, now.version)


def document_versions(caller: Caller, client: int = CLIENT, document: UUID = DOCUMENT) -> HttpResponse:
    """All of them, the present one first. The ledger notes that the record was opened."""
    now, written = opened_document(caller, client, document)
    found = versions_of(written)
    members = _members(caller, {each.author for each in found})
    items = [
        VersionAnswer(version=each.number, title=each.title, author=members(each.author), at=each.at)
        for each in found
    ]
    return told(caller, ListAnswer(total=len(items), items=items, next=None), now.version)


def document_version(
    caller: Caller,
    client: int = CLIENT,
    document: UUID = DOCUMENT,
    version: int = Path(..., ge=1, le=LARGEST, description="The number of the version."),
) -> HttpResponse:
    """What one version said. The ledger notes that the record was opened."""
    now, written = opened_document(caller, client, document, numbers=(version,))
    found = written.version(version)
    if found is None:
        raise unknown_document()
    words = _words(written.kind, found, _members(caller, [found.author]))
    return told(caller, words, now.version)


def document_add(caller: Caller, *, client: int, body: NewDocumentBody, **headers: Any) -> HttpResponse:
    """A new note or plan; needs Editor of that service of the client."""
    said = {"document": "new", "client": client, "body": body.model_dump()}
    if (known := said_before(caller, said, headers, new=True)) is not None:
        return known
    engagement = engagement_named(caller, client, body.service)

    def do(beside: BesideDocument) -> UUID:
        return write_document(
            caller.firm,
            member=caller.member,
            title=body.title,
            text=body.text,
            engagement=engagement,
            kind=DocumentKind(body.kind),
            beside=beside,
        )

    return written_once(caller, do, said, headers, new=True)


def document_change(
    caller: Caller, *, client: int, document: UUID, body: ChangedDocumentBody, **headers: Any
) -> HttpResponse:
    """A further version of a note or plan; what it said before stays among its versions."""
    said = {"document": str(document), "client": client, "body": body.model_dump()}
    if (known := said_before(caller, said, headers)) is not None:
        return known
    kind = found_document(caller, client, document).kind
    if kind is DocumentKind.APPLICATION:
        detail = _("This is an application form: change it at its address under applications.")
        return invalid_answer(detail)

    def do(beside: BesideDocument) -> UUID:
        return write_document(
            caller.firm,
            member=caller.member,
            title=body.title,
            text=body.text,
            document=document,
            after=body.after,
            kind=kind,
            beside=beside,
        )

    return written_once(caller, do, said, headers)


def document_remove(
    caller: Caller, *, client: int, document: UUID, after: int, **headers: Any
) -> HttpResponse:
    """Nobody reads the plan any more, nor any of its versions; it cannot be undone."""
    said = {"document": str(document), "client": client, "remove": after}
    if (known := said_before(caller, said, headers)) is not None:
        return known
    kind = found_document(caller, client, document).kind
    if kind is DocumentKind.NOTE:
        return limit_answer(_("A note stays, with all its versions: change what it says instead."))
    if kind is DocumentKind.APPLICATION:
        return invalid_answer(_("This is an application form: remove it at its address under applications."))
    do = partial(
        remove_document, caller.firm, member=caller.member, document=document, after=after, kind=kind
    )
    return written_once(caller, lambda beside: do(beside=beside), said, headers, removes=True)


def _heading(now: FirmNow, each: Heading, kind: DocumentKind, services: Mapping[int, Ref]) -> HeadingAnswer:
    return HeadingAnswer(
        id=each.id,
        kind=kind,
        service=services[now.service_of(each.engagement)],
        version=each.number,
        title=each.title,
        author=Ref(id=each.member, name=each.author),
        at=each.at,
    )


def _words(kind: DocumentKind, version: Version, members: Callable[[int], Ref]) -> WordsAnswer:
    form = kind is DocumentKind.APPLICATION
    terms = terms_of(version) if form else None
    return WordsAnswer(
        version=version.number,
        title=version.title,
        author=members(version.author),
        at=version.at,
        text=None if form else version.text,
        form=None
        if terms is None
        else TermsAnswer(
            pence=terms.pence, day=terms.day, final=terms.final, client=terms.client, service=terms.service
        ),
    )


def _line(line: CommissionLine) -> LineAnswer:
    return LineAnswer(member=Ref(id=line.member, name=line.name), split=line.split / 100, pence=line.pence)


def _services(caller: Caller, numbers: Iterable[int]) -> dict[int, Ref]:
    rows = rows_by_number(caller.firm, Thing.SERVICE, ("number", "name"), "number", set(numbers))
    return {number: Ref(id=number, name=name) for number, name in rows}


def _members(caller: Caller, numbers: Iterable[int]) -> Callable[[int], Ref]:
    names = dict(rows_by_number(caller.firm, Thing.MEMBER, ("number", "name"), "number", set(numbers)))
    return lambda number: Ref(id=number, name=names.get(number, ""))


for _path, _read, _answer, _summary in (
    ("/clients/{client}/documents", documents_list, ListAnswer[HeadingAnswer], "Documents of a client"),
    (ONE, document_read, DocumentAnswer, "One document"),
    (f"{ONE}/versions", document_versions, ListAnswer[VersionAnswer], "The versions of a document"),
    (f"{ONE}/versions/{{version}}", document_version, WordsAnswer, "One version of a document"),
):
    register(ROUTER, "GET", _path, _read, _read, answer=_answer, summary=_summary)

declare_write(
    ROUTER,
    "POST",
    "/clients/{client}/documents",
    document_add,
    "Write a new note or plan",
    NewDocumentBody,
    201,
)
declare_write(ROUTER, "PUT", ONE, document_change, "Change a note or plan", ChangedDocumentBody)
declare_write(ROUTER, "DELETE", ONE, document_remove, "Remove a plan")
