"""`delegation.*` (rules.md 5, 7)."""

from ringfence.core import events as e
from ringfence.core.refusals import Problem, conflict, forbid, invalid, missing, switched_off
from ringfence.core.terms import (
    Level,
)

from . import definitions as w
from .context import Context
from .grants import (
    need_level,
)


def set_delegation(context: Context, command: w.SetDelegation) -> list[e.Event]:
    if not context.manages_access and context.actor != command.delegator:
        forbid(Problem.ONLY_DELEGATOR, "from")
    if not context.settings.delegation:
        switched_off(Problem.DELEGATION_SETTING)
    context.need_member(command.delegator, "from")
    context.need_member(command.delegate, "to")
    if command.delegator == command.delegate:
        invalid(Problem.TO_ONESELF, "to")
    need_level(command.cap, "cap")
    if command.cap is Level.BLOCKED:
        invalid(Problem.CAP_BLOCKED, "cap")
    context.need_future(command.expires)
    event = e.DelegationSet(
        delegator=command.delegator,
        delegate=command.delegate,
        cap=command.cap,
        expires=command.expires,
        cascades=command.cascades,
    )
    was = context.state.delegations.get((command.delegator, command.delegate))
    if was is not None and (was.cap, was.expires, was.cascades) == (
        event.cap,
        event.expires,
        event.cascades,
    ):
        conflict()
    return [event]


def remove_delegation(context: Context, command: w.RemoveDelegation) -> list[e.Event]:
    """Also by the delegate, and also while delegations are switched off."""
    if not context.manages_access and context.actor not in {command.delegator, command.delegate}:
        forbid(Problem.ONLY_DELEGATOR, "from")
    context.need_member(command.delegator, "from")
    context.need_member(command.delegate, "to")
    if (command.delegator, command.delegate) not in context.state.delegations:
        missing(Problem.UNKNOWN_DELEGATION, "to")
    return [e.DelegationRemoved(delegator=command.delegator, delegate=command.delegate)]
