"""`emergency.*`: access in an emergency, past nothing but a missing grant (rules.md 10)."""

from collections.abc import Iterable

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.decision.single import decide
from ringfence.core.refusals import Problem, conflict, forbid, invalid, missing, switched_off
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level, Reason, Subject, Target
from ringfence.core.texts import REASON, clean

from . import definitions as w
from .context import Context

HOUR = 3_600_000_000
"""Microseconds."""


def open_emergency(context: Context, command: w.OpenEmergency) -> list[e.Event]:
    level = context.settings.emergency_level
    if level is Level.NONE:
        switched_off(Problem.EMERGENCY_SETTING)
    context.need_client(command.client)
    context.need_access()
    if context.actor is None:
        invalid(Problem.NO_MEMBER_ACTING, "member")
    lacking = _lacks_a_grant(context, context.actor, command.client)
    clean(command.reason, "reason", most=REASON)
    if not lacking:
        conflict(Problem.HAS_ACCESS_ALREADY, "client")
    expires = Instant(context.now + context.settings.emergency_hours * HOUR)
    opened = e.EmergencyOpened(
        client=command.client, member=context.actor, level=level, at=context.now, expires=expires
    )
    # One that is over, but that the clock has not come to yet, makes room.
    return [*_ended(context.state, [(command.client, context.actor)]), opened]


def _lacks_a_grant(context: Context, member: int, client: int) -> bool:
    """Whether nothing but a grant is missing somewhere; refuses what a wall or a block keeps from them.

    A wall keeps the whole client from them, so none of its engagements then lacks a grant alone.
    """
    engagements = context.state.register.engagements_of(client)
    decisions = [decide(context.moment, member, number) for number in engagements]
    if any(one.reason is Reason.NOT_ASSIGNED for one in decisions):
        return True
    if not all(one.allowed for one in decisions):
        forbid(Problem.EMERGENCY_BARRED, "client")
    return False


def acknowledge_emergency(context: Context, command: w.AcknowledgeEmergency) -> list[e.Event]:
    context.need_client(command.client)
    context.need_sharing(Target("client", command.client))
    if command.member == context.actor:
        forbid(Problem.OWN_EMERGENCY, "member")
    context.need_member(command.member)
    opened = context.state.emergencies.get((command.client, command.member))
    if opened is None:
        missing(Problem.UNKNOWN_EMERGENCY, "member")
    if opened.acknowledged:
        conflict(Problem.ACKNOWLEDGED_ALREADY, "member")
    return [e.EmergencyAcknowledged(client=command.client, member=command.member)]


def end_emergency(context: Context, command: w.EndEmergency) -> list[e.Event]:
    """By its holder, who may not know of the client any more; by whoever may share it; by the clock."""
    member = context.actor if command.member is None else command.member
    if member is None:
        invalid(Problem.NO_MEMBER_ACTING, "member")
    ended = _ended(context.state, [(command.client, member)])
    if context.actor is not None and not (ended and member == context.actor):
        context.need_client(command.client)
    if member != context.actor and context.actor is not None:
        context.need_sharing(Target("client", command.client))
    context.need_member(member)
    if not ended:
        missing(Problem.UNKNOWN_EMERGENCY, "member")
    return ended


def replaced(state: State, events: Iterable[e.Event]) -> list[e.Event]:
    """What grants of the same members on the same clients replace: one grant per subject and target."""
    pairs = {
        pair
        for event in events
        if isinstance(event, e.GrantsSet)
        for pair in _standing(state, event.subject, event.targets if event.kind == "client" else BitMap())
    }
    return _ended(state, sorted(pairs))


def removed_with(state: State, subjects: Iterable[Subject], clients: BitMap) -> list[e.Event]:
    """What ends where the grants of these subjects on these clients are removed."""
    return _ended(state, [pair for subject in subjects for pair in _standing(state, subject, clients)])


def _standing(state: State, subject: Subject, clients: BitMap) -> list[tuple[int, int]]:
    if subject.kind != "member":
        return []
    return [pair for pair in state.emergencies if pair[1] == subject.number and pair[0] in clients]


def _ended(state: State, pairs: Iterable[tuple[int, int]]) -> list[e.Event]:
    return [
        e.EmergencyEnded(client=client, member=member)
        for client, member in pairs
        if (opened := state.emergencies.get((client, member))) is not None and opened.stands
    ]
