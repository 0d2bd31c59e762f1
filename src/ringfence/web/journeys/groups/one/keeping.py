"""Handing a group to the firm's directory, and taking it back: who is in it is said there, or here."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect

from ringfence.core.commands.definitions import ChangeGroup
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .group import changeable_group


@needs(Capability.MANAGE, READS_AND_SENDS)
def hand_over(visit: Visit, number: int) -> HttpResponse:
    """Hand the group to the directory after yes (rules.md 7, `group.change`)."""
    group = changeable_group(visit, number)
    back, words = group.address("group-members"), {"name": group.name}
    if group.kept:
        # The second of two clicks.
        return redirect(back)
    return asked_and_done(
        visit,
        ChangeGroup(group=number, directory=True),
        Question(
            title=_("Hand %(name)s to the directory") % words,
            text=_("Do you want the firm’s directory to say who is in %(name)s?") % words,
            unanswered=_("Select yes if the directory is to say who is in this [group]"),
            lead=_(
                "From then on its name and its [members] are changed in the directory, and no more here. "
                "Whoever is in it stays until the directory says otherwise. Its [clients] are chosen here "
                "as ever."
            ),
            back=back,
            section="manage",
        ),
        done=_("The directory says who is in %(name)s from now on.") % words,
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def take_back(visit: Visit, number: int) -> HttpResponse:
    """Take the group back from the directory after yes: name and members are changed here again."""
    group = changeable_group(visit, number)
    back, words = group.address("group-members"), {"name": group.name}
    if not group.kept:
        return redirect(back)
    return asked_and_done(
        visit,
        ChangeGroup(group=number, directory=False),
        Question(
            title=_("Take %(name)s back from the directory") % words,
            text=_("Do you want to say here who is in %(name)s?") % words,
            unanswered=_("Select yes if you want to say here who is in this [group]"),
            lead=_(
                "Whoever is in it stays. What the directory says of this [group] counts no more: who is "
                "switched off there loses their place in the firm as ever, but who is only taken out of "
                "the [group] there stays in it here."
            ),
            back=back,
            section="manage",
        ),
        done=_("You say who is in %(name)s from now on.") % words,
    )
