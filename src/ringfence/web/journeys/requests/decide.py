"""Answering a request: granting what was asked for or less, or declining it with a reason (rules.md 7)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Refused, WaitingRequest, execute
from ringfence.access.ledger.requests import last_request, open_requests
from ringfence.access.listing.clients import client_name_of
from ringfence.access.listing.people import members_matching
from ringfence.access.reading import refused_sharing
from ringfence.core.commands.definitions import DeclineRequest, GrantRequest
from ringfence.core.refusals import Problem, Refusal
from ringfence.core.terms import GIVING, Level, Target, member_subject
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.until import Until, read_until, terms_text, until_of
from ringfence.web.previews.agreed import chosen_otherwise
from ringfence.web.previews.confirm import Answer, ask, execute_shown, read_answer, too_late
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import problem_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text, until_text

from .telling import ENDED, end_reason, end_text


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage(Page):
    caption: str
    member: str
    email: str
    reason: str
    asked: str
    """When."""
    terms: str
    now: str
    """What the asker may do at present."""
    grants: bool
    """Whether it can be granted: not while the firm has requests switched off."""
    levels: tuple[tuple[str, str], ...]
    """What can be given; none where the firm's screens show one level."""
    decision: str
    level: str
    until: dict[str, str]
    until_hint: str
    answer: str
    """The reason for declining, as it was typed."""
    decision_error: str
    level_error: str
    until_error: str
    answer_error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedPage(Page):
    """A request that is over, or one that is not for the visitor to answer."""

    caption: str
    sentences: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """The form as it was filled in."""

    decision: str = ""
    level: str = ""
    until: Until
    answer: str = ""
    decision_error: str = ""
    level_error: str = ""
    answer_error: str = ""

    @property
    def errors(self) -> tuple[ErrorLine, ...]:
        found = (
            (self.decision_error, "#decision"),
            (self.level_error, "#level"),
            (self.answer_error, "#answer"),
        )
        return (*(ErrorLine(text=text, href=href) for text, href in found if text), *self.until.errors)

    @property
    def kept(self) -> dict[str, str]:
        """What the question, whether to grant it, sends along."""
        return {"decision": self.decision, "level": self.level, **self.until.values}


@needs(Capability.MEMBER, READS_AND_SENDS)
def decide(visit: Visit, number: int, member: int) -> HttpResponse:
    """For who may share the client (rules.md 5); where it was answered already, by whom and how."""
    if not visit.firm_now.knows(visit.number, number):
        raise Http404
    refused = refused_sharing(visit.firm_now, visit.number, Target("client", number))
    if refused is not None:
        return _not_theirs(visit, number, refused)
    asked = next(iter(open_requests(visit.firm.pk, [(number, member)])), None)
    if asked is None:
        return _decided(visit, number, member)
    if visit.request.method != "POST":
        return _form(visit, asked, _Decision(level=asked.level.word, until=until_of(asked.expires, visit)))
    typed = _read(visit, asked)
    if typed.errors:
        return _form(visit, asked, typed)
    return _decline(visit, asked, typed) if typed.decision == "decline" else _grant(visit, asked, typed)


def _read(visit: Visit, asked: WaitingRequest) -> _Decision:
    post = visit.request.POST
    typed = _Decision(
        decision=post.get("decision", ""),
        level=post.get("level", "") if len(_levels(visit, asked)) > 1 else asked.level.word,
        until=until_of(asked.expires, visit),
        answer=showable(post.get("answer-reason", "").strip()),
    )
    if typed.decision == "decline":
        return replace(typed, answer_error="" if typed.answer else _("Enter why you decline it"))
    if typed.decision != "grant" or not visit.settings.requests:
        return replace(typed, decision="", decision_error=_("Select whether you grant the request"))
    fits = typed.level in {level.word for level in _levels(visit, asked)}
    return replace(
        typed,
        until=_end(read_until(visit, post), asked),
        level_error="" if fits else _("Select what they may do"),
    )


def _end(until: Until, asked: WaitingRequest) -> Until:
    """The end that was typed; an error where it is later than what was asked for."""
    if until.error or asked.expires is None:
        return until
    if until.expires is None or until.expires > asked.expires:
        return replace(until, error=_("Enter the day that was asked for, or an earlier one"))
    return until


def _levels(visit: Visit, asked: WaitingRequest) -> tuple[Level, ...]:
    """What was asked for or less, but nothing below what they have: a grant of their own would lower that."""
    if visit.settings.levels != "four":
        return (asked.level,)
    has = visit.firm_now.client_level(asked.member, asked.client)
    return tuple(level for level in GIVING if min(has, asked.level) <= level <= asked.level)


def _grant(visit: Visit, asked: WaitingRequest, typed: _Decision) -> HttpResponse:
    command = GrantRequest(
        client=asked.client,
        member=asked.member,
        level=Level.of(typed.level),
        expires=typed.until.expires,
    )
    answer = Answer()
    if "version" in visit.request.POST:
        answer = read_answer(visit, _("Select yes if you want to grant the request"))
    here = reverse("decide-request", args=[visit.firm.pk, asked.client, asked.member])
    if answer.no:
        return redirect(here)
    if answer.yes and (other := chosen_otherwise(visit, command)):
        answer = Answer(error=other)
    words = _words(visit, asked)
    try:
        if answer.yes:
            with suppress(Overtaken):
                execute_shown(visit, command)
                messages.success(visit.request, _("%(member)s has access to %(client)s now.") % words)
                return redirect("open-requests", firm=visit.firm.pk)
            answer = too_late(visit)
        return ask(
            visit,
            command,
            answer,
            title=_("Grant the request of %(member)s") % words,
            question=_("Do you want to give them this access?"),
            lead=f"{words['client']}: {_given(visit, typed)}",
            back=here,
            section="clients",
            kept=typed.kept,
        )
    except Refused as refused:
        return _refused(visit, asked, typed, refused)


def _given(visit: Visit, typed: _Decision) -> str:
    return terms_text(visit, Level.of(typed.level), typed.until.expires)


def _decline(visit: Visit, asked: WaitingRequest, typed: _Decision) -> HttpResponse:
    command = DeclineRequest(client=asked.client, member=asked.member, reason=typed.answer)
    try:
        execute(visit.firm.pk, command, actor=visit.actor)
    except Refused as refused:
        return _refused(visit, asked, typed, refused)
    words = _words(visit, asked)
    messages.success(visit.request, _("The request of %(member)s for %(client)s is declined.") % words)
    return redirect("open-requests", firm=visit.firm.pk)


def _refused(visit: Visit, asked: WaitingRequest, typed: _Decision, refused: Refused) -> HttpResponse:
    if refused.refusal is Refusal.NOT_FOUND:
        # Somebody else was quicker: this very page says who, and how they answered.
        return redirect("decide-request", firm=visit.firm.pk, number=asked.client, member=asked.member)
    said = problem_sentence(refused)
    if refused.field == "reason":
        return _form(visit, asked, replace(typed, answer_error=said))
    if refused.problem is Problem.OUTLASTS_OWN_ACCESS or refused.field == "expires":
        return _form(visit, asked, replace(typed, until=replace(typed.until, error=said)))
    return _form(visit, asked, replace(typed, decision_error=said))


def _words(visit: Visit, asked: WaitingRequest) -> dict[str, str]:
    return {
        "member": member_names(visit.firm.pk, [asked.member]).get(asked.member) or _("a former [member]"),
        "client": client_name_of(visit.firm.pk, [asked.client])[asked.client],
    }


def _form(visit: Visit, asked: WaitingRequest, typed: _Decision) -> HttpResponse:
    who = next(iter(members_matching(visit.firm.pk, "", within=[asked.member])), None)
    levels = _levels(visit, asked)
    page = AnswerPage(
        frame=frame_for(visit, "clients"),
        title=_("Answer a request for access"),
        caption=client_name_of(visit.firm.pk, [asked.client])[asked.client],
        back=reverse("open-requests", args=[visit.firm.pk]),
        row=client_pages(visit, asked.client, "share-client"),
        errors=typed.errors,
        member=who.name if who is not None and who.name else _("a former [member]"),
        email=who.email if who is not None else "",
        reason=asked.reason,
        asked=moment_text(asked.opened, visit.zone),
        terms=terms_text(visit, asked.level, asked.expires),
        now=_present(visit, asked),
        grants=visit.settings.requests,
        levels=tuple((each.word, level_shown(each)) for each in levels) if len(levels) > 1 else (),
        decision=typed.decision,
        level=typed.level,
        until=typed.until.values,
        until_hint=_("They asked for it %(until)s.") % {"until": until_text(asked.expires, visit.zone)}
        if asked.expires is not None
        else _("For example, 31 3 2027. Leave it empty for access without an end."),
        answer=typed.answer,
        decision_error=typed.decision_error,
        level_error=typed.level_error,
        until_error=typed.until.error,
        answer_error=typed.answer_error,
    )
    return show(visit.request, "requests/decide.html", page)


def _present(visit: Visit, asked: WaitingRequest) -> str:
    """What the asker may do at present, and a grant of their own that says otherwise."""
    now = visit.firm_now
    level = now.client_level(asked.member, asked.client)
    standing = now.grants_of(member_subject(asked.member)).grant_on(Target("client", asked.client))
    if standing is not None and standing.level is Level.BLOCKED and standing.counts(now.now):
        return _("Blocked by a grant of their own, which granting the request replaces")
    if level is Level.NONE and now.sees(asked.member, asked.client):
        return _("They can open a part of it")
    return level_shown(level, own=now.owns(asked.member, asked.client))


def _decided(visit: Visit, client: int, member: int) -> HttpResponse:
    """By whom and how it was answered; where there was never such a request, that there is none."""
    asked = last_request(visit.firm_now, client, member)
    if asked is None or asked.end is None:
        messages.error(visit.request, problem_text(Problem.UNKNOWN_REQUEST))
        return redirect("open-requests", firm=visit.firm.pk)
    names = member_names(visit.firm.pk, {member, asked.end.by or 0})
    page = DecidedPage(
        frame=frame_for(visit, "clients"),
        title=str(ENDED[asked.end.outcome]),
        caption=client_name_of(visit.firm.pk, [client])[client],
        back=reverse("open-requests", args=[visit.firm.pk]),
        row=client_pages(visit, client, "share-client"),
        sentences=(
            _("%(member)s asked on %(when)s: %(terms)s")
            % {
                "member": names.get(member) or _("a former [member]"),
                "when": moment_text(asked.opened, visit.zone),
                "terms": terms_text(visit, asked.level, asked.expires),
            },
            end_text(visit, asked.end, names),
        ),
        reason=end_reason(asked.end),
    )
    return show(visit.request, "requests/decided.html", page)


def _not_theirs(visit: Visit, client: int, refused: Refused) -> HttpResponse:
    """A forwarded link: whoever may not share the client is told nothing of who asks for it."""
    if refused.refusal is Refusal.NOT_FOUND:
        raise Http404
    page = DecidedPage(
        frame=frame_for(visit, "clients"),
        title=_("You cannot answer this request"),
        caption=client_name_of(visit.firm.pk, [client])[client],
        back=reverse("firm-home", args=[visit.firm.pk]),
        sentences=(problem_sentence(refused),),
        reason="",
    )
    return show(visit.request, "requests/decided.html", page, status=403)
