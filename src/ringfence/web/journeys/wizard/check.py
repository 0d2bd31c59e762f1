"""Step 4 of the wizard: what it does, in numbers and names; refused with names, or saved at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Batch, ListRefused, Overtaken, rehearse
from ringfence.web.browse.grantees import grantee_rows
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import Answer, read_answer
from ringfence.web.previews.outcome import FIRST, NameList, rest_words
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .choice import WizardChoice, caption, commands_of, ending, forget_choice, read_choice
from .clients import lost


@needs(Capability.MEMBER, READS_AND_SENDS)
def check(visit: Visit) -> HttpResponse:
    """Yes or no to all of it: one change, whole or not at all (rules.md 6)."""
    firm, post = visit.firm.pk, visit.request.POST
    mine = read_choice(visit)
    if mine is None:
        return redirect("wizard", firm=firm)
    if not mine.grants or not mine.clients:
        return redirect("wizard-clients" if mine.grants else "wizard-who", firm=firm)
    commands = commands_of(mine, visit.firm_now)
    if not commands:
        messages.info(
            visit.request, _("Nothing would change: this is so already on every [client] selected.")
        )
        return redirect("wizard-clients", firm=firm)
    batch = Batch("grant.remove" if mine.removes else "grant.set", commands)
    if post.get("go") == "without":
        return _without(visit, mine, batch)
    answer = read_answer(visit, _("Select yes if you want to make this change"))
    if answer.no:
        return redirect("wizard-clients", firm=firm)
    if answer.yes:
        answer = save_checked(visit, batch)
    if answer.yes:
        messages.success(visit.request, _done(mine))
        forget_choice(visit)
        return redirect("wizard", firm=firm)
    return _ask(visit, mine, batch, answer)


def _ask(visit: Visit, mine: WizardChoice, batch: Batch, answer: Answer) -> HttpResponse:
    firm = visit.firm.pk
    asked = CheckQuestion(
        title=_("Take permissions away from %(who)s") % {"who": _counted(mine)}
        if mine.removes
        else _("Set permissions of %(who)s") % {"who": _counted(mine)},
        caption=caption(4),
        question=_("Do you want to make this change on %(clients)s?")
        % {"clients": count_clients(len(mine.clients))},
        back=reverse("wizard-clients", args=[firm]),
        chosen_title=_("Whose permissions"),
        chosen=_named(visit, mine),
        change=Link(text=_("Change whose permissions"), href=reverse("wizard-who", args=[firm])),
        notes=(*lost(mine), *_lasting(mine, visit)),
        named=mine.clients,
        section="clients",
        leave_out=_("Leave these out"),
    )
    return ask_checked(visit, batch, answer, asked)


def _lasting(mine: WizardChoice, visit: Visit) -> tuple[str, ...]:
    """That permissions with an end are made to last."""
    count = ending(mine, visit.firm_now)
    if not count:
        return ()
    words = ngettext(
        "%(count)s permission that would end by itself is replaced by one that lasts.",
        "%(count)s permissions that would end by themselves are replaced by ones that last.",
        count,
    )
    return (words % {"count": figure(count)},)


def _named(visit: Visit, mine: WizardChoice) -> NameList:
    rows = grantee_rows(visit, mine.grants, SentenceNames(visit.firm, ()))
    lines = tuple((row.name, "" if mine.removes else row.shown) for row in rows[:FIRST])
    return NameList(total=len(rows), lines=lines, rest=rest_words(len(rows)), count=_counted(mine))


def _counted(mine: WizardChoice) -> str:
    """How many the change is about: groups and single members together."""
    words = ngettext("%(count)s [group] or [member]", "%(count)s [groups] and [members]", len(mine.grants))
    return words % {"count": figure(len(mine.grants))}


def _done(mine: WizardChoice) -> str:
    told = {"who": _counted(mine), "clients": count_clients(len(mine.clients))}
    if mine.removes:
        return _("The permissions of %(who)s on %(clients)s are taken away.") % told
    return _("The permissions of %(who)s on %(clients)s are set.") % told


def _without(visit: Visit, mine: WizardChoice, batch: Batch) -> HttpResponse:
    """Take off the choice what the change is refused for, and ask again."""
    try:
        rehearse(visit.firm.pk, [batch], actor=visit.actor, version=visit.firm_now.version)
    except ListRefused as refused:
        mine.keep_clients(mine.clients - refused.refused.clients)
    except Overtaken:
        pass
    return redirect("wizard-check", firm=visit.firm.pk)
