"""What every page about a client says while the visitor has it open in an emergency (rules.md 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

from ringfence.access.emergencies import counting_on
from ringfence.wording.times import until_text

if TYPE_CHECKING:
    from .visit import Visit

OF_CLIENT = "firms/<number:firm>/clients/<number:number>"
"""How the routes of a client's pages begin."""


class EmergencyBanner(NamedTuple):
    """That the client is open in an emergency: until when, and where that is ended."""

    until: str
    end: str


def emergency_banner(visit: Visit) -> EmergencyBanner | None:
    """For the client of the page's address; None where the visitor has not opened it so, or cannot any more.

    Emergency access stands on behind a wall and for a removed client, and nothing is told of these.
    """
    match = visit.request.resolver_match
    if match is None or not match.route.startswith(OF_CLIENT) or match.url_name == "end-emergency":
        return None
    client = match.kwargs["number"]
    mine = counting_on(visit.firm_now, client).get(visit.number)
    if mine is None or not visit.firm_now.sees(visit.number, client):
        return None
    return EmergencyBanner(
        until=until_text(mine.expires, visit.zone),
        end=reverse("end-emergency", args=[visit.firm.pk, client, visit.number]),
    )
