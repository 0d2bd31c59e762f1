"""Lists handed to the background: a file that was sent, and the next step of one that waits."""

from __future__ import annotations

import msgspec
from django.db import transaction
from django.utils import timezone
from django_tasks.base import Task

from ringfence.firms.models import ListUpload
from ringfence.lists.faults import F, TableError
from ringfence.lists.files.archive import need_within
from ringfence.lists.files.kinds import PACKED, kind_of
from ringfence.lists.files.source import InMemory
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.uploads.keeping import put, sweep
from ringfence.lists.uploads.stages import (
    AT_WORK,
    MOST_AT_WORK,
    MOST_BYTES,
    MOST_OF_FIRM,
    MOST_OF_MEMBER,
    MOST_UNPACKED,
    ListChoice,
    Stage,
    UploadPart,
)

from .enqueue import enqueue
from .lists import check_list, look_at_list

MEGABYTE = 2**20


def file_sent(name: str, size: int, content: bytes) -> InMemory:
    """The file as it was sent. Raises `TableError` for one that cannot be a list."""
    if size > MOST_BYTES:
        raise TableError(name, F.FILE_TOO_LARGE, limit=MOST_BYTES // MEGABYTE)
    source = InMemory(name, content)
    if kind_of(source) in PACKED:
        need_within(source, MOST_UNPACKED)
    return source


def take_in(
    firm: int, member: int, kind: ListKind, source: InMemory, choice: ListChoice | None = None
) -> ListUpload:
    """Keep a list and have it looked at; checked at once where its member has said how it is to be read.

    Raises `TableError` where as many are on their way in as may be.
    """
    sweep(firm)
    with transaction.atomic():
        _make_room(firm, member, source.name)
        upload = ListUpload.objects.create(
            firm_id=firm,
            member=member,
            kind=kind.value,
            file=source.name,
            size=source.size(),
            stage=Stage.LOOKING if choice is None else Stage.CHECKING,
            told={} if choice is None else msgspec.to_builtins(choice),
        )
        put(upload, {UploadPart.FILE: source.content})
        enqueue(look_at_list if choice is None else check_list, firm, upload.pk, upload.turn)
    return upload


def _make_room(firm: int, member: int, file: str) -> None:
    waiting = ListUpload.objects.filter(firm=firm).exclude(stage=Stage.SAVED)
    own = waiting.filter(member=member)
    # A list that the firm has already asks nothing of its member any more: it goes first, the oldest of them.
    idle = own.filter(stage=Stage.NOTHING).order_by("changed_at").values_list("pk", flat=True)
    above = max(own.count() - MOST_OF_MEMBER + 1, 0)
    own.filter(stage=Stage.NOTHING, pk__in=list(idle[:above])).delete()
    for rows, most, fault in (
        (own.filter(stage__in=AT_WORK), MOST_AT_WORK, F.LISTS_AT_WORK),
        (own, MOST_OF_MEMBER, F.TOO_MANY_LISTS),
        (waiting, MOST_OF_FIRM, F.TOO_MANY_LISTS),
    ):
        if rows.count() >= most:
            raise TableError(file, fault, limit=most)


def begin(
    upload: ListUpload, stage: Stage, task: Task[..., None], choice: ListChoice, *, token: int | None = None
) -> bool:
    """Hand the list on to its next stage, with a token or by hand; whether nobody was quicker."""
    turn = upload.turn + 1
    with transaction.atomic():
        mine = ListUpload.objects.filter(
            firm=upload.firm_id, pk=upload.pk, turn=upload.turn, stage=upload.stage
        )
        begun = mine.update(
            stage=stage,
            turn=turn,
            token=token,
            told=msgspec.to_builtins(choice),
            doing="",
            done=0,
            count=None,
            note="",
            changed_at=timezone.now(),
        )
        if begun:
            enqueue(task, upload.firm_id, upload.pk, turn)
    return bool(begun)
