"""A list whose member may be told less now than when it was checked: checked anew before it is shown."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.firms.models import ListUpload
from ringfence.jobs.lists import check_list
from ringfence.lists.uploads import rights
from ringfence.lists.uploads.stages import Checked, ListChoice, Stage, UploadPart
from ringfence.web.browse.plain_question import PlainQuestion
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .beginning import begin_stage

COMPARED = frozenset({Stage.FAULTY, Stage.READY, Stage.NOTHING})
"""Stages whose pages tell of the firm."""


def outgrown(visit: Visit, upload: ListUpload) -> bool:
    """Whether what was found of the list is not all the visitor's to be told any more."""
    if upload.stage not in COMPARED:
        return False
    found = rights.part_of(upload, UploadPart.CHECKED, Checked)
    return found is not None and rights.outgrown(upload, found, visit.firm_now, visit.number)


def ask_anew(visit: Visit, upload: ListUpload, error: str = "") -> HttpResponse:
    """Whether it is to be checked again, in place of what was found."""
    page = PlainQuestion(
        frame=frame_for(visit, "manage"),
        title=_("The list has to be checked again"),
        caption=upload.file,
        back=reverse("lists", args=[visit.firm.pk]),
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        lead=(_("What you can open in the firm has changed since the list was checked."),),
        question=_("Do you want to check it again now?"),
        answer_error=error,
        kept={"go": "check", "turn": str(upload.turn)},
    )
    return show(visit.request, "shared/plain_question.html", page)


def check_anew(visit: Visit, upload: ListUpload, choice: ListChoice) -> HttpResponse:
    """Check it again after yes, as it was to be read before."""
    answer = visit.request.POST.get("answer", "")
    if answer == "no":
        return redirect("lists", firm=visit.firm.pk)
    if answer != "yes":
        return ask_anew(visit, upload, _("Select yes if you want to check the list again"))
    return begin_stage(visit, upload, Stage.CHECKING, check_list, choice)
