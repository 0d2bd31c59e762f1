"""Over which delegations a reach is handed on from member to member, and from whom it comes (rules.md 2).

Who is linked to whom, nearest first. What anybody reaches by it is decided in `delegated.py`.
"""

from typing import NamedTuple

from ringfence.core.values import Delegation

from .moment import Moment


class DelegationLink(NamedTuple):
    """One delegation that counts and whose delegator may use client records."""

    delegator: int
    delegate: int
    depth: int
    """1 for the nearest."""


def onward(moment: Moment, member: int) -> tuple[DelegationLink, ...]:
    """To whom a cascading delegation to the member hands on: their delegates, and the delegates of these.

    Each delegation is there once, also one that leads back to somebody who is there already: circles are
    harmless. `cascades: false` stops at its delegate.
    """
    return _walked(moment, member, to_delegates=True)


def behind(moment: Moment, member: int) -> tuple[DelegationLink, ...]:
    """From whom the member has what they hand on: their delegators, and the delegators of these."""
    return _walked(moment, member, to_delegates=False)


def _walked(moment: Moment, member: int, *, to_delegates: bool) -> tuple[DelegationLink, ...]:
    state = moment.state
    if not state.settings.delegation:
        return ()
    beside: dict[int, list[tuple[int, int, Delegation]]] = {}
    for (giver, taker), made in sorted(state.delegations.items(), key=lambda each: each[0]):
        who = state.members.get(giver)
        if made.counts(moment.now) and who is not None and who.works:
            beside.setdefault(giver if to_delegates else taker, []).append((giver, taker, made))
    found: list[DelegationLink] = []
    depths, row = {member: 0}, [member]
    for near in row:
        for giver, taker, made in beside.get(near, ()):
            # What a delegator has by a delegation that goes no further is theirs alone.
            if not to_delegates and not made.cascades:
                continue
            far = taker if to_delegates else giver
            found.append(DelegationLink(giver, taker, depths[near] + 1))
            if far not in depths and (made.cascades or not to_delegates):
                depths[far] = depths[near] + 1
                row.append(far)
    return tuple(found)
