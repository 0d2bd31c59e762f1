"""Saying how the firm's directory is asked, and that it is asked no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.directories import directory_of, forget_directory, keep_directory
from ringfence.web.browse.plain_question import PlainQuestion
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.directories import fault_text, why_text
from ringfence.wording.saying import gettext as _

TEXTS = (
    "server",
    "certificates",
    "user",
    "people_base",
    "people_filter",
    "groups_base",
    "groups_filter",
    "email",
    "name",
    "external",
)
SWITCHES = ("start_tls", "add_groups")
MOST = 200_000
"""Characters of a field: certificates are the longest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDirectoryPage(Page):
    kind: str
    values: dict[str, str]
    ticked: dict[str, bool]
    has_password: bool
    faults: dict[str, str]


@needs(Capability.MANAGE, READS_AND_SENDS)
def change(visit: Visit) -> HttpResponse:
    """All of it on one page; the password is never shown, and kept where nothing is written."""
    firm, kept = visit.firm.pk, directory_of(visit.firm.pk)
    held: dict[str, Any] = dict(kept.settings) if kept is not None else {"add_groups": True}
    hourly = kept.hourly if kept is not None else True
    if visit.request.method != "POST":
        return _page(visit, held, hourly=hourly)
    post = visit.request.POST
    given: dict[str, Any] = {name: post.get(name, "").strip()[:MOST] for name in TEXTS}
    given |= {name: name in post.getlist("switches") for name in SWITCHES}
    given["kind"] = post.get("kind", "active-directory")
    hourly = "hourly" in post.getlist("switches")
    try:
        # An extra of the package, which firms without a directory do without.
        from ringfence.lists.directory.directory_settings import DirectorySettings, UnfitSetting, need_fit
    except ImportError:
        return _page(visit, given, hourly=hourly, faults={"server": why_text("missing", "", "")})
    try:
        wanted = msgspec.convert(given, DirectorySettings)
        need_fit(wanted)
    except msgspec.ValidationError:
        return _page(visit, given, hourly=hourly, faults={"server": fault_text("server")})
    except UnfitSetting as unfit:
        return _page(visit, given, hourly=hourly, faults={unfit.field: fault_text(unfit.fault)})
    password = post.get("password", "")
    plain = msgspec.to_builtins(wanted)
    keep_directory(firm, plain, password=password or None, hourly=hourly, actor=visit.actor)
    messages.success(visit.request, _("The directory is kept. Press Test to see what it answers."))
    return redirect("directory", firm=firm)


@needs(Capability.MANAGE, READS_AND_SENDS)
def forget(visit: Visit) -> HttpResponse:
    """It is asked no more after yes, and its password is gone."""
    firm = visit.firm.pk
    answer = visit.request.POST.get("answer", "")
    if answer == "no" or directory_of(firm) is None:
        return redirect("directory", firm=firm)
    if answer == "yes":
        forget_directory(firm, actor=visit.actor)
        messages.success(visit.request, _("The directory is no longer asked. Everybody stays as they are."))
        return redirect("directory", firm=firm)
    error = _("Select yes if you want to stop asking it") if visit.request.method == "POST" else ""
    page = PlainQuestion(
        frame=frame_for(visit, "manage"),
        title=_("Stop asking the directory"),
        caption=_("Directory"),
        back=reverse("directory", args=[firm]),
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        lead=(
            _("Nobody is added, changed or deactivated by it any more. Everybody stays as they are."),
            _("How it is asked is forgotten, with its password. To use it again you set it up anew."),
        ),
        question=_("Do you want to stop asking it?"),
        answer_error=error,
    )
    return show(visit.request, "shared/plain_question.html", page)


def _page(
    visit: Visit, held: dict[str, Any], *, hourly: bool, faults: dict[str, str] | None = None
) -> HttpResponse:
    wrong, kept = faults or {}, directory_of(visit.firm.pk)
    page = ChangeDirectoryPage(
        frame=frame_for(visit, "manage"),
        title=_("How your directory is asked"),
        back=reverse("directory", args=[visit.firm.pk]),
        errors=tuple(ErrorLine(text=text, href=f"#{field}") for field, text in wrong.items()),
        kind=held.get("kind", "active-directory"),
        values={name: str(held.get(name, "")) for name in TEXTS},
        ticked={name: bool(held.get(name)) for name in SWITCHES} | {"hourly": hourly},
        has_password=kept is not None and bool(kept.sealed),
        faults={name: wrong.get(name, "") for name in TEXTS} | {"start_tls": wrong.get("start_tls", "")},
    )
    return show(visit.request, "directory/change.html", page)
