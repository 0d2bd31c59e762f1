"""What a member can open by their groups, and what besides: by the decision, never more than they see."""

from __future__ import annotations

from pyroaring import BitMap

from ringfence.web.shell.visit import Visit


def by_groups(visit: Visit) -> BitMap:
    """The engagements that the member sees and that one of their groups was given."""
    now = visit.firm_now
    given = BitMap.union(BitMap(), *(now.given(number) for number in now.groups_of(visit.number)))
    return given & now.seen_by(visit.number)
