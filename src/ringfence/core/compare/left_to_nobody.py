"""Which clients a change leaves to nobody: somebody saw them before, and no active member does afterwards."""

from pyroaring import BitMap

from ringfence.core.decision.evaluation import Evaluation
from ringfence.core.decision.moment import Moment
from ringfence.core.decision.sets import reach
from ringfence.core.state.compiled import Mask

from .places import places_in

ASKED_FIRST = 3
"""Members of whom all that they see is asked: mostly they leave little to be asked of all the others."""


def left_to_nobody(after: Moment, clients: BitMap) -> BitMap:
    """Of these clients, those that are there and that no active member sees (rules.md 2).

    Of what the first few members leave, the engagements of these clients alone are looked at, member by
    member, and no further than until all are seen.
    """
    state = after.state
    unseen = clients & state.register.clients
    working = [number for number in state.everyone if state.members[number].works]
    for member in working[:ASKED_FIRST]:
        if unseen:
            unseen = unseen - after.clients(member)
    if not unseen:
        return unseen
    there = state.register.spread(unseen)
    evaluation = Evaluation.of(state, after.now, Mask(there))
    places = places_in(state, state.register, there)
    left = places.of(evaluation.everything())
    for member in working[ASKED_FIRST:]:
        left = left - places.of(reach(evaluation, member).see)
        evaluation.granted.pop(member, None)
        if not left:
            break
    return places.clients(left)
