"""The clients that were added lately and that nobody was given: they are open to all, as nobody chose."""

from __future__ import annotations

from pyroaring import BitMap

from ringfence.access.ledger.newcomers import clients_since
from ringfence.web.shell.visit import Visit

DAYS = 14
"""How long a client counts as new."""


def still_open(visit: Visit) -> BitMap:
    """The new clients of which an engagement is open to all because nobody was given it (rules.md 2, step 9).

    None while control is off: then everything is open, and turning on is the question.
    """
    now = visit.firm_now
    if not now.settings.control:
        return BitMap()
    new = clients_since(now, days=DAYS)
    return now.clients_of(now.engagements_of_all(new) & now.unassigned & now.open_to_everybody)
