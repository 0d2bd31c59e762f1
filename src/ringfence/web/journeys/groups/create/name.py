"""The step at which the group gets its name, and its level in firms that know four."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect

from ringfence.access import Refused, preview
from ringfence.core.commands.definitions import CreateGroup
from ringfence.core.terms import GIVING, Level
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import name_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .draft import GroupDraft, keep_answers, read_draft
from .steps import back, caption, lost, steps_of, too_early

HERE = "create-group-name"


class LevelChoice(NamedTuple):
    """A level with what it lets one do."""

    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePage(Page):
    caption: str
    token: str
    name: str
    name_error: str = ""
    levels: tuple[LevelChoice, ...]
    """Empty where the firm knows one choice (rules.md 1)."""
    level: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def name(visit: Visit) -> HttpResponse:
    """The name, checked for length, characters and being free."""
    firm, post = visit.firm.pk, visit.request.POST
    draft = read_draft(visit)
    if draft is None:
        return lost(visit)
    if early := too_early(visit, draft, HERE):
        return early
    if visit.request.method != "POST":
        return _page(visit, draft, draft.name, draft.level)
    given, level = post.get("name", ""), _level(visit, post.get("level", ""))
    try:
        preview(firm, CreateGroup(name=given, level=level), actor=visit.actor)
    except Refused as refused:
        return _page(visit, draft, given, level, name_sentence(refused))
    keep_answers(visit, draft, name=given.strip(), level=level.word)
    steps = steps_of(draft)
    return redirect(steps[steps.index(HERE) + 1], firm=firm)


def _level(visit: Visit, word: str) -> Level:
    found = next((level for level in GIVING if level.word == word), Level.EDITOR)
    return found if visit.settings.levels == "four" else Level.EDITOR


def _page(visit: Visit, draft: GroupDraft, given: str, level: Level, problem: str = "") -> HttpResponse:
    levels = tuple(LevelChoice(each.word, level_shown(each)) for each in GIVING)
    page = NamePage(
        frame=frame_for(visit, "manage"),
        title=_("What is the name of the [group]?"),
        caption=caption(draft, HERE),
        token=draft.token,
        back=back(visit, draft, HERE),
        errors=(ErrorLine(text=problem, href="#name"),) if problem else (),
        name=showable(given),
        name_error=problem,
        levels=levels if visit.settings.levels == "four" and draft.kind != "people" else (),
        level=level.word,
    )
    return show(visit.request, "groups/create/name.html", page)
