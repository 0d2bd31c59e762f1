"""The clients of large sets of engagements, by what they have in common with what everybody shares.

Most of what a member of a large firm sees is open to all, and most of what they do not see is not: the
clients of these two are worked out once and kept, and only where a set differs are engagements looked at one
by one.
"""

from pyroaring import BitMap

from .evaluation import Evaluation
from .sets import opened

LARGE = 20_000
"""Engagements from which on it is worth it."""
LEAST = 2
"""How many times fewer engagements must differ."""


def clients_of(evaluation: Evaluation, engagements: BitMap) -> BitMap:
    """The clients that have at least one of the engagements, all of which are there."""
    register = evaluation.state.register
    if len(engagements) < LARGE:
        return register.clients_of(engagements)
    if len(engagements) == len(register.engagements):
        return register.clients
    found = _by_bases(evaluation, engagements)
    if found is None and not (evaluation.bases and evaluation.bases[0][0] is opened(evaluation)):
        evaluation.bases = _bases(evaluation)
        found = _by_bases(evaluation, engagements)
    return found if found is not None else register.clients_of(engagements)


def _by_bases(evaluation: Evaluation, engagements: BitMap) -> BitMap | None:
    """By the set whose clients are known and that differs little; None where each differs much."""
    register = evaluation.state.register
    for base, clients in evaluation.bases:
        missing, more = base - engagements, engagements - base
        if LEAST * (len(missing) + len(more)) < len(engagements):
            if missing:
                doubtful = register.clients_of(missing)
                clients = (clients - doubtful) | register.clients_of(register.spread(doubtful) & engagements)
            return clients | register.clients_of(more)
    return None


def _bases(evaluation: Evaluation) -> tuple[tuple[BitMap, BitMap], ...]:
    """What step 9 opens and what it does not, each with its clients.

    They serve later states too: whose an engagement is never changes, and what differs is looked at.
    """
    register, found = evaluation.state.register, opened(evaluation)
    return tuple((base, register.clients_of(base)) for base in (found, register.engagements - found))
