"""Which clients a change leaves to nobody: somebody saw them before, and no active member does afterwards."""

from pyroaring import BitMap

from ringfence.core.decision.evaluation import Evaluation
from ringfence.core.decision.sets import reach
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.terms import Instant

from .renumbering import Renumbering


def left_to_nobody(after: State, clients: BitMap, now: Instant) -> BitMap:
    """Of these clients, those that are there and that no active member sees at `now` (rules.md 2).

    Only the sets of these clients are worked out, member by member, and no further than until all are seen.
    """
    there = clients & after.register.clients
    if not there:
        return EMPTY
    lens = Renumbering(after.register, there, alive=after.register.engagements)
    evaluation = Evaluation.of(after, now, lens)
    unseen = lens.places(evaluation.everything())
    for member in after.everyone:
        unseen = unseen - lens.places(reach(evaluation, member).see)
        evaluation.granted.pop(member, None)
        if not unseen:
            break
    return lens.clients(unseen)
