"""Putting unassigned clients into groups: their level where firms know four, the preview, done."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Refused
from ringfence.core.refusals import Refusal
from ringfence.core.terms import GIVING
from ringfence.web.previews.agreed import chosen_otherwise
from ringfence.web.previews.confirm import Answer, ask, execute_shown, read_answer, too_late
from ringfence.web.previews.done import done
from ringfence.web.previews.outcome import FIRST, rest_words
from ringfence.web.queries.things import group_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .choose import nothing_chosen, what_is_chosen
from .draft import Assigning, just_done, read_assigning


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPage(Page):
    levels: tuple[dict[str, str], ...]
    level: str
    level_error: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def level(visit: Visit) -> HttpResponse:
    """What the groups' members may do with the clients, in a firm that knows four levels."""
    firm, mine = visit.firm.pk, read_assigning(visit)
    if not mine.chosen or not mine.groups:
        return redirect("assign-groups", firm=firm)
    if visit.settings.levels != "four":
        return redirect("assign-check", firm=firm)
    given, error = mine.level.word, ""
    if visit.request.method == "POST":
        given = visit.request.POST.get("level", "")
        if any(each.word == given for each in GIVING):
            mine.answer(level=given)
            return redirect("assign-check", firm=firm)
        error = _("Select what they may do")
    page = LevelPage(
        frame=frame_for(visit, "manage"),
        title=_("What may the [members] of these [groups] do with the [clients]?"),
        back=reverse("assign-groups", args=[firm]),
        errors=(ErrorLine(text=error, href="#level"),) if error else (),
        levels=tuple({"value": each.word, "text": level_shown(each)} for each in GIVING),
        level=given,
        level_error=error,
    )
    return show(visit.request, "groups/unassigned/level.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit) -> HttpResponse:
    """Add the clients after yes, with what that does shown first (rules.md 6)."""
    firm, mine = visit.firm.pk, read_assigning(visit)
    if not mine.chosen:
        sent = visit.request.method == "POST"
        return redirect("clients-assigned", firm=firm) if sent and just_done(visit) else nothing_chosen(visit)
    if not mine.groups:
        return redirect("assign-groups", firm=firm)
    answer = read_answer(visit, _("Select yes if you want to add these [clients]"))
    if answer.no:
        return redirect("assign-groups", firm=firm)
    if answer.yes and (other := chosen_otherwise(visit, mine.command)):
        answer = Answer(error=other)
    try:
        if not answer.yes:
            return _ask(visit, mine, answer)
        try:
            execute_shown(visit, mine.command)
        except Overtaken:
            return _ask(visit, mine, too_late(visit))
    except Refused as refused:
        if refused.refusal is not Refusal.CONFLICT:
            messages.error(visit.request, problem_sentence(refused))
            return redirect("assign-groups", firm=firm)
    mine.finish()
    return redirect("clients-assigned", firm=firm)


def _ask(visit: Visit, mine: Assigning, answer: Answer) -> HttpResponse:
    words = {"what": what_is_chosen(visit, mine), "groups": _names(visit, list(mine.groups))}
    return ask(
        visit,
        mine.command,
        answer,
        title=_("Add %(what)s") % words,
        question=_("Do you want to add %(what)s to %(groups)s?") % words,
        back=reverse("assign-groups", args=[visit.firm.pk]),
        named=mine.chosen if mine.unit == "client" else visit.firm_now.clients_of(mine.chosen),
    )


def _names(visit: Visit, groups: list[int]) -> str:
    """The groups by name, the first few of them."""
    names = sorted(group_names(visit.firm.pk, groups).values())
    return " ".join(filter(None, (", ".join(names[:FIRST]), rest_words(len(names)))))


@needs(Capability.MANAGE)
def assigned(visit: Visit) -> HttpResponse:
    """The clients are in the groups: said to who added them, right afterwards."""
    firm = visit.firm.pk
    found = just_done(visit)
    if found is None:
        return redirect("unassigned-clients", firm=firm)
    groups = [number for number in found[0] if number in visit.firm_now.groups]
    return done(
        visit,
        title=_("[Clients] added"),
        panel=_("Now in %(groups)s") % {"groups": _names(visit, groups)},
        text=_("The [members] of the [groups] can open what you added.")
        if visit.settings.control
        else _("It begins to count when you turn on [access control]."),
        next_steps=(
            *_links(visit, groups),
            Link(text=_("See what is still unassigned"), href=reverse("unassigned-clients", args=[firm])),
        ),
    )


def _links(visit: Visit, groups: list[int]) -> list[Link]:
    names = group_names(visit.firm.pk, groups)
    return [
        Link(text=name, href=reverse("group", args=[visit.firm.pk, number]))
        for number, name in list(names.items())[:FIRST]
    ]
