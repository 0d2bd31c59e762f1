"""How much of a firm is everybody's: what is open to all, and what the group of all was given.

Blocks, walls and missing permissions keep single members out all the same; the state decides about those.
"""

from __future__ import annotations

from typing import NamedTuple

from ringfence.access import FirmNow


class EverybodysClients(NamedTuple):
    """Clients by how many of their services are everybody's."""

    whole: int
    """Clients of which every service is."""
    part: int
    """Clients of which only some are."""
    closed: int
    """Clients of which none is."""


def openness(firm_now: FirmNow) -> EverybodysClients:
    """The firm's clients, counted exactly."""
    found = firm_now.open_to_everybody
    some, rest = firm_now.clients_of(found), firm_now.clients_of(firm_now.engagements - found)
    return EverybodysClients(whole=len(some - rest), part=len(some & rest), closed=len(rest - some))
