"""How much of a firm is everybody's: what is open to all, and what the group of all was given.

Blocks, walls and missing permissions keep single members out all the same; the state decides about those.
"""

from __future__ import annotations

from typing import NamedTuple

from pyroaring import BitMap

from ringfence.access import FirmNow
from ringfence.core.terms import EVERYONE

from .groups import held_by_group


class Openness(NamedTuple):
    """Clients by how many of their services are everybody's."""

    whole: int
    """Clients of which every service is."""
    part: int
    """Clients of which only some are."""


def open_to_everybody(view: FirmNow) -> BitMap:
    """The engagements that are open to all (rules.md 6) or on which Everyone holds a grant that counts."""
    return view.moment.open_to_all | held_by_group(view, EVERYONE)


def openness(view: FirmNow) -> Openness:
    """The firm's clients, counted exactly."""
    register = view.moment.state.register
    found = open_to_everybody(view)
    closed = register.clients_of(register.engagements - found)
    return Openness(whole=len(register.clients - closed), part=len(register.clients_of(found) & closed))
