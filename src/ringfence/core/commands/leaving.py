"""`member.deactivate` and `successor.set`: who leaves, and who takes over from them (rules.md 5, 7).

Where the firm's directory deactivates somebody who cannot be done without, the successor whom the firm has
named takes over by itself: the last administrator's or principal's role, the last Owner's clients.
"""

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.principals import refused_role
from ringfence.core.refusals import Problem, Refusal, Refused, conflict, invalid, need
from ringfence.core.terms import NOBODY

from . import definitions as w
from .context import Context
from .handing_on import handed_over
from .invariants import need_invariants
from .members import switched
from .tokens import revoked_of


def deactivate_member(context: Context, command: w.DeactivateMember) -> list[e.Event]:
    context.need_administrator()
    was = switched(context, command.member)
    successor = command.hand_over_to
    if successor is not None:
        heir = context.need_member(successor, "hand_over_to")
        if successor == command.member or not heir.works:
            invalid(Problem.SUCCESSOR, "hand_over_to")
    if not was.active:
        conflict()
    if successor is None and command.directory:
        return _as_the_directory_says(context, command.member)
    return _deactivated(context, command.member, successor)


def _deactivated(context: Context, member: int, successor: int | None) -> list[e.Event]:
    events: list[e.Event] = [] if successor is None else handed_over(context, member, successor)
    events += [
        e.RequestClosed(client=client, member=asker, outcome="withdrawn")
        for client, asker in sorted(context.state.requests)
        if asker == member
    ]
    events += revoked_of(context, member)
    events.append(e.MemberDeactivated(member=member))
    return events


def _as_the_directory_says(context: Context, member: int) -> list[e.Event]:
    """With the firm's successor where the leaving would break what must hold, and only then."""
    events = _deactivated(context, member, None)
    broken = _broken(context, events)
    heir = context.state.members.get(context.state.successor)
    if broken is None or heir is None or not heir.works or context.state.successor == member:
        return events
    if broken is not Refusal.LAST_ADMINISTRATOR:
        return _deactivated(context, member, context.state.successor)
    role = context.state.members[member].role
    need(refused_role(context, heir.role, role))
    raised = e.MemberChanged(
        member=context.state.successor, role=role, access=heir.access, manage_access=heir.manage_access
    )
    if _broken(context, [raised, *events]) is not None:
        events = _deactivated(context, member, context.state.successor)
    return [raised, *events]


def _broken(context: Context, events: list[e.Event]) -> Refusal | None:
    """What would be refused once these events had happened."""
    try:
        need_invariants(context, apply_all(context.state, events), events)
    except Refused as refused:
        return refused.refusal
    return None


def set_successor(context: Context, command: w.SetSuccessor) -> list[e.Event]:
    context.need_administrator()
    if command.member is not None and not context.need_member(command.member).works:
        invalid(Problem.SUCCESSOR, "member")
    member = NOBODY if command.member is None else command.member
    if member == context.state.successor:
        conflict()
    return [e.SuccessorSet(member=member)]
