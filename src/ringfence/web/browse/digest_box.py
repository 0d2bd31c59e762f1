"""The tick box that says whether one gets the daily digest of a client: for any page about a client.

What it sends goes to the route `client-digest`, which leads back to the page it stands on.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from ringfence.access.digest.choices import wanted_by
from ringfence.access.digest.days import goes_out
from ringfence.web.shell.visit import Visit

PAGES = ("share-client", "client", "client-access", "why-me")
"""Routes, of firm and client, of the pages that may have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestBox:
    """Shown by `shared/digest_box.html`."""

    action: str
    ticked: bool
    whole: bool
    """Whether the member gets any digest: else the box would be about nothing."""
    yours: str
    """The page about all clients."""
    page: str
    """The route of the page it stands on."""


def digest_box(visit: Visit, client: int, page: str) -> DigestBox | None:
    """The box for a page with the route `page`; None for who does not see the client, or where none is sent.

    Raises `ValueError` for a page that is not among `PAGES`.
    """
    if page not in PAGES:
        raise ValueError(page)
    if not goes_out(visit.settings) or not visit.firm_now.sees(visit.number, client):
        return None
    wanted = wanted_by(visit.firm.pk, visit.number)
    return DigestBox(
        action=reverse("client-digest", args=[visit.firm.pk, client]),
        ticked=client not in wanted.off,
        whole=wanted.whole,
        yours=reverse("your-digest", args=[visit.firm.pk]),
        page=page,
    )
