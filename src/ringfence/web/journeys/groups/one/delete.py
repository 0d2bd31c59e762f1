"""Deleting a group, with who loses what and what opens shown first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from ringfence.access import Batch
from ringfence.core.commands.definitions import DeleteGroup
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import read_answer
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .group import changeable_group


@needs(Capability.MANAGE, READS_AND_SENDS)
def delete(visit: Visit, number: int) -> HttpResponse:
    """Delete the group after yes, with what that does shown first (rules.md 6, 7)."""
    firm, now = visit.firm.pk, visit.firm_now
    if visit.request.method == "POST" and number not in now.groups and now.was_group(number):
        # The second of two clicks.
        return redirect("groups", firm=firm)
    group = changeable_group(visit, number)
    batch = Batch("group.delete", (DeleteGroup(group=number),))
    answer = read_answer(visit, _("Select yes if you want to delete this [group]"))
    if answer.no:
        return redirect("group", firm=firm, number=number)
    if answer.yes:
        answer = save_checked(visit, batch)
    if answer.yes:
        messages.success(visit.request, _("The [group] %(name)s is deleted.") % {"name": group.name})
        return redirect("groups", firm=firm)
    asked = CheckQuestion(
        title=_("Delete %(name)s") % {"name": group.name},
        caption="",
        question=_("Do you want to delete %(name)s?") % {"name": group.name},
        back=group.address(),
        notes=(_("The [group] cannot be brought back. Its [members] and [clients] stay in the firm."),),
    )
    return ask_checked(visit, batch, answer, asked)
