"""Handing a list to the background for its next step."""

from __future__ import annotations

import msgspec
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django_tasks.base import Task

from ringfence.firms.models import ListUpload
from ringfence.jobs.enqueue import enqueue
from ringfence.lists.uploads.stages import ListChoice, Stage
from ringfence.web.shell.visit import Visit


def begin_stage(
    visit: Visit, upload: ListUpload, stage: Stage, task: Task[..., None], choice: ListChoice
) -> HttpResponse:
    """Hand the list to the background, unless somebody was quicker."""
    turn = upload.turn + 1
    with transaction.atomic():
        mine = ListUpload.objects.filter(firm=visit.firm, pk=upload.pk, turn=upload.turn, stage=upload.stage)
        if mine.update(
            stage=stage,
            turn=turn,
            told=msgspec.to_builtins(choice),
            doing="",
            done=0,
            count=None,
            note="",
            changed_at=timezone.now(),
        ):
            enqueue(task, visit.firm.pk, upload.pk, turn)
    return redirect("list", firm=visit.firm.pk, upload=upload.pk)
