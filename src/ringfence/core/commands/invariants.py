"""What must hold after every command, by whatever road: an administrator, a person Owner; and self-access.

Looks at the state before and after; knows no command (rules.md 5).
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.authority.acting import Acting
from ringfence.core.decision.moment import at
from ringfence.core.decision.ownerless import person_owned
from ringfence.core.decision.reach import Reach
from ringfence.core.policies.breaking import breaks
from ringfence.core.refusals import Problem, Refusal, Refused
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.terms import Role


def need_invariants(acting: Acting, after: State, events: Iterable[e.Event]) -> None:
    """Refuses a change that takes away the last administrator, the last principal or a last person Owner.

    `events` are what leads to `after`.
    """
    before = acting.state
    stopped = _stopped(before, after, events)
    if stopped.managed and not _any_active(after, {Role.ADMINISTRATOR, Role.PRINCIPAL}):
        raise Refused(Refusal.LAST_ADMINISTRATOR, Problem.LAST_ADMINISTRATOR, "member")
    if Role.PRINCIPAL in stopped.managed and not _any_active(after, {Role.PRINCIPAL}):
        raise Refused(Refusal.LAST_ADMINISTRATOR, Problem.LAST_PRINCIPAL, "member")
    may_bereave = after.holdings is not before.holdings or stopped.worked
    if may_bereave and after.settings.owner_required and (clients := bereft(before, after)):
        refused = Refused(Refusal.LAST_OWNER, Problem.LAST_OWNER, "on")
        refused.clients = clients
        raise refused


def need_policies(acting: Acting, after: State, events: Sequence[e.Event]) -> None:
    """Refuses a change after which a policy that refuses, and held before, does not hold (rules.md 10)."""
    if all(policy.mode == "warn" for policy in after.policies.values()) or _by_time_alone(acting, events):
        # What would only be warned of is asked by whoever shows it.
        return
    found = breaks(acting.moment, at(after, acting.now), events)
    refusing = [each for each in found if each.mode == "refuse"]
    if not refusing:
        return
    refused = Refused(Refusal.POLICY, Problem.POLICY_BROKEN)
    refused.policies.update(each.policy for each in refusing)
    raise refused


def _by_time_alone(acting: Acting, events: Sequence[e.Event]) -> bool:
    """Whether all that is done is to end emergency access whose hours are over.

    What time alone breaks is told, never undone: refused, such a grant would stand for good (rules.md 10).
    """
    return bool(events) and all(
        isinstance(event, e.EmergencyEnded)
        and not acting.state.emergencies[event.client, event.member].counts(acting.now)
        for event in events
    )


class _Stopped(NamedTuple):
    """What the members whom a change names were before it and are not after: nobody else is looked at."""

    managed: frozenset[Role]
    """As what somebody managed the firm."""
    worked: bool
    """Whether somebody could be let in to clients."""


def _stopped(before: State, after: State, events: Iterable[e.Event]) -> _Stopped:
    named = {each.member for each in events if isinstance(each, e.MemberDeactivated | e.MemberChanged)}
    pairs = [(before.members[each], after.members[each]) for each in named if each in before.members]
    return _Stopped(
        managed=frozenset(
            was.role
            for was, will in pairs
            if was.active and was.administers and not (will.active and will.role is was.role)
        ),
        worked=any(was.works and not will.works for was, will in pairs),
    )


def _any_active(state: State, roles: set[Role]) -> bool:
    return any(member.active and member.role in roles for member in state.members.values())


def bereft(before: State, after: State) -> BitMap:
    """The clients still there that had a person Owner and have none any more."""
    return (person_owned(before) - person_owned(after)) & after.register.clients


def is_self_access(context: Acting, after: State) -> bool:
    """Whether somebody who manages access lets themselves in or higher up (rules.md 5, "Self-access")."""
    return bool(self_given(context, after))


def self_given(context: Acting, after: State) -> BitMap:
    """The engagements that somebody who manages access sees, or may do more on, by their own command.

    Those of clients that they have just added are not among them.
    """
    who = context.member
    if context.actor is None or who is None:
        return EMPTY
    restricted = who.administers and context.settings.administrators == "as_others"
    if not restricted and not who.manage_access:
        return EMPTY
    was, will = context.moment.reach(context.actor), at(after, context.now).reach(context.actor)
    gained = _gained(was, will)
    if not gained:
        return EMPTY
    standing = gained & context.state.register.engagements
    fresh = gained - standing
    if not fresh:
        return standing
    clients = after.register.clients_of(fresh)
    known = clients & context.moment.clients(context.actor)
    known |= BitMap(client for client in clients if client >= context.state.register.next_client)
    return standing | (fresh - after.register.spread(known))


def _gained(was: Reach, will: Reach) -> BitMap:
    parts = [now - before for before, now in zip(was, will, strict=True) if now != before]
    return BitMap.union(*parts) if parts else EMPTY
