"""How many active members see each client: whom a firm must look at, because nobody or only one person can.

Walks over all members, and from time to time leaves out what two of them are known to see: after a few dozen
members, that is nearly all.
"""

import msgspec
from pyroaring import BitMap

from ringfence.core.state.compiled import Mask

from .evaluation import Evaluation
from .moment import Moment
from .sets import seen_among

LEAVING_OUT = 8
"""After so many members, four times as many, and so on, what two of them see is left out."""


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """The firm's clients by how many members see at least one of their engagements (rules.md 2)."""

    nobody: BitMap
    """Clients that no active member sees."""
    one: BitMap
    """Clients that exactly one active member sees."""


def counted(moment: Moment, clients: BitMap | None = None) -> Coverage:
    """Counted exactly, over all active members and clients that are there, or those of these."""
    register, members = moment.state.register, moment.state.everyone
    there = register.clients if clients is None else register.clients & clients
    evaluation, left, pause = moment.evaluation, register.engagements, LEAVING_OUT
    if clients is not None:
        left = register.spread(there)
        evaluation = moment.evaluation.narrowed(Mask(left))
    once, twice = BitMap(), BitMap()
    for looked_at, member in enumerate(members):
        if looked_at == pause:
            left, pause = left - twice, 4 * pause
            evaluation = _among(moment, left)
        see = seen_among(evaluation, member, left)
        twice |= once & see
        once |= see
    # A client one of whose engagements two members see has two holders. Of the others each engagement has one
    # holder at most, so that all members together look at each of them once.
    several, seen_once = register.clients_of(twice), once - twice
    single = register.spread(register.clients_of(seen_once) - several) & seen_once
    evaluation, first = _among(moment, single), BitMap()
    for member in members:
        theirs = register.clients_of(seen_among(evaluation, member, single))
        several |= first & theirs
        first |= theirs
    return Coverage(nobody=there - several - first, one=first - several)


def _among(moment: Moment, engagements: BitMap) -> Evaluation:
    """What is asked for these: of a firm of which much is known, that; else no more than what they need."""
    known = moment.evaluation
    if 2 * len(known.granted) > len(moment.state.everyone):
        return known
    return moment.evaluation.narrowed(Mask(engagements))
