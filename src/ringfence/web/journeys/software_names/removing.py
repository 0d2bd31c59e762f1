"""Removing a name that other software uses, after yes."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.software_names import said, without
from ringfence.core.commands.definitions import SetNames
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

WHICH = "which"
"""The field with the name that the page was about: places in the list move when another is removed."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def remove(visit: Visit, place: int) -> HttpResponse:
    """From the answer on software that asks by this name is refused as by one that nobody knows."""
    names, list_page = visit.firm_now.software_names, reverse("software-names", args=[visit.firm.pk])
    listed = said(names)
    post = visit.request.POST
    found = listed[place - 1] if 0 < place <= len(listed) else None
    which = f"{found.name} {found.means} {found.only}" if found is not None else ""
    if visit.request.method == "POST" and post.get(WHICH) != which:
        # The second of two clicks, or somebody has removed another one meanwhile.
        return redirect(list_page)
    if found is None:
        raise Http404
    name = showable(found.name)
    return asked_and_done(
        visit,
        SetNames(names=without(names, found)),
        Question(
            title=_("Remove the name %(name)s") % {"name": name},
            text=_("Do you want to remove it?"),
            unanswered=_("Select yes if you want to remove the name"),
            lead=_(
                "Software that asks by this name is then refused, unless it is a name that everybody knows."
                " Nobody’s access changes."
            ),
            back=list_page,
            section="manage",
            kept={WHICH: which},
        ),
        done=_("The name %(name)s is removed.") % {"name": name},
    )
