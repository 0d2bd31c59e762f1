"""What an event does to a state, as a value: the new parts and what to throw away.

Made theme by theme in this room; put into effect by `apply.apply`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from pyroaring import BitMap

from ringfence.core.state.compiled import Cover
from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import Instant, Subject

if TYPE_CHECKING:
    from ringfence.core.state.state import State

K = TypeVar("K")
V = TypeVar("V")

Touched = frozenset[int] | None
"""The members whose reach an event can change; all of them where None."""

NOBODY: frozenset[int] = frozenset()


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What an event does: the parts of the state that are new, and what to throw away."""

    parts: dict[str, Any] = msgspec.field(default_factory=dict)
    touched: Touched = NOBODY
    covers: Mapping[Subject, Cover | None] = msgspec.field(default_factory=dict)
    """Covers that change; None to work one out again."""
    doubtful: BitMap | None = EMPTY
    """Engagements that may be assigned or not from now on; None for all."""
    opening: bool = False
    """Whether what is open may change for another cause than `doubtful`."""
    expires: Instant | None = None


NOTHING = Step()
"""What an event does that leaves a firm as it is."""


def members_touched(state: "State", subject: Subject) -> frozenset[int]:
    """The members to whom a subject's grants matter."""
    if subject.kind == "member":
        return frozenset({subject.number})
    return frozenset(state.groups.get(subject.number, EMPTY))


def without(mapping: Mapping[K, V], key: K) -> dict[K, V]:
    left = dict(mapping)
    left.pop(key, None)
    return left
