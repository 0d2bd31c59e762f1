"""What removing one item of a review would do, as a preview says it: for one page of items, each alone."""

import msgspec
from pyroaring import BitMap

from ringfence.access.firm_now import FirmNow
from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.compare.difference import difference

from .rows import Item


class RemovalEffect(msgspec.Struct, frozen=True, kw_only=True):
    """How many members it would touch."""

    lose: int
    """Who would see less."""
    gain: int
    """Who would see more: a client of which nobody was given anything any more may be open to all."""
    shift: int
    """Who would see the same at another level, and nothing else."""


def removal_effect(now: FirmNow, item: Item) -> RemovalEffect | None:
    """None for a wide grant or a delegation, which touches too much to be worked out beside others."""
    if item.target is None or item.target.kind not in ("client", "engagement"):
        return None
    targets = BitMap([item.target.number])
    events = [e.GrantsRemoved(subject=item.subject, kind=item.target.kind, targets=targets)]
    before = now.moment.state
    found = difference(before, apply_all(before, events), events, now.now)
    lose, gain = BitMap(list(found.lost)), BitMap(list(found.gained))
    return RemovalEffect(lose=len(lose), gain=len(gain), shift=len(BitMap(list(found.shifted)) - lose - gain))
