"""Which of the firm's policies a change breaks: those that held before it and do not hold afterwards.

A firm that has not been counted is first looked at where the change touches it: most changes break nothing.
"""

import weakref
from collections.abc import Sequence

import msgspec

from ringfence.core import events as e
from ringfence.core.compare.difference import touched_clients
from ringfence.core.compare.moves import FEW_CLIENTS
from ringfence.core.decision.evaluation import Evaluation
from ringfence.core.decision.moment import Moment, at
from ringfence.core.state.state import State
from ringfence.core.statements import AtMostClients, AtMostLevel, CheckIs, Never, Only, PolicyMode, Statement

from .checking import SizedPlan, check_holds, plans_of
from .looking import PolicyLook
from .meant import breakers
from .standing import hold, is_counted, tally_after

ASKED = 2
"""Questions about a firm after which it is counted: a command line asks about its preview and its command."""


class Break(msgspec.Struct, frozen=True, kw_only=True):
    """A policy that a change breaks, as it says afterwards."""

    policy: int
    mode: PolicyMode


def newly_broken(before: Moment, after: State, events: Sequence[e.Event]) -> frozenset[int]:
    """The policies that held before and do not hold afterwards, of either mode."""
    return frozenset(each.policy for each in breaks(before, at(after, before.now), events))


def breaks(before: Moment, after: Moment, events: Sequence[e.Event]) -> tuple[Break, ...]:
    """The policies that stand afterwards, held before and do not hold any more.

    `events` lead from one moment to the other. Kept with the later moment.
    """
    if not after.state.policies or not events:
        return ()
    known = after.evaluation.policies
    if isinstance(known, _Known) and known.before() is before.evaluation:
        return known.found
    found = () if _breaks_nothing(before, after, events) else _broken(before, after, events)
    after.evaluation.policies = _Known(before.evaluation, found)
    return found


class _Known:
    """What a change has been found to break."""

    def __init__(self, before: Evaluation, found: tuple[Break, ...]) -> None:
        # Not kept alive, or every state would keep the one before it.
        self.before = weakref.ref(before)
        self.found = found


def _broken(before: Moment, after: Moment, events: Sequence[e.Event]) -> tuple[Break, ...]:
    was, will = tally_after(before, after, events)
    # Of a statement of which nobody knows whether it still is broken, it is known that it was.
    newly = {each for each, found in will.broken.items() if found and not was.broken[each]}
    return tuple(
        Break(policy=number, mode=policy.mode)
        for number, policy in (after.state.policies.items() if newly else ())
        if not newly.isdisjoint(policy.statements) and all(hold(before, policy.statements))
    )


def _breaks_nothing(before: Moment, after: Moment, events: Sequence[e.Event]) -> bool:
    """Whether nothing is broken where the events touch a firm that nobody has counted, nor asked about."""
    if is_counted(before) or before.evaluation.asked_policies >= ASKED:
        return False
    before.evaluation.asked_policies += 1
    after.evaluation.asked_policies = before.evaluation.asked_policies
    clients = touched_clients(before, after, events)
    if clients is None or len(clients) > FEW_CLIENTS:
        return False
    statements = list(
        dict.fromkeys(each for policy in after.state.policies.values() for each in policy.statements)
    )
    if any(_means_others(before, after, each) for each in statements):
        return False
    looks = PolicyLook(before, clients), PolicyLook(after, clients)
    sides = (zip(plans_of(look, statements), statements, strict=True) for look in looks)
    for (was, each), (will, _) in zip(*sides, strict=True):
        match each:
            case CheckIs():
                breaks = check_holds(before, each) and not check_holds(after, each)
            case AtMostClients():
                assert isinstance(was, SizedPlan)
                assert isinstance(will, SizedPlan)
                breaks = any(size > was.sizes.get(member, 0) for member, size in will.sizes.items())
            case _:
                broken_before = looks[0].places.clients(was.found())
                breaks = bool(looks[1].places.clients(will.found()) - broken_before)
        if breaks:
            return False
    return True


def _means_others(before: Moment, after: Moment, statement: Statement) -> bool:
    if not isinstance(statement, Never | Only | AtMostLevel | AtMostClients):
        return False
    return breakers(before.state, statement) != breakers(after.state, statement)
