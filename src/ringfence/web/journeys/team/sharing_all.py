"""Sharing all clients with one member, today's and later ones: one grant on all clients, with its preview."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.core.commands.definitions import On, SetGrant
from ringfence.core.terms import ALL_CLIENTS, GIVING, Level, member_subject
from ringfence.web.browse.until import Until, read_until, terms_text, until_of
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .person import member_row


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelOfAll:
    """What somebody may do with all clients."""

    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareAllPage(Page):
    levels: tuple[LevelOfAll, ...]
    """Empty where the firm's screens know one choice (rules.md 1)."""
    level: str
    level_error: str
    until: dict[str, str]
    until_error: str
    own: bool
    """Whether something was given to them on single clients, which counts more."""
    stop: str
    """Where it is ended; empty where nothing stands."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def share_all(visit: Visit, member: int) -> HttpResponse:
    """Choose level and end, see what it does, say yes (rules.md 7, `grant.set` on all clients)."""
    row = member_row(visit, member)
    standing = visit.firm_now.grants_of(member_subject(member)).grant_on(ALL_CLIENTS)
    if visit.request.method != "POST":
        until = until_of(standing.expires if standing is not None else None, visit)
        return _form(visit, member, row.name, standing.level if standing is not None else None, until)
    level, until = _level(visit), read_until(visit, visit.request.POST)
    if level is None or until.error:
        return _form(visit, member, row.name, level, until, sent=True)
    command = SetGrant(to=(member_subject(member),), on=On(all=True), level=level, expires=until.expires)
    words = {"member": row.name}
    question = Question(
        title=_("Share all [clients] with %(member)s") % words,
        text=_("Do you want to share all [clients] with them?"),
        unanswered=_("Select yes if you want to share all [clients] with them"),
        lead=terms_text(visit, level, until.expires),
        back=reverse("member", args=[visit.firm.pk, member]),
        section="manage",
        kept={"level": level.word, **until.values},
    )
    done = _("All [clients] are shared with %(member)s.") % words
    return asked_and_done(visit, command, question, done=done, form=True)


def _level(visit: Visit) -> Level | None:
    """The level that was chosen; the one that there is where the firm's screens know one choice."""
    if visit.settings.levels == "single":
        return Level.EDITOR
    wanted = visit.request.POST.get("level", "")
    return next((level for level in GIVING if level.word == wanted), None)


def _form(
    visit: Visit, member: int, name: str, level: Level | None, until: Until, *, sent: bool = False
) -> HttpResponse:
    four = visit.settings.levels == "four"
    held = visit.firm_now.grants_of(member_subject(member))
    error = _("Select what they may do") if sent and level is None else ""
    page = ShareAllPage(
        frame=frame_for(visit, "manage"),
        title=_("Share all [clients] with %(member)s") % {"member": name},
        back=reverse("member", args=[visit.firm.pk, member]),
        errors=(*((ErrorLine(text=error, href="#level"),) if error else ()), *until.errors),
        levels=tuple(LevelOfAll(value=each.word, text=level_shown(each)) for each in GIVING) if four else (),
        level=level.word if level is not None else "",
        level_error=error,
        until=until.values,
        until_error=until.error,
        own=any(held.clients) or any(held.engagements),
        stop=reverse("remove-access", args=[visit.firm.pk, member, "all", 0]) if held.all else "",
    )
    return show(visit.request, "team/share_all.html", page)
