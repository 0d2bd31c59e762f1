"""The smallest changes that would let a member in, each of them tried, with who may make it (rules.md 2).

A remedy is commands of rules.md 7, mostly one. Each is carried out on the state and kept only if the decision
then gives the level; whoever is named as its maker has had that very command accepted. What is worth trying
is in `candidates.py`.
"""

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.capability import may
from ringfence.core.commands import Command, Refused, carry_out
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.single import authority_level, decide
from ringfence.core.directory import NO_TEXTS
from ringfence.core.terms import Capability, Level, Reason

from . import candidates
from .candidates import Aim
from .effects import Effects, effects


class RemedyStep(msgspec.Struct, frozen=True, kw_only=True):
    """One command of a remedy. `makers` are the members whose command would be accepted, in that turn."""

    command: Command
    makers: tuple[int, ...]


class Remedy(msgspec.Struct, frozen=True, kw_only=True):
    """Commands that together let the member in, in order, with what they do besides."""

    steps: tuple[RemedyStep, ...]
    level: Level
    """What the member has afterwards."""
    effects: Effects


class _Way(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Commands carried out one after the other, and where they lead."""

    start: Moment
    moment: Moment
    commands: tuple[Command, ...] = ()
    events: tuple[e.Event, ...] = ()


def remedies(moment: Moment, member: int, engagement: int, level: Level | None = None) -> tuple[Remedy, ...]:
    """What would give the member at least `level` on the engagement, the smallest effect on others first.

    Without a level: what would let in who is denied, at the firm's usual level (rules.md 1, "Levels"). Empty
    where they have it already, and outside the firm. Commands named here bring no text, so that no directory
    is asked.
    """
    register = moment.state.register
    if engagement not in register.engagements:
        return ()
    return _wanted(moment, member, register.client_of[engagement], (engagement,), level)


def client_remedies(
    moment: Moment, member: int, client: int, level: Level | None = None
) -> tuple[Remedy, ...]:
    """The same for the client as a whole: every one of its engagements at `level` at least."""
    return _wanted(moment, member, client, tuple(moment.state.register.engagements_of(client)), level)


def _wanted(
    moment: Moment, member: int, client: int, engagements: tuple[int, ...], level: Level | None
) -> tuple[Remedy, ...]:
    if member not in moment.state.members:
        return ()
    if level is None:
        if all(moment.can(member, number) for number in engagements):
            return ()
        level = Level.EDITOR if moment.state.settings.levels == "single" else Level.READER
    return _found(moment, Aim(member=member, client=client, engagements=engagements, level=level))


def _found(moment: Moment, aim: Aim) -> tuple[Remedy, ...]:
    if not aim.lacking(moment):
        return ()
    tried: list[tuple[Command, ...]] = []
    found = []
    for way in _ways(_Way(start=moment, moment=moment), aim):
        deed = tuple(_whole(moment, command, aim) for command in way.commands)
        if deed not in tried:
            tried.append(deed)
            found.append((way, effects(moment, way.moment, way.commands, way.events, aim.member, aim.client)))
    found.sort(key=lambda one: _rank(*one))
    sharers = _sharers(moment, aim)
    return tuple(_remedy(way, aim, what, sharers) for way, what in found)


def _whole(moment: Moment, command: Command, aim: Aim) -> Command:
    """The command, with a grant on every engagement of the client taken as one on the client."""
    if not isinstance(command, w.SetGrant):
        return command
    every = BitMap(moment.state.register.engagements_of(aim.client))
    return replace(command, on=w.On.client(aim.client)) if command.on == w.On(engagements=every) else command


def _rank(way: _Way, effects: Effects) -> tuple[int, int, int, int]:
    """Least for others first, then least for the member besides, then the fewest commands."""
    others, own = effects.gains + effects.loses, effects.also + effects.gives_up
    return others, own, len(way.commands), effects.changes


def _remedy(way: _Way, aim: Aim, what: Effects, sharers: tuple[int, ...]) -> Remedy:
    steps, moment = [], way.start
    for command in way.commands:
        # Who may share is another after a member was reactivated or a wall lowered.
        now_sharing = sharers if moment is way.start else _sharers(moment, aim)
        steps.append(RemedyStep(command=command, makers=_makers(moment, command, now_sharing)))
        moment = _carried(moment, command)[0]
    level = min(way.moment.level(aim.member, number) for number in aim.engagements)
    return Remedy(steps=tuple(steps), level=level, effects=what)


# --- The search


def _ways(way: _Way, aim: Aim) -> Iterator[_Way]:
    """Every way that gets there: first what steps 2 to 4 demand, then one of what steps 6 to 9 offer."""
    lacking = aim.lacking(way.moment)
    if not lacking:
        yield way
        return
    reason = decide(way.moment, aim.member, lacking[0]).reason
    demanded = _demanded(way, aim, reason)
    if demanded:
        for further in _along_each(way, demanded):
            yield from _ways(further, aim)
        return
    for further in _along_each(way, candidates.offered(way.moment, aim, lacking)):
        if not aim.lacking(further.moment):
            yield further


def _demanded(way: _Way, aim: Aim, reason: Reason) -> list[tuple[Command, ...]]:
    """What must be done before any grant can help: alternatives, each of one or more commands."""
    match reason:
        case Reason.INACTIVE_MEMBER:
            return [(w.ReactivateMember(member=aim.member),)]
        case Reason.NO_ACCESS_PERMISSION:
            return [(candidates.permission(way.moment.state, aim.member),)]
        case Reason.WALL:
            return candidates.unwalling(way.moment, aim)
        case Reason.CONTROL_OFF:
            return [(w.TurnOn(),)]
        case _:
            return []


def _along_each(way: _Way, alternatives: Iterable[tuple[Command, ...]]) -> Iterator[_Way]:
    for commands in alternatives:
        further = _along(way, commands)
        if further is not None:
            yield further


def _along(way: _Way, commands: tuple[Command, ...]) -> _Way | None:
    """The way with these commands added; None where one of them is refused."""
    moment, events = way.moment, list(way.events)
    for command in commands:
        try:
            moment, happened = _carried(moment, command)
        except Refused:
            return None
        events += happened
    return _Way(start=way.start, moment=moment, commands=(*way.commands, *commands), events=tuple(events))


def _carried(moment: Moment, command: Command) -> tuple[Moment, tuple[e.Event, ...]]:
    """The command done by no member: what matters here is only whether it would help."""
    change = carry_out(moment, NO_TEXTS, command, actor=None).change
    return at(apply_all(moment.state, change.events), moment.now), change.events


# --- Who may make it


_SHARING = (w.SetGrant, w.RemoveGrant, w.GrantRequest, w.ChangeClient)
"""What a member may do who shares by the firm's setting and manages nothing (rules.md 5)."""


def _makers(moment: Moment, command: Command, sharers: tuple[int, ...]) -> tuple[int, ...]:
    """The members whose command would be accepted, tried one by one."""
    asked = _managing(moment)
    if isinstance(command, _SHARING):
        asked |= set(sharers)
    elif isinstance(command, w.SetDelegation):
        asked.add(command.delegator)
    return tuple(sorted(number for number in asked if _accepted(moment, command, number)))


def _managing(moment: Moment) -> set[int]:
    state = moment.state
    return {number for number in state.everyone if may(state, number, Capability.MANAGE_ACCESS)}


def _sharers(moment: Moment, aim: Aim) -> tuple[int, ...]:
    """The members who may share here by the firm's `sharing` setting (rules.md 5)."""
    sharing = moment.state.settings.sharing
    if sharing == "administrators":
        return ()
    least = Level.OWNER if sharing == "owners" else Level.READER
    return tuple(
        number
        for number in moment.state.everyone
        if any(authority_level(moment, number, engagement) >= least for engagement in aim.engagements)
    )


def _accepted(moment: Moment, command: Command, actor: int) -> bool:
    try:
        carry_out(moment, NO_TEXTS, command, actor=actor)
    except Refused:
        return False
    return True
