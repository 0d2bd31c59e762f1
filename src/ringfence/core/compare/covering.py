"""How many active members see each client (`decision/coverage.py`), brought up to date for a change: only the
clients of which somebody sees more or less than before are counted again.
"""

from collections.abc import Sequence
from typing import cast

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.decision.coverage import Coverage, counted
from ringfence.core.decision.moment import Moment
from ringfence.core.state.columns import picked
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.register import Register

from .moves import moves

FEW = 8
"""So many times as many clients there are, and more, where it is quicker to count some again than all."""


def coverage(moment: Moment) -> Coverage:
    """The firm's clients that nobody, and that one member can open. Kept until the next change."""
    evaluation = moment.evaluation
    # Another thread that counts takes the second away once it has put the first.
    covered, known = evaluation.covered, evaluation.coverage
    if isinstance(known, Coverage):
        return known
    found = None
    if covered is not None:
        earlier, events = covered
        before = Moment(earlier.state, moment.now, earlier)
        if isinstance(earlier.coverage, Coverage):
            found = _carried(earlier.coverage, before, moment, cast(Sequence[e.Event], events))
    found = found or counted(moment)
    evaluation.keep_coverage(found)
    return found


def _carried(known: Coverage, before: Moment, after: Moment, events: Sequence[e.Event]) -> Coverage | None:
    """What was counted, after the events; None where it is quicker to count anew."""
    found = moves(before, after, events)
    if found is None:
        return None
    register = after.state.register
    parts = [part for move in found.moves for part in move.by_level[0]]
    moved = found.first_engagements(BitMap.union(EMPTY, *parts))
    doubtful = _clients(register, moved) | (found.clients or EMPTY)
    if FEW * len(doubtful) > len(register.clients):
        return None
    again = counted(after, doubtful)
    return Coverage(nobody=known.nobody - doubtful | again.nobody, one=known.one - doubtful | again.one)


def _clients(register: Register, firsts: BitMap) -> BitMap:
    """The clients with these first engagements."""
    return BitMap(picked(register.client_of, firsts)) if firsts else EMPTY
