"""Giving a group another name."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from ringfence.access import Refused, execute
from ringfence.core.commands.definitions import RenameGroup
from ringfence.core.refusals import Refusal
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import name_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .group import OneGroup, changeable_group


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamePage(Page):
    caption: str
    name: str
    was: str
    """The present name, which the form sends along."""
    name_error: str = ""


@needs(Capability.MANAGE, READS_AND_SENDS)
def rename(visit: Visit, number: int) -> HttpResponse:
    """Give the group another name (rules.md 7, `group.rename`)."""
    group = changeable_group(visit, number)
    if visit.request.method != "POST":
        return _page(group, group.name)
    given = visit.request.POST.get("name", "")
    # The name that the page was made with: another administrator's new one is not written over unseen.
    if visit.request.POST.get("was", group.name) != group.name:
        told = _("Somebody has renamed it to %(name)s meanwhile. Save again if it is to be called otherwise")
        return _page(group, given, told % {"name": group.name})
    try:
        execute(visit.firm.pk, RenameGroup(group=number, to=given), actor=visit.actor)
    except Refused as refused:
        if refused.refusal is not Refusal.CONFLICT:
            return _page(group, given, name_sentence(refused))
    else:
        words = {"old": group.name, "new": given.strip()}
        messages.success(visit.request, _("%(old)s renamed to %(new)s.") % words)
    return redirect("group", firm=visit.firm.pk, number=number)


def _page(group: OneGroup, given: str, error: str = "") -> HttpResponse:
    page = RenamePage(
        frame=frame_for(group.visit, "manage"),
        title=_("What is the new name of the [group]?"),
        caption=group.name,
        back=group.address(),
        errors=(ErrorLine(text=error, href="#name"),) if error else (),
        name=showable(given),
        was=group.name,
        name_error=error,
    )
    return show(group.visit.request, "groups/rename.html", page)
