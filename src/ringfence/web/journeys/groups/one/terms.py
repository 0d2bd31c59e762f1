"""Changing the level and the end of a part of what a group was given, or of what is being added to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from ringfence.access import Batch
from ringfence.core.commands.definitions import SetGrant
from ringfence.core.terms import GIVING, Instant, Level, group_subject
from ringfence.web.browse.until import Until, read_until, until_of
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import Answer, read_answer
from ringfence.web.queries.group_parts import GroupPart
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import four_levels
from ringfence.wording.saying import gettext as _

from .given import part_at, part_name
from .group import OneGroup, group_at


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLevel:
    """A level to choose."""

    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsPage(Page):
    caption: str
    part: str
    """Which part is changed."""
    key: str
    levels: tuple[GroupLevel, ...]
    """Empty where the firm's screens know one choice (rules.md 1)."""
    level: str
    level_error: str
    until: dict[str, str]
    until_error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was asked for, as far as it can be read."""

    level: Level | None
    until: Until

    @property
    def level_error(self) -> str:
        return _("Select what they may do") if self.level is None else ""

    @property
    def kept(self) -> dict[str, str]:
        """What the check sends along."""
        return {"level": self.level.word if self.level is not None else "", **self.until.values}


ALL_LEVELS = (*GIVING, Level.BLOCKED)


def read_terms(
    visit: Visit, level: Level, expires: Instant | None, offered: Sequence[Level] = ALL_LEVELS
) -> Terms:
    """The form's level and end; `level` and `expires` are those that stand.

    Where the firm's screens know one choice, the level stays; so does an end that nobody touched.
    """
    post, until = visit.request.POST, read_until(visit, visit.request.POST)
    standing = until_of(expires, visit)
    if until.values == standing.values and (expires is None or expires > visit.firm_now.now):
        until = standing
    if not four_levels():
        return Terms(level=level, until=until)
    wanted = post.get("level", "")
    return Terms(level=next((each for each in offered if each.word == wanted), None), until=until)


@needs(Capability.MANAGE, READS_AND_SENDS)
def change(visit: Visit, number: int) -> HttpResponse:
    """Choose another level or end for the part, see what that does, say yes."""
    group = group_at(visit, number)
    here, part = group.address("group-access"), part_at(group)
    if part is None:
        return redirect(here)
    if visit.request.method != "POST":
        return _form(group, part, Terms(level=part.level, until=until_of(part.expires, visit)))
    terms = read_terms(visit, part.level, part.expires)
    if terms.level is None or terms.until.error:
        return _form(group, part, terms)
    if (terms.level, terms.until.expires) == (part.level, part.expires):
        messages.info(visit.request, _("Nothing was changed: it is so already."))
        return redirect(here)
    to = (group_subject(number),)
    command = SetGrant(to=to, on=part.on, level=terms.level, expires=terms.until.expires)
    batch = Batch("grant.set", (command,))
    answer = Answer()
    if "version" in visit.request.POST:
        answer = read_answer(visit, _("Select yes if you want to make this change"))
    if answer.no:
        return redirect(here)
    if answer.yes:
        answer = save_checked(visit, batch)
    name = part_name(group, part)
    if answer.yes:
        words = {"group": group.name, "what": name}
        messages.success(visit.request, _("What %(group)s may do with %(what)s is changed.") % words)
        return redirect(here)
    asked = CheckQuestion(
        title=_("Check the change to %(what)s") % {"what": name},
        caption=group.name,
        question=_("Do you want to make this change?"),
        back=f"{group.address('group-access-change')}?part={part.key}",
        kept={"part": part.key, **terms.kept},
    )
    return ask_checked(visit, batch, answer, asked)


def _form(group: OneGroup, part: GroupPart, terms: Terms) -> HttpResponse:
    back = group.address("group-access")
    return terms_page(group, terms, part=part_name(group, part), back=back, key=part.key)


def terms_page(
    group: OneGroup,
    terms: Terms,
    *,
    part: str,
    back: str,
    key: str = "",
    offered: Sequence[Level] = ALL_LEVELS,
) -> HttpResponse:
    """The form; `part` says what it is about, `key` is sent along to name it."""
    levels = offered if four_levels() else ()
    level_error = terms.level_error
    errors = [ErrorLine(text=level_error, href="#level")] if level_error else []
    page = TermsPage(
        frame=frame_for(group.visit, "manage"),
        title=_("What may this [group] do, and until when?") if levels else _("Until when?"),
        caption=group.name,
        back=back,
        errors=(*errors, *terms.until.errors),
        part=part,
        key=key,
        levels=tuple(GroupLevel(value=each.word, text=level_shown(each)) for each in levels),
        level=terms.level.word if terms.level is not None else "",
        level_error=level_error,
        until=terms.until.values,
        until_error=terms.until.error,
    )
    return show(group.visit.request, "groups/terms.html", page)
