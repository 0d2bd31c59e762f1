"""What a wall has to overrule: what gives members of one side the clients of the other.

Asked before a wall is raised or changed, and of one that stands. What a wall does is step 3 of the decision
(`walls.py`), and who loses and gains by it is its preview.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core.state.holding import EMPTY
from ringfence.core.values import Sides

from . import sets
from .bundles import own_grants
from .delegated import passes_without
from .moment import Moment


class ConflictKind(StrEnum):
    """By what a member has access across a wall."""

    OWN = "own"
    GROUP = "group"
    DELEGATION = "delegation"


class WallConflict(NamedTuple):
    """Access of one member across a wall, by one thing; what several things give stands with each of them."""

    member: int
    kind: ConflictKind
    by: int
    """The group or the delegator; 0 for grants of the member's own."""
    clients: BitMap


def wall_conflicts(moment: Moment, sides: Sides) -> tuple[WallConflict, ...]:
    """What counts of each member's grants, groups and delegations on clients of the other side (rules.md 2).

    A grant of the member's own counts whether it is on an engagement, a client, a service or all clients.
    Blocked ones give nothing and are left out; what a wall that stands keeps from a delegator is not passed
    on. By member, then own grants, groups, delegators.
    """
    one, other = sides
    found: dict[tuple[int, ConflictKind, int], BitMap] = {}
    for side, across in ((one, other), (other, one)):
        clients = BitMap(across.clients) & moment.state.register.clients
        engagements = moment.state.register.spread(clients)
        for member in side.members if engagements else ():
            for kind, by, reached in _access(moment, member):
                if theirs := moment.state.register.clients_of(reached & engagements):
                    key = (member, kind, by)
                    found[key] = found.get(key, EMPTY) | theirs
    order = list(ConflictKind)
    return tuple(
        WallConflict(*key, found[key])
        for key in sorted(found, key=lambda key: (key[0], order.index(key[1]), key[2]))
    )


def _access(moment: Moment, member: int) -> Iterator[tuple[ConflictKind, int, BitMap]]:
    own = own_grants(moment, member)
    yield ConflictKind.OWN, 0, own.narrow | own.wide
    for group in moment.state.groups_of(member):
        yield ConflictKind.GROUP, group, sets.given(moment.evaluation, group)
    for giver, _, _ in moment.evaluation.delegators(member):
        yield ConflictKind.DELEGATION, giver, passes_without(moment.evaluation, giver, member).see
