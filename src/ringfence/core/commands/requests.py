"""`request.*` (rules.md 5, 7)."""

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.decision.lasting import lasts_until
from ringfence.core.decision.moment import Moment
from ringfence.core.refusals import Problem, Refusal, Refused, conflict, invalid, missing, switched_off
from ringfence.core.terms import (
    FOREVER,
    Instant,
    Level,
    Target,
    Thing,
    member_subject,
)
from ringfence.core.values import GrantTerms

from . import definitions as w
from .context import Context
from .grants import (
    need_level,
)
from .text_changes import EventsAndTexts


def open_request(context: Context, command: w.OpenRequest) -> EventsAndTexts:
    context.need_client(command.client)
    context.need_access()
    if not context.settings.requests:
        switched_off(Problem.REQUESTS_SETTING)
    if context.actor is None:
        invalid(Problem.NO_MEMBER_ACTING, "member")
    need_level(command.level)
    if command.level is Level.BLOCKED:
        invalid(Problem.LEVEL_UNKNOWN, "level")
    context.need_future(command.expires)
    if not command.reason.strip():
        invalid(Problem.TEXT_EMPTY, "reason")
    if (command.client, context.actor) in context.state.requests:
        conflict(Problem.ASKED_ALREADY, "client")
    if has_enough(context.moment, context.actor, command):
        conflict(Problem.HAS_ACCESS_ALREADY, "level")
    opened = e.RequestOpened(
        client=command.client, member=context.actor, level=command.level, expires=command.expires
    )
    text = e.Text(
        thing=Thing.REQUEST,
        number=command.client,
        member=context.actor,
        fields={"reason": command.reason.strip()},
    )
    return [opened], [text]


def has_enough(moment: Moment, member: int, command: w.OpenRequest) -> bool:
    """Whether granting the request would change nothing (rules.md 7, `conflict`).

    The member has more than the level asked for, or that level for as long as it is asked for.
    """
    has = moment.client_level(member, command.client)
    if has != command.level:
        return has > command.level
    return lasts_until(moment, member, command.client, has) >= (command.expires or FOREVER)


def withdraw_request(context: Context, command: w.WithdrawRequest) -> list[e.Event]:
    if context.actor is None:
        invalid(Problem.NO_MEMBER_ACTING, "member")
    if (command.client, context.actor) not in context.state.requests:
        context.need_client(command.client)
        missing(Problem.UNKNOWN_REQUEST, "client")
    return [e.RequestClosed(client=command.client, member=context.actor, outcome="withdrawn")]


def grant_request(context: Context, command: w.GrantRequest) -> list[e.Event]:
    target = Target("client", command.client)
    context.need_client(command.client)
    context.need_sharing(target)
    if not context.settings.requests:
        switched_off(Problem.REQUESTS_SETTING)
    asked = _need_request(context, command.client, command.member)
    level = asked.level if command.level is None else command.level
    expires = asked.expires if command.expires is None else command.expires
    need_level(level)
    if level is Level.BLOCKED:
        invalid(Problem.LEVEL_UNKNOWN, "level")
    context.need_future(expires)
    if level > asked.level or _later(expires, asked.expires):
        conflict(Problem.MORE_THAN_ASKED, "level" if level > asked.level else "expires")
    subject = member_subject(command.member)
    new = _granted(
        context, context.state.held_by(subject).grant_on(target), GrantTerms(level=level, expires=expires)
    )
    events: list[e.Event] = []
    if new is not None:
        if context.is_capped(target):
            context.need_within_cap(subject, target, new)
        events.append(
            e.GrantsSet(
                subject=subject,
                kind="client",
                targets=BitMap([command.client]),
                level=new.level,
                expires=new.expires,
                fee_split=new.fee_split,
            )
        )
    events.append(e.RequestClosed(client=command.client, member=command.member, outcome="granted"))
    return events


def _granted(context: Context, was: GrantTerms | None, asked: GrantTerms) -> GrantTerms | None:
    """The grant that granting makes of the member's own; None where that one gives as much for as long.

    A Blocked is replaced, nothing that counts is lowered or shortened, its fee split stays (rules.md 7, 9).
    Where more was asked for a shorter time, or less for a longer one, no one grant is both: a conflict.
    """
    new = asked if was is None else msgspec.structs.replace(asked, fee_split=was.fee_split)
    if was is None or not was.counts(context.now) or was.level is Level.BLOCKED:
        return new
    if new.level <= was.level and not _later(new.expires, was.expires):
        return None
    if new.level < was.level or _later(was.expires, new.expires):
        conflict(Problem.STANDS_OTHERWISE, "expires" if new.level > was.level else "level")
    return new


def _later(one: Instant | None, other: Instant | None) -> bool:
    if other is None:
        return False
    return one is None or one > other


def _need_request(context: Context, client: int, member: int) -> e.RequestOpened:
    asked = context.state.requests.get((client, member))
    context.need_member(member)
    if asked is None:
        raise Refused(Refusal.NOT_FOUND, Problem.UNKNOWN_REQUEST, "member")
    return e.RequestOpened(client=client, member=member, level=asked.level, expires=asked.expires)


def decline_request(context: Context, command: w.DeclineRequest) -> list[e.Event]:
    context.need_client(command.client)
    context.need_sharing(Target("client", command.client))
    _need_request(context, command.client, command.member)
    return [e.RequestClosed(client=command.client, member=command.member, outcome="declined")]
