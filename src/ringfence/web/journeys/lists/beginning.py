"""Handing a list to the background for its next step."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django_tasks.base import Task

from ringfence.firms.models import ListUpload
from ringfence.jobs.list_stages import begin
from ringfence.lists.uploads.stages import ListChoice, Stage
from ringfence.web.shell.visit import Visit


def begin_stage(
    visit: Visit, upload: ListUpload, stage: Stage, task: Task[..., None], choice: ListChoice
) -> HttpResponse:
    """Hand the list to the background, unless somebody was quicker."""
    begin(upload, stage, task, choice)
    return redirect("list", firm=visit.firm.pk, upload=upload.pk)
