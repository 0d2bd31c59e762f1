"""What has been worked out about one state: caches, and nothing that could not be worked out again."""

from collections.abc import Mapping, Sequence

import msgspec
from pyroaring import BitMap

from ringfence.core.terms import Subject
from ringfence.core.values import Member

from .anchors import Anchors
from .compiled import CompiledGrants


class Memo(msgspec.Struct, eq=False):
    """What has been worked out about one state. Every value can be thrown away and worked out again."""

    compiled: dict[Subject, CompiledGrants] = msgspec.field(default_factory=dict)
    assigned: BitMap | None = None
    doubtful: BitMap = msgspec.field(default_factory=BitMap)
    """Engagements on which `assigned` may be out of date."""
    places: Mapping[int, Sequence[int]] | None = None
    """The groups of each member who is in any."""
    kinds: Mapping[Member, BitMap] | None = None
    """The members by what they are."""
    anchors: Anchors | None = None
    """The first engagement of each client, perhaps of an earlier register: ask whether they fit."""
    evaluation: object = None
    """What `decision/evaluation.py` has worked out between two expiries; it alone fills and reads this."""
