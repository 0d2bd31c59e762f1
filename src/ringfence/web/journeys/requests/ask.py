"""Asking for access to a client: why, until when, and where the firm's screens show four levels, at which."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, execute
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import keeps_until
from ringfence.core.commands.definitions import OpenRequest
from ringfence.core.refusals import Problem
from ringfence.core.terms import Level
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.until import Until, read_until
from ringfence.web.shell.addresses import levels_to_ask
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import problem_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import until_text


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage(Page):
    caption: str
    levels: tuple[tuple[str, str], ...]
    """Each level that can be asked for with its words; none where the firm's screens show one."""
    present: str
    """What the visitor has and until when, where that ends; else empty."""
    asked_for: str
    """The level that alone can be asked for; empty where there is a choice, or it goes without saying."""
    level: str
    level_error: str
    reason: str
    reason_error: str
    until: dict[str, str]
    until_error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """The form as it was filled in."""

    level: str = ""
    reason: str = ""
    until: Until
    level_error: str = ""
    reason_error: str = ""


@needs(Capability.USE_CLIENTS, READS_AND_SENDS)
def ask(visit: Visit, number: int) -> HttpResponse:
    """The form and what it sends (rules.md 7, `request.open`); a client not to be known of is not found."""
    if not visit.firm_now.knows(visit.number, number):
        raise Http404
    levels = levels_to_ask(visit, number)
    if not levels:
        return _needless(visit, number)
    if visit.request.method != "POST":
        return _form(visit, number, levels, _Typed(until=Until(values={})))
    typed = _read(visit, levels)
    if typed.level_error or typed.reason_error or typed.until.error:
        return _form(visit, number, levels, typed)
    command = OpenRequest(
        client=number, level=Level.of(typed.level), expires=typed.until.expires, reason=typed.reason
    )
    try:
        execute(visit.firm.pk, command, actor=visit.actor)
    except Refused as refused:
        if refused.problem is Problem.ASKED_ALREADY:
            return _asked_already(visit)
        said = problem_sentence(refused)
        if refused.problem is Problem.HAS_ACCESS_ALREADY:
            return _form(visit, number, levels, replace(typed, until=replace(typed.until, error=said)))
        return _form(visit, number, levels, replace(typed, reason_error=said))
    name = client_name_of(visit.firm.pk, [number])[number]
    messages.success(visit.request, _("You have asked for access to %(client)s.") % {"client": name})
    return redirect("your-requests", firm=visit.firm.pk)


def _present(visit: Visit, client: int) -> str:
    """The level that ends, in the words of the firm's screens."""
    now = visit.firm_now
    level = now.client_level(visit.number, client)
    ends = keeps_until(now, visit.number, client, level)
    if ends is None:
        return ""
    words = {
        "level": level_shown(level, own=now.owns(visit.number, client)),
        "until": until_text(ends, visit.zone),
    }
    return _("Your access now: %(level)s, %(until)s.") % words


def _needless(visit: Visit, client: int) -> HttpResponse:
    """Back to where the visitor sees how it stands: they have asked, have it, or requests are off."""
    if (client, visit.number) in visit.firm_now.requests:
        return _asked_already(visit)
    off = not visit.settings.requests
    problem = Problem.REQUESTS_SETTING if off else Problem.HAS_ACCESS_ALREADY
    messages.error(visit.request, problem_text(problem))
    return redirect("client", firm=visit.firm.pk, number=client)


def _asked_already(visit: Visit) -> HttpResponse:
    messages.error(visit.request, problem_text(Problem.ASKED_ALREADY))
    return redirect("your-requests", firm=visit.firm.pk)


def _read(visit: Visit, levels: tuple[Level, ...]) -> _Typed:
    post = visit.request.POST
    level = post.get("level", "") if len(levels) > 1 else levels[0].word
    reason = showable(post.get("reason", "").strip())
    return _Typed(
        level=level,
        reason=reason,
        until=read_until(visit, post),
        level_error="" if level in {each.word for each in levels} else _("Select what you need to do"),
        reason_error="" if reason else _("Enter why you need access"),
    )


def _form(visit: Visit, client: int, levels: tuple[Level, ...], typed: _Typed) -> HttpResponse:
    errors = [(typed.reason_error, "#reason"), (typed.level_error, "#level")]
    has = visit.firm_now.client_level(visit.number, client)
    # Where screens show one level, who has less of it asks for more, which is not keeping it longer.
    said = visit.settings.levels == "four" or Level.NONE < has < levels[0]
    page = RequestPage(
        frame=frame_for(visit, "clients"),
        title=_("Request access"),
        caption=client_name_of(visit.firm.pk, [client])[client],
        back=reverse("client", args=[visit.firm.pk, client]),
        row=client_pages(visit, client, "share-client"),
        errors=(*(ErrorLine(text=text, href=href) for text, href in errors if text), *typed.until.errors),
        levels=tuple((each.word, level_shown(each)) for each in levels) if len(levels) > 1 else (),
        present=_present(visit, client) if has in levels else "",
        asked_for=level_shown(levels[0]) if len(levels) == 1 and said else "",
        level=typed.level,
        level_error=typed.level_error,
        reason=typed.reason,
        reason_error=typed.reason_error,
        until=typed.until.values,
        until_error=typed.until.error,
    )
    return show(visit.request, "requests/ask.html", page)
