"""What time alone does to access: grants and delegations that end between two instants (rules.md 2), walls
that begin or end (rules.md 10).

An expired grant gives and denies nothing, and stands all the same: no event tells of it.
"""

from collections import defaultdict
from collections.abc import Iterator

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.decision.moment import at
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Subject, TargetKind

from .difference import Difference, between


def elapsed(state: State, was: Instant, now: Instant) -> Difference | None:
    """What ends after `was` and up to `now` changes, or a wall that begins; None where nothing does."""
    events = list(ended(state, was, now))
    return between(at(state, was), at(state, now), events) if events else None


def ended(state: State, was: Instant, now: Instant) -> Iterator[e.Event]:
    """The events that would touch whom and what the endings touch."""
    targets: dict[tuple[Subject, TargetKind], BitMap] = defaultdict(BitMap)
    for subject, held in state.holdings.items():
        for target, expires in held.expires.items():
            if was < expires <= now:
                targets[subject, target.kind].add(target.number)
    for (subject, kind), numbers in targets.items():
        yield e.GrantsRemoved(subject=subject, kind=kind, targets=numbers)
    for (client, member), opened in state.emergencies.items():
        if opened.stands and was < opened.expires <= now:
            yield e.EmergencyEnded(client=client, member=member)
    for (giver, taker), made in state.delegations.items():
        if made.expires is not None and was < made.expires <= now:
            yield e.DelegationRemoved(delegator=giver, delegate=taker)
    for number, wall in state.walls.items():
        if wall.stands(was) is not wall.stands(now):
            yield e.WallLowered(wall=number)
