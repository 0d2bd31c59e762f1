"""Sending a file: what it is and how large is said at once, its rows are read in the background."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.jobs.list_stages import MEGABYTE, file_sent, take_in
from ringfence.lists.faults import F, TableError
from ringfence.lists.files.source import InMemory
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.uploads.stages import MOST_BYTES
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import takes_files
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.list_faults import fault_text
from ringfence.wording.list_progress import kind_text
from ringfence.wording.saying import four_levels, profile_spoken
from ringfence.wording.saying import gettext as _

from .found import kinds_for

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPage(Page):
    paragraphs: tuple[str, ...]
    points: tuple[str, ...]
    """What the list may hold."""
    file_error: str
    most: int
    """Bytes that a file may have."""
    too_large: str
    """What is said of a larger one, before it is sent."""


@needs(Capability.MEMBER, READS_AND_SENDS)
@takes_files(MOST_BYTES)
def add(visit: Visit, what: str) -> HttpResponse:
    """Choose a file and send it."""
    if what not in set(ListKind) - {ListKind.PLACES}:
        raise Http404
    of_kind = ListKind(what)
    if of_kind not in kinds_for(visit):
        raise PermissionDenied
    if visit.request.method != "POST":
        return _form(visit, of_kind)
    try:
        source = _sent(visit.request.FILES.get("file"))
        if source is None:
            return _form(visit, of_kind, _("Choose a file"))
        upload = take_in(visit.firm.pk, visit.number, of_kind, source)
    except TableError as error:
        return _form(visit, of_kind, fault_text(error.code, error.values))
    return redirect("list", firm=visit.firm.pk, upload=upload.pk)


def _sent(sent: UploadedFile[bytes] | None) -> InMemory | None:
    """The file that was sent, if any. Raises TableError for one that cannot be a list."""
    if sent is None:
        return None
    name = showable(sent.name or "")[-LONGEST_NAME:] or "list"
    size = sent.size or 0
    return file_sent(name, size, sent.read() if size <= MOST_BYTES else b"")


def _form(visit: Visit, kind: ListKind, error: str = "") -> HttpResponse:
    page = AddPage(
        frame=frame_for(visit, "manage"),
        title=_TITLES[kind]() if kind in _TITLES else kind_text(kind),
        back=reverse("lists", args=[visit.firm.pk]),
        errors=(ErrorLine(text=error, href="#file"),) if error else (),
        paragraphs=(
            _("The file can be CSV, XLSX, XLS, XLSB or ODS, of up to %(limit)s MB.")
            % {"limit": MOST_BYTES // MEGABYTE},
            _("Nothing is changed before you have seen what the list would do."),
            *_starting(visit, kind),
        ),
        points=_POINTS[kind](),
        file_error=error,
        most=MOST_BYTES,
        too_large=fault_text(F.FILE_TOO_LARGE, {"limit": MOST_BYTES // MEGABYTE}),
    )
    return show(visit.request, "lists/add.html", page)


def _starting(visit: Visit, kind: ListKind) -> tuple[str, ...]:
    """Who gets access to the new clients of a list besides."""
    if kind is not ListKind.CLIENTS:
        return ()
    found = [
        _("Who else gets access to its new [clients] is shown then, and you can change it before you save.")
    ]
    if visit.settings.creator_owns:
        found.insert(0, _("You become [owner] of every new [client] in the list."))
    return tuple(found)


def _of_clients() -> tuple[str, ...]:
    return (
        _("a row for each [client], or a row for each of its services"),
        _("the client reference and the name: [clients] are found by their reference"),
        _("if you like, the kind of [client], whether it is confidential, services and [tax references]"),
        _levels(),
    )


def _levels() -> str:
    """The columns for access, of the levels that the firm's screens know (rules.md 1)."""
    if four_levels():
        return _(
            "if you like, columns Owner, Editor, Reader and Blocked with the [groups] and [members] who get "
            "that on the [client]: by name or e-mail address, with semicolons between them"
        )
    if profile_spoken() == "agency":
        return _(
            "if you like, a column Editor with the [groups] and [members] who get access to the [client]: by "
            "name or e-mail address, with semicolons between them"
        )
    return _(
        "if you like, a column Owner with the [owners] of the [client] and a column Editor with the [groups] "
        "and [members] who get access to it: by name or e-mail address, with semicolons between them"
    )


def _of_members() -> tuple[str, ...]:
    return (
        _("a row for each [member]"),
        _("the e-mail address, by which [members] are found, and the name"),
        _("if you like, role, permissions and whether the [member] is active"),
    )


def _of_access() -> tuple[str, ...]:
    return (
        _("a row for each access: the client reference, and [a group] or the e-mail address of [a member]"),
        _("if you like, the service, the level and the expiry"),
        _("or a row for each place in [a group]: the [group] and the e-mail address"),
    )


_POINTS = {
    ListKind.CLIENTS: _of_clients,
    ListKind.MEMBERS: _of_members,
    ListKind.ACCESS: _of_access,
}
_TITLES = {
    ListKind.CLIENTS: lambda: _("Bring in a list of [clients]"),
    ListKind.MEMBERS: lambda: _("Bring in a list of [members]"),
    ListKind.ACCESS: lambda: _("Bring in a list of who has access"),
}
