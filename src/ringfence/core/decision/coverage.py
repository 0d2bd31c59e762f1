"""How many active members see each client: whom a firm must look at, because nobody or only one person can.

Walks over all members once, and over single clients only where it must.
"""

import msgspec
from pyroaring import BitMap

from .moment import Moment


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """The firm's clients by how many members see at least one of their engagements (rules.md 2)."""

    nobody: BitMap
    """Clients that no active member sees."""
    one: BitMap
    """Clients that exactly one active member sees."""


def coverage(moment: Moment) -> Coverage:
    """Counted exactly, over all active members and clients that are there. Kept until the next change."""
    found = moment.evaluation.coverage
    if not isinstance(found, Coverage):
        found = moment.evaluation.coverage = _counted(moment)
    return found


def _counted(moment: Moment) -> Coverage:
    register, members = moment.state.register, moment.state.everyone
    once, twice = BitMap(), BitMap()
    for member in members:
        see = moment.reach(member).see
        twice |= once & see
        once |= see
    # A client one of whose engagements two members see has two holders. Of the others each engagement has one
    # holder at most, so that all members together look at each of them once.
    several = register.clients_of(twice)
    single = once - register.spread(several)
    first = BitMap()
    for member in members:
        theirs = register.clients_of(moment.reach(member).see & single)
        several |= first & theirs
        first |= theirs
    return Coverage(nobody=register.clients - several - first, one=first - several)
