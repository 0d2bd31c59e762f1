"""How software writes documents: the record is opened before one is read, and a change is made once.

Documents stand outside the ledger and have versions of their own: a change says after which it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from ninja.params.functions import Body, Query
from pydantic import BaseModel, Field, StrictInt

from ringfence.access import FirmNow, Refused, open_record
from ringfence.access.asking_in_words import number_named
from ringfence.access.documents import (
    BesideDocument,
    DocumentKind,
    DocumentOvertaken,
    Written,
    document_for,
    last_version,
)
from ringfence.access.refused_attempts import What, note_refused
from ringfence.core.refusals import Problem, Refusal
from ringfence.core.terms import Capability, Thing
from ringfence.wording.saying import gettext as _

from .bodies import BodyPart
from .caller import Caller
from .foretelling import foretold_answer, register_foretold
from .problems import ApiProblem
from .repeating import AnsweredBefore, Once, key_of
from .routes import LARGEST, document_in_path, number_in_path, told
from .writes import around, parameter

AFTER_WORDS = "The document's version as it was read: 412 where somebody has changed it since."
AFTER = Query(..., ge=1, le=LARGEST, description=AFTER_WORDS)
After = Annotated[StrictInt, Field(ge=1, le=LARGEST, description=AFTER_WORDS)]


class WrittenAnswer(BaseModel):
    """A document that was written: on disk, and what everybody reads from now on."""

    document: Annotated[UUID | None, Field(description="Its id; null in the preview of a new one.")]
    version: Annotated[int, Field(description="The document's version: `after` of the next change.")]
    removed: Annotated[bool, Field(description="Whether nobody reads it any more.")] = False


def unknown_document() -> Refused:
    """As the core says it of a document on what the member may not open."""
    return Refused(Refusal.NOT_FOUND, Problem.UNKNOWN_ENGAGEMENT, "document")


def opened(caller: Caller, client: int) -> FirmNow:
    """The firm at which the record is opened by the token's member; raises `Refused` as for none."""
    caller.need(Capability.READ_CLIENTS)
    try:
        return open_record(caller.now, member=caller.member, client=client, token=caller.acting.number)
    except Refused:
        there = client if client in caller.now.clients else 0
        note_refused(caller.firm, member=caller.member, what=What.OPEN_RECORD, client=there)
        raise


def found_document(
    caller: Caller,
    client: int,
    document: UUID,
    *,
    kind: DocumentKind | None = None,
    numbers: tuple[int, ...] = (),
) -> Written:
    """The client's document, as far as the token's member may read it; raises `Refused` as for none."""
    caller.need(Capability.READ_CLIENTS)
    written = document_for(caller.now, caller.member, document, kind, numbers=numbers)
    if caller.now.client_of(written.engagement) != client:
        raise unknown_document()
    return written


def opened_document(
    caller: Caller, client: int, document: UUID, *, numbers: tuple[int, ...] = ()
) -> tuple[FirmNow, Written]:
    """The document with the record opened, also where access was lost meanwhile; raises as for none."""
    written = found_document(caller, client, document, numbers=numbers)
    now = opened(caller, client)
    if not now.can(caller.member, written.engagement):
        raise unknown_document()
    return now, written


def engagement_named(caller: Caller, client: int, service: int | str) -> int:
    """The client's engagement on which something is to be written; raises `Refused` as for none.

    Also for one that the member does not see: whether the firm has changed, which is answered next, would
    tell of it. Whether they may write there is for whoever writes.
    """
    caller.need(Capability.READ_CLIENTS)
    number = number_named(caller.now, Thing.SERVICE, service)
    engagement = caller.now.engagement_for(client, number) if client in caller.now.clients else None
    if engagement is None or not caller.now.can(caller.member, engagement):
        raise unknown_document()
    return engagement


class _Foreseen(Exception):
    """What would be answered: it undoes the transaction that it is raised in."""

    def __init__(self, stands: WrittenAnswer) -> None:
        super().__init__()
        self.stands = stands


class _Beside(BesideDocument):
    """Under the firm's lock: the firm is as it was read, the request is a new one."""

    def __init__(self, caller: Caller, once: Once, *, removes: bool, foretells: bool, new: bool) -> None:
        self.actor, self._once = caller.actor, once
        self._removes, self._foretells, self._new = removes, foretells, new
        self.written: WrittenAnswer | None = None

    def before(self, now: FirmNow) -> None:
        if self._foretells:
            self._once.need_unchanged(now.version)
        else:
            self._once.before(now.version)

    def after(self, document: UUID) -> None:
        version = last_version(document)
        if self._foretells:
            # A new one would get another id.
            mark = None if self._new else document
            raise _Foreseen(WrittenAnswer(document=mark, version=version, removed=self._removes))
        self.written = WrittenAnswer(document=document, version=version, removed=self._removes)
        self._once.keep(self.written.model_dump(mode="json"))


def said_before(
    caller: Caller, said: Mapping[str, Any], headers: Mapping[str, Any], *, new: bool = False
) -> HttpResponse | None:
    """What the same request was answered before, whatever has become of the document; None for a new one."""
    key = key_of(headers["idempotency_key"] or "")
    if headers["preview"] or not key:
        return None
    known = Once(caller, match="", key=key, said=said).answered()
    return None if known is None else _repeated(caller, known, new=new)


def _repeated(caller: Caller, known: Mapping[str, Any], *, new: bool) -> HttpResponse:
    answer = told(caller, WrittenAnswer(**known), caller.now.version, status=201 if new else 200)
    answer["Idempotency-Replayed"] = "true"
    return answer


def written_once(
    caller: Caller,
    do: Callable[[BesideDocument], object],
    said: Mapping[str, Any],
    headers: Mapping[str, Any],
    *,
    new: bool = False,
    removes: bool = False,
) -> HttpResponse:
    """Have `do` write a document, or foretell it; raises as `do` does, and 412 for who was overtaken.

    `said` is what is asked for. With a new document the answer is 201.
    """
    key = key_of(headers["idempotency_key"] or "")
    once = Once(caller, match=headers["if_match"] or "", key=key, said=said)
    beside = _Beside(caller, once, removes=removes, foretells=headers["preview"], new=new)
    try:
        do(beside)
    except _Foreseen as foreseen:
        return foretold_answer(caller, foreseen.stands)
    except AnsweredBefore as before:
        return _repeated(caller, before.answer, new=new)
    except DocumentOvertaken as overtaken:
        words = {"version": overtaken.present.number}
        detail = _(
            "The document is at version %(version)s by now: read it, put your change together with it, and "
            "send that with the new version."
        )
        raise ApiProblem("changed_meanwhile", detail % words, field="after") from overtaken
    assert beside.written is not None
    return told(caller, beside.written, caller.now.version, status=201 if new else 200)


def declare_write(
    router: Router,
    method: str,
    path: str,
    asked: Callable[..., HttpResponse],
    summary: str,
    body: type[BodyPart] | None = None,
    status: int = 200,
) -> None:
    """Declare a write of documents at `path`, with the parameters that every one takes."""
    found = [parameter("client", int, number_in_path("client"))]
    if "{document}" in path:
        found.append(parameter("document", UUID, document_in_path()))
    if body is None:
        found.append(parameter("after", int, AFTER))
    else:
        found.append(parameter("body", body, Body(...)))
    register_foretold(
        router,
        method,
        path,
        asked,
        answer=WrittenAnswer,
        summary=summary,
        parameters=[*found, *around()],
        status=status,
    )
