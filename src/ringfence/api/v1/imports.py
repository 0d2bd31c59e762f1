"""Lists brought in as files: sent, previewed in the background, and saved exactly as they were previewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Literal

import msgspec
from django.db import transaction
from django.http import Http404, HttpResponse
from ninja import Router
from ninja.params.functions import Body, Query
from pydantic import BaseModel, Field, StrictBool

from ringfence.api.bodies import CommandBody, Text, example
from ringfence.api.caller import Caller
from ringfence.api.foretelling import foretold_answer, register_foretold
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.problems import ApiProblem, invalid_answer, limit_answer
from ringfence.api.routes import LARGEST, number_in_path, read, told
from ringfence.api.writes import around, parameter
from ringfence.core.terms import Capability
from ringfence.firms.models import ListUpload
from ringfence.jobs.list_stages import begin, file_sent, take_in
from ringfence.jobs.lists import check_list, save_list
from ringfence.lists.fault_kinds import FaultKind
from ringfence.lists.faults import F, TableError
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.uploads.rights import checked_part, kinds_for, lists_for
from ringfence.lists.uploads.stages import (
    AT_WORK,
    MOST_BYTES,
    Checked,
    Clients,
    Effect,
    ListChoice,
    People,
    Stage,
)
from ringfence.wording import capability_text
from ringfence.wording.list_faults import fault_text
from ringfence.wording.saying import gettext as _

ROUTER = Router()
KINDS = Literal["clients", "members", "access"]
LONGEST_NAME = 200


class FaultAnswer(BaseModel):
    """Something that is wrong with rows, or that is to be looked at."""

    code: str
    detail: Annotated[str, Field(description="What it is, and what to do about it.")]
    column: str
    rows: Annotated[int, Field(description="How many rows have it.")]
    first: Annotated[list[int], Field(description="The first of these rows, as the file counts them.")]


class CountAnswer(BaseModel):
    """What of one kind the list would add, change and leave alone."""

    what: str
    added: int
    changed: int
    unchanged: int


class ListEffectAnswer(BaseModel):
    """Numbers of what the list would do to access (rules.md 6)."""

    gains: Annotated[int, Field(description="Members who would see more.")]
    loses: int
    changes: int
    opens: Annotated[int, Field(description="Clients that become open to all, or a part of them.")]
    closes: int
    without_owner: int
    breaks: Annotated[int, Field(description="Policies of the firm that it would break.")]
    self_access: bool


class ImportAnswer(BaseModel):
    """A list on its way in."""

    id: Annotated[int, Field(description="0 in the preview of a new one.")]
    kind: str
    file: str
    stage: Annotated[
        str,
        Field(
            description="checking and saving go on by themselves; ready waits to be saved; faulty and unread "
            "have faults; nothing: the firm has all of it; columns, looking: brought in on a page; saved."
        ),
    ]
    turn: Annotated[int, Field(description="Counts the steps that it was told to take.")]
    done: int
    count: Annotated[int | None, Field(description="Rows done, and of how many where that is known.")]
    version: Annotated[int, Field(description="Of the firm: previewed at; once saved, its ledger entry.")]
    started: datetime
    own: Annotated[bool, Field(description="Whether the token's member brings it in.")]
    rows: int
    counts: list[CountAnswer]
    faults: Annotated[list[FaultAnswer], Field(description="What keeps it from being saved; to its member.")]
    remarks: Annotated[list[FaultAnswer], Field(description="What is to be looked at; to its member.")]
    missing_services: Annotated[dict[str, int], Field(description="Services that the firm lacks, with rows.")]
    missing_groups: Annotated[dict[str, int], Field(description="Groups that the firm lacks, with rows.")]
    effect: ListEffectAnswer | None
    once_on: Annotated[ListEffectAnswer | None, Field(description="Where control is off: once it is on.")]


class ReadingBody(CommandBody):
    """How the list is to be read. What is left out is found out."""

    model_config = example(add_services=["VAT"], encoding="windows-1252")

    sheet: Annotated[Text, Field("", description="The name of the sheet.")]
    encoding: Annotated[Text, Field("", description="Of a text file.")]
    separator: Annotated[Text, Field("", description="Of a text file.", max_length=1)]
    header: Annotated[int, Field(0, ge=0, le=LARGEST, description="The line of the headers.")]
    add_services: Annotated[list[Text], Field([], description="Services to be added with it.")]
    add_groups: Annotated[StrictBool, Field(False, description="Whether missing groups are created.")]

    def choice(self) -> ListChoice:
        return ListChoice(
            sheet=self.sheet,
            encoding=self.encoding,
            separator=self.separator,
            header=self.header,
            services=tuple(self.add_services),
            add_groups=self.add_groups,
        )


class TurnBody(CommandBody):
    model_config = example(turn=1)

    turn: Annotated[int, Field(ge=0, le=LARGEST, description="`turn` of the preview that is agreed to.")]


@read(ROUTER, "/imports", ListAnswer[ImportAnswer], needs=Capability.MEMBER, summary="Lists on their way in")
def imports_list(caller: Caller, page: Pages) -> ListAnswer[ImportAnswer]:
    """One's own, to administrators everybody's, by id; kept for a day."""
    found = {upload.pk: upload for upload in lists_for(caller.now, caller.member)}
    part = part_of(sorted(found), page)
    items = [_answer(caller, found[number]) for number in part.numbers]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(ROUTER, "/imports/{upload}", ImportAnswer, needs=Capability.MEMBER, summary="One list on its way in")
def import_read(caller: Caller, upload: int = number_in_path("list")) -> ImportAnswer:
    """How far it has got; asked again until its stage waits for somebody."""
    return _answer(caller, _one(caller, upload))


def import_add(caller: Caller, *, kind: KINDS, file: str, preview: bool) -> HttpResponse:
    """The body is the file: CSV, XLSX, XLS, XLSB or ODS, up to 20 MB. It is previewed; then save it."""
    of_kind = ListKind(kind)
    if of_kind not in kinds_for(caller.now, caller.member):
        needed = Capability.MANAGE if of_kind is ListKind.MEMBERS else Capability.MANAGE_ACCESS
        raise ApiProblem("not_permitted", capability_text(needed))
    if caller.request.content_type == "multipart/form-data":
        raise ApiProblem(
            "not_json", _("Send the file itself as the body, not a form: with curl, --data-binary @list.csv.")
        )
    content = caller.request.read(MOST_BYTES + 1)
    if not content:
        raise ApiProblem("unreadable", _("The body is empty: send the file in it."))
    name = "".join(letter for letter in file if letter.isprintable())[-LONGEST_NAME:] or "list"
    try:
        source = file_sent(name, len(content), content)
        keep = partial(take_in, caller.firm, caller.member, of_kind, source, ListChoice())
        if preview:
            return _foretold(caller, keep, new=True)
        upload = keep()
    except TableError as error:
        text = fault_text(error.code, error.values)
        full = error.code in {F.LISTS_AT_WORK, F.TOO_MANY_LISTS}
        return limit_answer(text) if full else invalid_answer(text)
    answer = told(caller, _answer(caller, upload), caller.now.version, status=201)
    answer["Location"] = f"/api/v1/imports/{upload.pk}"
    return answer


def import_read_again(caller: Caller, *, upload: int, body: ReadingBody, preview: bool) -> HttpResponse:
    """Read and preview it again in another way; services and groups are added with it where that is said."""
    found, choice = _own(caller, upload), body.choice()
    if preview:
        return _foretold(caller, lambda: _begun(caller, found, Stage.CHECKING, choice))
    return _next(caller, found, Stage.CHECKING, choice)


def import_save(caller: Caller, *, upload: int, body: TurnBody, preview: bool) -> HttpResponse:
    """Save it as it was previewed; where the firm has changed since, it is previewed anew instead.

    The entries are written in the background: what they would do is told in `effect`.
    """
    found = _own(caller, upload)
    if found.turn != body.turn:
        raise ApiProblem("changed_meanwhile", _("The list has moved on meanwhile. Look at it again."))
    if found.stage != Stage.READY:
        return limit_answer(_not_saved(Stage(found.stage)))
    if preview:
        return foretold_answer(caller, _answer(caller, found))
    return _next(caller, found, Stage.SAVING, msgspec.convert(found.told, ListChoice))


def _not_saved(stage: Stage) -> str:
    """Why a list of this stage is not saved, and what to do."""
    if stage in AT_WORK:
        return _("The list is being worked on. Ask again until it is ready.")
    if stage is Stage.NOTHING:
        return _("There is nothing to save: your firm has all of it.")
    if stage is Stage.SAVED:
        return _("The list is saved already.")
    return _("Something in the list keeps it from being saved: mend it, and send it anew.")


def import_drop(caller: Caller, *, upload: int, preview: bool) -> HttpResponse:
    """Take it back. What is saved is saved."""
    found = _one(caller, upload)
    if preview:
        return foretold_answer(caller, _answer(caller, found))
    ListUpload.objects.filter(firm=caller.firm, pk=found.pk).exclude(stage=Stage.SAVED).delete()
    return told(caller, _answer(caller, found), caller.now.version)


def _one(caller: Caller, upload: int) -> ListUpload:
    found = lists_for(caller.now, caller.member).filter(pk=upload).first()
    if found is None:
        raise Http404
    return found


def _own(caller: Caller, upload: int) -> ListUpload:
    found = _one(caller, upload)
    if found.member != caller.member:
        raise ApiProblem("not_permitted")
    return found


def _foretold(caller: Caller, do: Callable[[], ListUpload], *, new: bool = False) -> HttpResponse:
    """Do it, look at it and undo it: nothing of the firm changes by it, nor would."""
    with transaction.atomic():
        stands = _answer(caller, do())
        transaction.set_rollback(True)
    return foretold_answer(caller, stands.model_copy(update={"id": 0}) if new else stands)


def _next(caller: Caller, found: ListUpload, stage: Stage, choice: ListChoice) -> HttpResponse:
    return told(caller, _answer(caller, _begun(caller, found, stage, choice)), caller.now.version)


def _begun(caller: Caller, found: ListUpload, stage: Stage, choice: ListChoice) -> ListUpload:
    if found.stage in AT_WORK or found.stage == Stage.SAVED:
        raise ApiProblem("changed_meanwhile", _("The list has moved on meanwhile. Look at it again."))
    task = save_list if stage is Stage.SAVING else check_list
    if not begin(found, stage, task, choice, token=caller.acting.number):
        raise ApiProblem("changed_meanwhile", _("The list has moved on meanwhile. Look at it again."))
    found.refresh_from_db()
    return found


def _answer(caller: Caller, upload: ListUpload) -> ImportAnswer:
    checked = None if upload.stage in AT_WORK else checked_part(upload, caller.now, caller.member)
    found, own = checked or Checked(), upload.member == caller.member
    effect = checked is not None and upload.stage in {Stage.READY, Stage.SAVED}
    return ImportAnswer(
        id=upload.pk,
        kind=upload.kind,
        file=upload.file,
        stage=upload.stage,
        turn=upload.turn,
        done=upload.done,
        count=upload.count,
        version=upload.version,
        started=upload.started_at,
        own=own,
        rows=found.rows,
        counts=[
            CountAnswer(what=each.what, added=each.added, changed=each.changed, unchanged=each.unchanged)
            for each in found.counts
        ],
        # What stands in its rows is for its member alone (rules.md 5).
        faults=[*_problem(found), *map(_fault, found.faults)] if own else [],
        remarks=list(map(_fault, found.remarks)) if own else [],
        missing_services=dict(found.missing_services) if own else {},
        missing_groups=dict(found.missing_groups) if own else {},
        effect=_effect(found.effect) if effect else None,
        once_on=None if found.once_on is None else _effect(found.once_on),
    )


def _problem(found: Checked) -> list[FaultAnswer]:
    if found.problem is None:
        return []
    detail = fault_text(found.problem.code, found.problem.values)
    row = found.problem.row
    return [
        FaultAnswer(
            code=found.problem.code.value,
            detail=detail,
            column="",
            rows=0,
            first=[] if row is None else [row],
        )
    ]


def _fault(kind: FaultKind) -> FaultAnswer:
    return FaultAnswer(
        code=kind.first.code.value,
        detail=fault_text(kind.first.code, kind.first.values),
        column=kind.first.column,
        rows=kind.rows,
        first=list(kind.lines[:10]),
    )


def _effect(effect: Effect) -> ListEffectAnswer:
    def count(part: People | Clients) -> int:
        return part.total

    return ListEffectAnswer(
        gains=count(effect.gains),
        loses=count(effect.loses),
        changes=count(effect.changes),
        opens=count(effect.opens),
        closes=count(effect.closes),
        without_owner=count(effect.ownerless),
        breaks=len(effect.breaks),
        self_access=effect.self_access,
    )


_UPLOAD = parameter("upload", int, number_in_path("list"))
_FILE = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
}
for _method, _path, _view, _summary, _parameters, _status in (
    (
        "POST",
        "/imports",
        import_add,
        "Bring in a list",
        [
            parameter("kind", KINDS, Query(..., description="What the list is of.")),
            parameter("file", str, Query("list.csv", description="Its name.", max_length=LONGEST_NAME)),
        ],
        201,
    ),
    (
        "POST",
        "/imports/{upload}/read",
        import_read_again,
        "Read a list in another way",
        [_UPLOAD, parameter("body", ReadingBody, Body(...))],
        200,
    ),
    (
        "POST",
        "/imports/{upload}/save",
        import_save,
        "Save a list as it was previewed",
        [_UPLOAD, parameter("body", TurnBody, Body(...))],
        200,
    ),
    ("DELETE", "/imports/{upload}", import_drop, "Take a list back", [_UPLOAD], 200),
):
    register_foretold(
        ROUTER,
        _method,
        _path,
        _view,
        answer=ImportAnswer,
        summary=_summary,
        parameters=(*_parameters, around()[0]),
        extra=_FILE if _view is import_add else None,
        status=_status,
    )
