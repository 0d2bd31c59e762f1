"""What an event does to a state, as a value: the new parts and what to throw away.

Made theme by theme in this room; put into effect by `apply.apply`.
"""

from collections.abc import Mapping
from typing import TypeVar

import msgspec
from pyroaring import BitMap

from ringfence.core.review_schedule import ScheduledReview
from ringfence.core.review_values import Review
from ringfence.core.settings import Settings
from ringfence.core.state.compiled import CompiledGrants
from ringfence.core.state.holding import EMPTY, Holding
from ringfence.core.state.register import Register
from ringfence.core.state.state import Numbers, State
from ringfence.core.statements import Policy
from ringfence.core.terms import Instant, Subject
from ringfence.core.values import (
    DefaultGrant,
    Delegation,
    Emergency,
    Member,
    Request,
    SoftwareNames,
    Token,
    Wall,
)

K = TypeVar("K")
V = TypeVar("V")

Touched = frozenset[int] | None
"""The members whose reach an event can change; all of them where None."""

NOBODY: frozenset[int] = frozenset()


class Patch(msgspec.Struct, frozen=True, kw_only=True):
    """What an event does: the new parts of the state, None where as they were, and what to throw away."""

    settings: Settings | None = None
    was_on: bool | None = None
    members: Mapping[int, Member] | None = None
    groups: Mapping[int, BitMap] | None = None
    services: frozenset[int] | None = None
    register: Register | None = None
    holdings: Mapping[Subject, Holding] | None = None
    delegations: Mapping[tuple[int, int], Delegation] | None = None
    walls: Mapping[int, Wall] | None = None
    requests: Mapping[tuple[int, int], Request] | None = None
    reviews: Mapping[int, Review] | None = None
    schedules: Mapping[int, ScheduledReview] | None = None
    emergencies: Mapping[tuple[int, int], Emergency] | None = None
    defaults: Mapping[int, tuple[DefaultGrant, ...]] | None = None
    tokens: Mapping[int, Token] | None = None
    names: SoftwareNames | None = None
    kept: BitMap | None = None
    successor: int | None = None
    policies: Mapping[int, Policy] | None = None
    numbers: Numbers | None = None

    touched: Touched = NOBODY
    compiled: Mapping[Subject, CompiledGrants | None] = msgspec.field(default_factory=dict)
    """Covers that change; None to work one out again."""
    doubtful: BitMap | None = EMPTY
    """Engagements that may be assigned or not from now on; None for all."""
    assigned: BitMap = EMPTY
    """Engagements that are assigned from now on."""
    opening: bool = False
    """Whether what is open may change for another cause than what is assigned."""
    expires: Instant | None = None
    """When what is given by it ends."""
    times: tuple[Instant, ...] = ()
    """When a wall begins and ends."""

    def parts(self) -> dict[str, object]:
        """The new parts by their names in the state."""
        return {name: part for name in PARTS if (part := getattr(self, name)) is not None}


PARTS = tuple(name for name in State.__struct_fields__ if name != "memo")
"""The parts of a state that events change."""

NOTHING = Patch()
"""What an event does that leaves a firm as it is."""


def members_touched(state: State, subject: Subject) -> frozenset[int]:
    """The members to whom a subject's grants matter."""
    if subject.kind == "member":
        return frozenset({subject.number})
    return frozenset(state.groups.get(subject.number, EMPTY))


def without(mapping: Mapping[K, V], key: K) -> dict[K, V]:
    left = dict(mapping)
    left.pop(key, None)
    return left
