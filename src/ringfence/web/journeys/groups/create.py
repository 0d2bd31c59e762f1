"""Creating an access group: name, clients, team members, check with the preview, created."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Preview, Refused, execute, preview
from ringfence.access.reading import client_names
from ringfence.core.commands.definitions import CreateGroup
from ringfence.core.refusals import Refusal
from ringfence.core.terms import GIVING, Level
from ringfence.web.previews.confirm import changed_meanwhile
from ringfence.web.previews.done import done
from ringfence.web.previews.outcome import FIRST, NameList, Outcome, previewed, rest_words
from ringfence.web.previews.since import ChangeLine, changes_since, overtaken
from ringfence.web.queries.clients import client_rows
from ringfence.web.queries.people import members_matching
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_services
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.refusals import name_sentence, problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import control_off
from ringfence.wording.saying import gettext as _

from .draft import GroupDraft, created_from, just_created, mark_created, name_draft, read_draft
from .resubmitted import made_already

STEPS = 4


class LevelChoice(NamedTuple):
    """A level with what it lets one do."""

    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePage(Page):
    caption: str
    name: str
    name_error: str = ""
    levels: tuple[LevelChoice, ...]
    """Empty where the firm knows one choice (rules.md 1)."""
    level: str
    draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage(Page):
    caption: str
    name: str
    level: str
    clients: NameList
    members: NameList
    name_link: str
    clients_link: str
    members_link: str
    gone: int
    outcome: Outcome | None
    """None where the command would be refused; the error says why."""
    since: tuple[ChangeLine, ...]
    off: str
    """What holds while control is off; empty while it is on."""
    token: str
    version: int


@needs(Capability.MANAGE, READS_AND_SENDS)
def name(visit: Visit) -> HttpResponse:
    """Step 1: the name, checked for length, characters and being free."""
    firm, post = visit.firm.pk, visit.request.POST
    draft = read_draft(visit)
    if visit.request.method != "POST":
        return _name_page(visit, draft, draft.name if draft else "", draft.level if draft else Level.EDITOR)
    if post.get("go") == "discard":
        if draft is not None:
            draft.row.delete()
        messages.success(visit.request, _("The [group] that you had begun is discarded."))
        return redirect("manage", firm=firm)
    given, level = post.get("name", ""), _level(visit, post.get("level", ""))
    try:
        preview(firm, CreateGroup(name=given, level=level), actor=visit.actor)
    except Refused as refused:
        return _name_page(visit, draft, given, level, name_sentence(refused))
    name_draft(visit, given.strip(), level)
    return redirect("create-group-clients", firm=firm)


def _level(visit: Visit, word: str) -> Level:
    found = next((level for level in GIVING if level.word == word), Level.EDITOR)
    return found if visit.settings.levels == "four" else Level.EDITOR


def _name_page(
    visit: Visit, draft: GroupDraft | None, given: str, level: Level, problem: str = ""
) -> HttpResponse:
    levels = tuple(LevelChoice(each.word, level_shown(each)) for each in GIVING)
    page = NamePage(
        frame=frame_for(visit, "manage"),
        title=_("What is the name of the [group]?"),
        caption=caption(1),
        back=reverse("manage", args=[visit.firm.pk]),
        errors=(ErrorLine(text=problem, href="#name"),) if problem else (),
        name=showable(given),
        name_error=problem,
        levels=levels if visit.settings.levels == "four" else (),
        level=level.word,
        draft=draft is not None,
    )
    return show(visit.request, "groups/name.html", page)


def caption(step: int) -> str:
    """Where in the journey a page stands."""
    return _("Create [group]: step %(step)s of %(steps)s") % {"step": step, "steps": STEPS}


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit) -> HttpResponse:
    """Step 4: everything chosen and what it would do; sending it creates the group, once."""
    firm, post = visit.firm.pk, visit.request.POST
    sent = visit.request.method == "POST"
    created = created_from(visit, post.get("token", "")) if sent else None
    if created is not None:
        return redirect("group-created", firm=firm, number=created)
    draft = read_draft(visit)
    missing = _missing(draft)
    if draft is None or missing:
        return redirect(missing or "create-group", firm=firm)
    since = number_in(post.get("version", ""))
    if not sent:
        return _check_page(visit, draft)
    if post.get("token") != draft.token:
        return _check_page(visit, draft, error=_("You began another [group] meanwhile: this is that one"))
    if overtaken(visit.firm_now, since):
        return _check_page(visit, draft, error=changed_meanwhile(), since=since)
    try:
        made = execute(firm, draft.command, actor=visit.actor)
    except Refused as refused:
        twin = made_already(visit, draft) if refused.refusal is Refusal.NAME_TAKEN else None
        if twin is None:
            return _check_page(visit, draft)
        return redirect("group-created", firm=firm, number=twin)
    number = made.after.last_group
    mark_created(draft, number)
    return redirect("group-created", firm=firm, number=number)


def _missing(draft: GroupDraft | None) -> str:
    """The route of the first step that is not done."""
    if draft is None or not draft.name:
        return "create-group"
    if not draft.chosen:
        return "create-group-clients"
    return "" if draft.members else "create-group-members"


def _check_page(visit: Visit, draft: GroupDraft, *, error: str = "", since: int = 0) -> HttpResponse:
    firm = visit.firm.pk
    found: Preview | None = None
    outcome: Outcome | None = None
    errors = [ErrorLine(text=error, href="#create")] if error else []
    try:
        found, outcome = previewed(visit, draft.command)
    except Refused as refused:
        errors.append(_refused(refused))
    page = CheckPage(
        frame=frame_for(visit, "manage"),
        title=_("Check the [group]"),
        caption=caption(4),
        back=reverse("create-group-members", args=[firm]),
        errors=tuple(errors),
        name=draft.name,
        level=level_shown(draft.level),
        clients=_chosen_clients(visit, draft),
        members=_chosen_members(visit, draft),
        name_link=reverse("create-group", args=[firm]),
        clients_link=reverse("create-group-clients", args=[firm]),
        members_link=reverse("create-group-members", args=[firm]),
        gone=draft.gone,
        outcome=outcome,
        since=changes_since(firm, since, visit.zone) if since else (),
        off="" if visit.settings.control else control_off(walls=visit.firm_now.walled),
        token=draft.token,
        version=found.version if found is not None else 0,
    )
    return show(visit.request, "groups/check.html", page)


def _refused(refused: Refused) -> ErrorLine:
    if refused.field == "group":
        return ErrorLine(text=name_sentence(refused), href="#name")
    return ErrorLine(text=problem_sentence(refused), href="#clients")


def _chosen_clients(visit: Visit, draft: GroupDraft) -> NameList:
    firm = visit.firm.pk
    names = client_names(firm)
    now = visit.firm_now
    total = len(draft.chosen)
    if draft.unit == "client":
        first = names.page(draft.chosen, 0, FIRST)
        rows = client_rows(visit.firm_now, visit.number, first, now.engagements)
        lines = tuple((rows[each].name, "") for each in first if each in rows)
        return NameList(total=total, lines=lines, rest=rest_words(total))
    clients = now.clients_of(draft.chosen)
    first = names.page(clients, 0, FIRST)
    rows = client_rows(now, visit.number, first, draft.chosen)
    services = dict(services_of(firm))
    lines = tuple(
        (rows[each].name, ", ".join(services.get(one.service, "") for one in rows[each].engagements))
        for each in first
        if each in rows
    )
    return NameList(
        total=len(clients),
        lines=lines,
        rest=rest_words(len(clients)),
        count=count_services(total, len(clients)),
    )


def _chosen_members(visit: Visit, draft: GroupDraft) -> NameList:
    people = members_matching(visit.firm.pk, "", within=draft.members)
    lines = tuple((person.name, "") for person in people[:FIRST])
    return NameList(total=len(people), lines=lines, rest=rest_words(len(people)))


@needs(Capability.MANAGE)
def created(visit: Visit, number: int) -> HttpResponse:
    """The group is made: said to who made it, right afterwards; else this is the group's own page."""
    if number not in visit.firm_now.groups:
        raise Http404
    firm = visit.firm.pk
    if not just_created(visit, number):
        return redirect("group", firm=firm, number=number)
    return done(
        visit,
        title=_("[Group] created"),
        text=_("Its [members] now have access to the [clients] in it.")
        if visit.settings.control
        else _("It begins to count when you turn on [access control]."),
        next_steps=(
            *(() if visit.settings.control else (_turning_on(firm),)),
            Link(text=_("See the [group]"), href=reverse("group", args=[firm, number])),
            Link(text=_("Create another [group]"), href=reverse("create-group", args=[firm])),
            Link(text=_("Return to manage account"), href=reverse("manage", args=[firm])),
        ),
    )


def _turning_on(firm: int) -> Link:
    return Link(text=_("Turn on [access control]"), href=reverse("turn-on", args=[firm]))
