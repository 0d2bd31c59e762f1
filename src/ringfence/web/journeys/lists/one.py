"""One list on its way in: the page of the stage that it has reached, and what its member does there."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.firms.models import ListUpload
from ringfence.jobs.lists import check_list, look_at_list, save_list
from ringfence.lists.export.fault_file import fault_cells, fault_headers
from ringfence.lists.export.writing import Format, TooManyRows, write_list
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.uploads.stages import AT_WORK, AllFaults, Checked, Count, ListChoice, Stage, UploadPart
from ringfence.web.browse.downloads import TYPES
from ringfence.web.previews.done import done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.list_progress import counted_text, doing_text
from ringfence.wording.saying import gettext as _

from .beginning import begin_stage
from .checked import preview_page
from .columns import columns_page, read_columns, read_how
from .faulty import asks, faults_page, read_settled
from .found import list_for, part_of
from .gone import read_removal, read_whole, without_removal
from .outgrown import COMPARED, ask_anew, check_anew, outgrown


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPage(Page):
    """A list that the background is at."""

    file: str
    doing: str
    done: int
    count: int | None
    told: str
    """How many of how many, in words."""
    turn: int
    mine: bool


@needs(Capability.MEMBER, READS_AND_SENDS)
def one(visit: Visit, upload: int) -> HttpResponse:
    """Where the list is, or the next step of it."""
    found = list_for(visit, upload)
    if visit.request.method == "POST":
        return _act(visit, found)
    return _shown(visit, found)


def _shown(visit: Visit, upload: ListUpload) -> HttpResponse:
    stage = Stage(upload.stage)
    if stage in AT_WORK:
        return _progress(visit, upload)
    if outgrown(visit, upload):
        return ask_anew(visit, upload)
    if stage is Stage.COLUMNS:
        return columns_page(visit, upload, mine=_mine(visit, upload))
    if stage in {Stage.UNREAD, Stage.FAULTY}:
        return faults_page(visit, upload, mine=_mine(visit, upload))
    if stage is Stage.READY or _lacks(upload, stage):
        return preview_page(visit, upload, mine=_mine(visit, upload))
    return _ended(visit, upload, stage)


def _lacks(upload: ListUpload, stage: Stage) -> bool:
    """Whether there is nothing to save of a whole list, and something is gone from it."""
    if stage is not Stage.NOTHING:
        return False
    gone = part_of(upload, UploadPart.CHECKED, Checked).gone
    return gone is not None and bool(gone.count)


def _mine(visit: Visit, upload: ListUpload) -> bool:
    return bool(upload.member == visit.number)


def _progress(visit: Visit, upload: ListUpload) -> HttpResponse:
    told = ""
    if upload.done and upload.count:
        told = _("%(done)s of %(count)s rows") % {"done": figure(upload.done), "count": figure(upload.count)}
    elif upload.done:
        told = _("%(done)s rows") % {"done": figure(upload.done)}
    page = ProgressPage(
        frame=frame_for(visit, "manage"),
        title=_("Your list is being worked on") if _mine(visit, upload) else _("The list is being worked on"),
        back=reverse("lists", args=[visit.firm.pk]),
        file=upload.file,
        doing=doing_text(upload.doing),
        done=upload.done,
        count=upload.count,
        told=told,
        turn=upload.turn,
        mine=_mine(visit, upload),
    )
    return show(visit.request, "lists/progress.html", page)


def _ended(visit: Visit, upload: ListUpload, stage: Stage) -> HttpResponse:
    firm = visit.firm.pk
    checked = part_of(upload, UploadPart.CHECKED, Checked)
    more = Link(text=_("Bring in another list"), href=reverse("lists", args=[firm]))
    if stage is Stage.NOTHING:
        empty = not checked.rows
        text = _("The list holds no row below its header.") if empty else _("The firm has all of it already.")
        return done(visit, title=_("There is nothing to save"), text=text, next_steps=(more,))
    values = {"file": upload.file, "entry": figure(upload.version)}
    saved = _("%(file)s is saved. It is entry %(entry)s of the ledger.") % values
    return done(
        visit,
        title=_("The list is saved"),
        text=" ".join((saved, *map(_counted, checked.counts))),
        next_steps=(
            *_entry(visit, upload),
            Link(text=_("[Clients]"), href=reverse("clients", args=[firm])),
            more,
        ),
    )


def _counted(count: Count) -> str:
    """`Clients: 665 added, 2 changed.`"""
    told = {"what": counted_text(count.what), "added": figure(count.added), "changed": figure(count.changed)}
    return _("%(what)s: %(added)s added, %(changed)s changed.") % told


def _entry(visit: Visit, upload: ListUpload) -> tuple[Link, ...]:
    """The ledger's page of what it did, for who may read that."""
    if not visit.can(Capability.READ_CONTROL):
        return ()
    href = reverse("ledger-entry", args=[visit.firm.pk, upload.version])
    return (Link(text=_("What the list did"), href=href),)


# --- What its member does


def _act(visit: Visit, upload: ListUpload) -> HttpResponse:
    go = visit.request.POST.get("go", "")
    if go == "cancel":
        return _cancel(visit, upload)
    if not _mine(visit, upload):
        raise PermissionDenied
    act = _ACTS.get(go)
    if act is None or number_in(visit.request.POST.get("turn", "")) != upload.turn:
        messages.info(visit.request, _("The list has moved on meanwhile. This is where it is now."))
        return redirect("list", firm=visit.firm.pk, upload=upload.pk)
    stages, take = act
    if upload.stage not in stages or (go != "check" and outgrown(visit, upload)):
        return redirect("list", firm=visit.firm.pk, upload=upload.pk)
    return take(visit, upload)


def _cancel(visit: Visit, upload: ListUpload) -> HttpResponse:
    """Take the list back. What is saved is saved: its row goes with time."""
    ListUpload.objects.filter(firm=visit.firm, pk=upload.pk).exclude(stage=Stage.SAVED).delete()
    messages.success(visit.request, _("The list %(file)s is taken back.") % {"file": upload.file})
    return redirect("lists", firm=visit.firm.pk)


def _choice(upload: ListUpload) -> ListChoice:
    return msgspec.convert(upload.told, ListChoice)


def _again(visit: Visit, upload: ListUpload) -> HttpResponse:
    """Read the file otherwise: another sheet, header, encoding or separator."""
    return begin_stage(visit, upload, Stage.LOOKING, look_at_list, read_how(visit, _choice(upload)))


def _check(visit: Visit, upload: ListUpload) -> HttpResponse:
    return check_anew(visit, upload, _choice(upload))


def _columns(visit: Visit, upload: ListUpload) -> HttpResponse:
    """Check the list by the columns as they were named."""
    choice, errors = read_columns(visit, upload, _choice(upload))
    if errors:
        return columns_page(visit, upload, mine=True, choice=choice, errors=errors)
    return begin_stage(visit, upload, Stage.CHECKING, check_list, read_whole(visit, choice))


def _back_to_columns(visit: Visit, upload: ListUpload) -> HttpResponse:
    return begin_stage(visit, upload, Stage.LOOKING, look_at_list, _choice(upload))


def _settle(visit: Visit, upload: ListUpload) -> HttpResponse:
    """Check the list again with the services that are ticked and the rows that are to count."""
    if not asks(part_of(upload, UploadPart.CHECKED, Checked)):
        return redirect("list", firm=visit.firm.pk, upload=upload.pk)
    choice = read_settled(visit, upload, _choice(upload))
    if choice is None:
        return faults_page(visit, upload, mine=True, error=_("Select what is to be done"))
    return begin_stage(visit, upload, Stage.CHECKING, check_list, choice)


def _unsettle(visit: Visit, upload: ListUpload) -> HttpResponse:
    """Check the list again without the services that were to be added, so that others can be ticked."""
    choice = msgspec.structs.replace(_choice(upload), services=())
    return begin_stage(visit, upload, Stage.CHECKING, check_list, choice)


def _with_totals(visit: Visit, upload: ListUpload) -> HttpResponse:
    choice = msgspec.structs.replace(_choice(upload), read_totals=True)
    return begin_stage(visit, upload, Stage.CHECKING, check_list, choice)


def _with_groups(visit: Visit, upload: ListUpload) -> HttpResponse:
    choice = msgspec.structs.replace(_choice(upload), add_groups=True)
    return begin_stage(visit, upload, Stage.CHECKING, check_list, choice)


def _remove(visit: Visit, upload: ListUpload) -> HttpResponse:
    """Show what the list does with what is gone from it removed."""
    gone = part_of(upload, UploadPart.CHECKED, Checked).gone
    if gone is None:
        return redirect("list", firm=visit.firm.pk, upload=upload.pk)
    choice, error = read_removal(visit, _choice(upload), gone)
    if error is not None:
        return preview_page(visit, upload, mine=True, errors=(error,))
    return begin_stage(visit, upload, Stage.CHECKING, check_list, choice)


def _leave(visit: Visit, upload: ListUpload) -> HttpResponse:
    """Show what the list does with what is gone from it left as it is."""
    return begin_stage(visit, upload, Stage.CHECKING, check_list, without_removal(_choice(upload)))


def _save(visit: Visit, upload: ListUpload) -> HttpResponse:
    # It is saved in the background, exactly as it was checked, where nobody can be asked.
    if upload.kind == ListKind.MEMBERS or part_of(upload, UploadPart.CHECKED, Checked).raises:
        visit.need_fresh()
    return begin_stage(visit, upload, Stage.SAVING, save_list, _choice(upload))


_PREVIEWED = frozenset({Stage.READY, Stage.NOTHING})
_WAITING = frozenset({Stage.COLUMNS, Stage.UNREAD, Stage.FAULTY, Stage.READY, Stage.NOTHING})
_ACTS: dict[str, tuple[frozenset[Stage], Callable[[Visit, ListUpload], HttpResponse]]] = {
    "again": (_WAITING, _again),
    "check": (COMPARED, _check),
    "columns": (frozenset({Stage.COLUMNS}), _columns),
    "back": (_WAITING, _back_to_columns),
    "settle": (frozenset({Stage.FAULTY}), _settle),
    "unsettle": (frozenset({Stage.READY}), _unsettle),
    "totals": (frozenset({Stage.FAULTY}), _with_totals),
    "groups": (frozenset({Stage.FAULTY}), _with_groups),
    "remove": (_PREVIEWED, _remove),
    "leave": (_PREVIEWED, _leave),
    "save": (frozenset({Stage.READY}), _save),
}
"""What is pressed on the pages: at which stages it counts, and what it does."""


# --- Everything that is wrong, as a file


@needs(Capability.MEMBER)
def faults_file(visit: Visit, upload: int, form: str) -> HttpResponse:
    """All faults and remarks of the list, a row each, as CSV or XLSX: for its member alone."""
    found = list_for(visit, upload)
    if found.stage in AT_WORK or not _mine(visit, found) or form not in set(Format):
        raise Http404
    if outgrown(visit, found):
        return redirect("list", firm=visit.firm.pk, upload=upload)
    found_faults = part_of(found, UploadPart.FAULTS, AllFaults).faults
    file = io.BytesIO()
    try:
        write_list(file, fault_headers(), fault_cells(found_faults), Format(form))
    except TooManyRows:
        return redirect(visit.request.path.removesuffix(form) + Format.CSV.value)
    answer = HttpResponse(file.getvalue(), content_type=TYPES[Format(form)])
    answer["Content-Disposition"] = f'attachment; filename="faults-{found.pk}.{form}"'
    return answer
