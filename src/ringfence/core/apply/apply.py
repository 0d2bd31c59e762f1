"""How an event changes a state, and what of the worked-out sets survives it.

Events are taken as true: whether a command may give them is decided in `commands/`. What each of them does
is in the modules beside this one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from ringfence.core import events as e
from ringfence.core.decision.moment import known_sight
from ringfence.core.state.memo import Kept
from ringfence.core.values import Delegation

from . import clients, firm, grants, members  # noqa: F401  (each fills in the events of its theme)
from .dispatch import step_of
from .patch import NOTHING, Touched

if TYPE_CHECKING:
    from ringfence.core.state.state import State


def apply(state: "State", event: e.Event) -> "State":
    """The state after an event that a command gave for this very state, which itself stays as it is."""
    step = step_of(event, state)
    if step is NOTHING:
        # A record opened must cost no member's reach: not even a copy of what has been worked out.
        return state
    covers = dict(state.kept.covers)
    for subject, cover in step.covers.items():
        if cover is None:
            covers.pop(subject, None)
        else:
            covers[subject] = cover
    old = state.kept
    kept = Kept(covers=covers, assigned=None if step.doubtful is None else old.assigned)
    if "groups" not in step.parts:
        kept.places = old.places
    if step.doubtful is not None:
        kept.doubtful = old.doubtful | step.doubtful
    after = msgspec.structs.replace(state, kept=kept, **step.parts)
    known = known_sight(state)
    if known is not None:
        handed_on = known.after(after, _downstream(after.delegations, step.touched), step.expires)
        if not step.opening and step.doubtful is not None and not kept.doubtful:
            handed_on.keep_open(known)
        kept.sight = handed_on
    return after


def apply_all(state: "State", events: Iterable[e.Event]) -> "State":
    """The state after these events, one after the other."""
    for event in events:
        state = apply(state, event)
    return state


def touched_by(state: "State", events: Sequence[e.Event]) -> Touched:
    """The members whose grants, places, delegations or walls these events change; all of them where None.

    Others can be touched only by what becomes open or stops being so.
    """
    found: set[int] = set()
    *earlier, last = events
    for event in earlier:
        touched = _touching(event, state)
        if touched is None:
            return None
        found |= touched
        state = apply(state, event)
    touched = _touching(last, state)
    return None if touched is None else touched | found


def _touching(event: e.Event, state: "State") -> Touched:
    step = step_of(event, state)
    return _downstream(step.parts.get("delegations", state.delegations), step.touched)


def _downstream(delegations: Mapping[tuple[int, int], Delegation], touched: Touched) -> Touched:
    """The members and everyone whom their delegations reach."""
    if not touched or not delegations:
        return touched
    found = list(touched)
    seen = set(touched)
    for number in found:
        for giver, taker in delegations:
            if giver == number and taker not in seen:
                seen.add(taker)
                found.append(taker)
    return frozenset(seen)
