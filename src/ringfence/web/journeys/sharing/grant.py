"""Giving one group or member access to a client, changing or removing it, with what that does."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Refused
from ringfence.core.commands.definitions import On, RemoveGrant, SetGrant
from ringfence.core.refusals import Refusal
from ringfence.core.terms import GIVING, Level, Subject, Target, group_subject, member_subject
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.until import Until, read_until, terms_text, until_of
from ringfence.web.previews.agreed import chosen_otherwise
from ringfence.web.previews.confirm import Answer, ask, execute_shown, read_answer, too_late
from ringfence.web.queries.things import group_names, member_names, services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .fee_split import (
    FIELD,
    FeeSplit,
    about_fee_split,
    explained,
    fee_split_of,
    has_fee_split,
    read_fee_split,
)
from .views import after_change, given_to, grant_address, need_sharing, shares, target_text


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedLevel:
    """One of the levels to give, or none."""

    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantPage(Page):
    caption: str
    given: tuple[str, ...]
    legend: str
    whole: bool
    """Whether it is the client as a whole, not one of its services alone."""
    others: tuple[Link, ...]
    """The other things on which access can be given: single services, or the whole client."""
    levels: tuple[OfferedLevel, ...]
    level: str
    level_error: str = ""
    successor: str = ""
    """Where somebody is named in the place of the last Owner; empty where that is not what is wrong."""
    until: dict[str, str]
    until_error: str = ""
    fee_split: FeeSplit | None
    """None where the firm has none, and for a group."""
    fee_split_hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedGrant:
    """What was asked for, as far as it can be read."""

    level: str
    until: Until
    fee_split: FeeSplit | None = None
    level_error: str = ""

    @property
    def kept(self) -> dict[str, str]:
        """What the question, whether to do it, sends along."""
        split = {FIELD: self.fee_split.text} if self.fee_split is not None else {}
        return {"level": self.level, **self.until.values, **split}

    @property
    def faulty(self) -> bool:
        """Whether something is to be put right."""
        split = self.fee_split is not None and self.fee_split.error
        return bool(self.level_error or self.until.error or split)


class GrantAim(NamedTuple):
    """On what access is given: the client, or one of its services."""

    client: int
    target: Target

    @property
    def whole(self) -> bool:
        return self.target.kind == "client"


@needs(Capability.MEMBER, READS_AND_SENDS)
def with_group(visit: Visit, number: int, group: int, engagement: int = 0) -> HttpResponse:
    """Share the client or one of its services with a group (rules.md 7, `grant.set` and `grant.remove`)."""
    aim = _aim(visit, number, engagement)
    if group not in visit.firm_now.groups:
        raise Http404
    return _share(visit, aim, group_subject(group), group_names(visit.firm.pk, [group])[group])


@needs(Capability.MEMBER, READS_AND_SENDS)
def with_member(visit: Visit, number: int, member: int, engagement: int = 0) -> HttpResponse:
    """Share the client or one of its services with a single member, likewise."""
    aim = _aim(visit, number, engagement)
    if member not in visit.firm_now.members:
        raise Http404
    return _share(visit, aim, member_subject(member), member_names(visit.firm.pk, [member])[member])


def _aim(visit: Visit, client: int, engagement: int) -> GrantAim:
    return GrantAim(client, need_sharing(visit, client, engagement))


def _share(visit: Visit, aim: GrantAim, subject: Subject, name: str) -> HttpResponse:
    if visit.request.method != "POST":
        return _form(visit, aim, subject, name, _standing(visit, aim, subject))
    wanted = _read(visit, aim, subject)
    if wanted.faulty:
        return _form(visit, aim, subject, name, wanted)
    command = _command(visit, aim, subject, wanted)
    answer = Answer()
    if "version" in visit.request.POST:
        answer = read_answer(visit, _("Select yes if you want to make this change"))
    here = reverse("share-client", args=[visit.firm.pk, aim.client])
    if answer.no:
        return redirect(here)
    if answer.yes and (other := chosen_otherwise(visit, command)):
        answer = Answer(error=other)
    try:
        if answer.yes:
            with suppress(Overtaken):
                execute_shown(visit, command)
                messages.success(visit.request, _("The access of %(name)s is changed.") % {"name": name})
                return after_change(visit, aim.client)
            answer = too_late(visit)
        return ask(
            visit,
            command,
            answer,
            title=_("Check the access of %(name)s") % {"name": name},
            question=_("Do you want to make this change?"),
            lead=_asked_text(visit, aim, command),
            back=here,
            section="clients",
            kept=wanted.kept,
        )
    except Refused as refused:
        said = problem_sentence(refused)
        if wanted.fee_split is not None and about_fee_split(refused):
            at_fault = replace(wanted, fee_split=replace(wanted.fee_split, error=said))
            return _form(visit, aim, subject, name, at_fault)
        successor = ""
        if refused.refusal is Refusal.LAST_OWNER and subject.kind == "member":
            choose = reverse("choose-owner", args=[visit.firm.pk, aim.client])
            successor = f"{choose}?instead={subject.number}"
        return _form(visit, aim, subject, name, wanted, said, successor)


def _standing(visit: Visit, aim: GrantAim, subject: Subject) -> WantedGrant:
    """What stands now, as the form begins with it; of an end within a day, that day."""
    standing = visit.firm_now.grants_of(subject).grant_on(aim.target)
    split = fee_split_of(visit, aim.client, subject) if _splits(visit, aim, subject) else None
    if standing is None:
        return WantedGrant(level="", until=until_of(None, visit), fee_split=split)
    return WantedGrant(level=standing.level.word, until=until_of(standing.expires, visit), fee_split=split)


def _read(visit: Visit, aim: GrantAim, subject: Subject) -> WantedGrant:
    level, until = visit.request.POST.get("level", ""), read_until(visit, visit.request.POST)
    split = None
    if _splits(visit, aim, subject):
        # A form without the field leaves what stands.
        typed = visit.request.POST.get(FIELD)
        stands = fee_split_of(visit, aim.client, subject)
        split = read_fee_split(typed) if typed is not None else stands
    if level not in {choice.value for choice in _choices(visit, aim, subject)}:
        return WantedGrant(level="", until=until, fee_split=split, level_error=_("Select what they may do"))
    return WantedGrant(level=level, until=until, fee_split=split)


def _command(visit: Visit, aim: GrantAim, subject: Subject, wanted: WantedGrant) -> SetGrant | RemoveGrant:
    on = On.target(aim.target)
    if wanted.level == Level.NONE.word:
        return RemoveGrant(to=(subject,), on=on)
    return SetGrant(
        to=(subject,),
        on=on,
        level=next(each for each in Level if each.word == wanted.level),
        expires=wanted.until.expires,
        # While the firm has no splits, the one that stands is kept (rules.md 3).
        fee_split=wanted.fee_split.hundredths if wanted.fee_split is not None else None,
    )


def _asked_text(visit: Visit, aim: GrantAim, command: SetGrant | RemoveGrant) -> str:
    """What yes gives: the client with the level, split and end; empty where it takes all of it away."""
    if not isinstance(command, SetGrant):
        return ""
    own = aim.whole and command.level is Level.OWNER and all(each.kind == "member" for each in command.to)
    split = command.fee_split if visit.settings.fee_splits else None
    terms = terms_text(visit, command.level, command.expires, own=own, fee_split=split)
    return f"{target_text(visit, aim.client, aim.target)}: {terms}"


def _splits(visit: Visit, aim: GrantAim, subject: Subject) -> bool:
    return aim.whole and has_fee_split(visit, subject)


def _service(visit: Visit, engagement: int) -> str:
    return dict(services_of(visit.firm.pk)).get(visit.firm_now.service_of(engagement), "")


def _others(visit: Visit, aim: GrantAim, subject: Subject) -> tuple[Link, ...]:
    """To the same on the client's services one by one, and from one of these to the whole client."""
    engagements = visit.firm_now.engagements_of(aim.client)
    client = Target("client", aim.client)
    if not aim.whole:
        if not shares(visit, client):
            return ()
        address = grant_address(visit, aim.client, client, subject)
        return (Link(text=_("The whole [client]"), href=address),)
    if len(engagements) < 2:
        return ()
    named = dict(services_of(visit.firm.pk))
    found = [(named.get(visit.firm_now.service_of(number), ""), number) for number in engagements]
    return tuple(
        Link(text=name, href=grant_address(visit, aim.client, Target("engagement", number), subject))
        for name, number in sorted(found)
    )


def _choices(visit: Visit, aim: GrantAim, subject: Subject) -> tuple[OfferedLevel, ...]:
    """The levels that the firm's screens offer, the one that stands, and none where there is one to take."""
    standing = visit.firm_now.grants_of(subject).grant_on(aim.target)
    own = subject.kind == "member"
    if visit.settings.levels == "four":
        levels = [*GIVING, Level.BLOCKED]
    else:
        linked = own and aim.whole and visit.settings.profile == "practice"
        levels = [Level.OWNER if linked else Level.EDITOR]
        if standing is not None and standing.level not in levels:
            levels.append(standing.level)
    choices = [
        OfferedLevel(value=each.word, text=level_shown(each, own=own and aim.whole and each is Level.OWNER))
        for each in levels
    ]
    if standing is not None:
        choices.append(OfferedLevel(value=Level.NONE.word, text=_("Remove this access")))
    return tuple(choices)


def _form(
    visit: Visit,
    aim: GrantAim,
    subject: Subject,
    name: str,
    wanted: WantedGrant,
    refused: str = "",
    successor: str = "",
) -> HttpResponse:
    choices = _choices(visit, aim, subject)
    level_error = wanted.level_error or refused
    errors = [ErrorLine(text=level_error, href="#level")] if level_error else []
    errors += wanted.fee_split.errors if wanted.fee_split is not None else ()
    errors += wanted.until.errors
    page = GrantPage(
        frame=frame_for(visit, "clients"),
        title=_("What may %(name)s do?") % {"name": name},
        caption=target_text(visit, aim.client, aim.target),
        back=reverse("share-client", args=[visit.firm.pk, aim.client]),
        row=client_pages(visit, aim.client, "share-client"),
        errors=tuple(errors),
        given=given_to(visit, aim.client, aim.target).get(subject, ()),
        legend=_("Their access to the whole [client]")
        if aim.whole
        else _("Their access to %(service)s") % {"service": _service(visit, aim.target.number)},
        whole=aim.whole,
        others=_others(visit, aim, subject),
        levels=choices,
        level=wanted.level or (choices[0].value if len(choices) == 1 else ""),
        level_error=level_error,
        successor=successor,
        until=wanted.until.values,
        until_error=wanted.until.error,
        fee_split=wanted.fee_split,
        fee_split_hint=explained(visit, aim.client, subject) if wanted.fee_split is not None else "",
    )
    return show(visit.request, "sharing/grant.html", page)
