"""The pages of one client: the same row of links on each of them, with what the visitor may open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.core.commands.definitions import ChangeMember
from tests.web.cast import BAKER, DILYS, FORTUNE, Cast, do, grouped, make_cast
from tests.web.reading import document

if TYPE_CHECKING:
    from tests.web.checks import PageClient
    from tests.web.journeys.sharing.test_sharing import SignIn

EVERYTHING = [
    "Record",
    "Plans",
    "Sharing options",
    "Who can open it",
    "Your access",
    "What happened",
    "Opened by",
]
ROUTES = (
    "client",
    "client-plans",
    "share-client",
    "client-access",
    "why-me",
    "client-history",
    "client-openings",
)


def row(response: Any) -> list[tuple[str, bool]]:
    """The texts of the row, each with whether it is the page shown."""
    navs = [each for each in document(response).iter("nav") if "rf-row" in (each.get("class") or "").split()]
    return [
        ("".join(link.itertext()).strip(), link.get("aria-current") == "page")
        for nav in navs
        for link in nav.iter("a")
    ]


@pytest.mark.parametrize("place", range(len(ROUTES)))
def test_every_page_of_a_client_leads_to_the_others(cast: Cast, owen: PageClient, place: int) -> None:
    page = owen.get(reverse(ROUTES[place], args=[cast.firm, BAKER]))
    found = row(page)
    assert set(EVERYTHING) <= {text for text, _here in found}
    assert [text for text, here in found if here] == [EVERYTHING[place]]


def test_a_member_is_led_to_what_they_may_open_alone(cast: Cast, cai: PageClient) -> None:
    page = cai.get(reverse("client", args=[cast.firm, BAKER]))
    texts = {text for text, _here in row(page)}
    assert {"Record", "Sharing options", "Your access", "What happened"} <= texts
    assert not {"Who can open it", "Opened by"} & texts


def test_who_manages_access_is_led_from_a_record_that_they_cannot_open(cast: Cast, dilys: PageClient) -> None:
    grouped(cast.firm)
    do(cast.firm, ChangeMember(member=DILYS, manage_access=True))
    page = dilys.get(reverse("client", args=[cast.firm, FORTUNE]))
    assert page.status_code == 200
    assert ("Sharing options", False) in row(page)


def test_the_row_speaks_the_words_of_the_firm(db: None, signed_in: SignIn) -> None:
    cast = make_cast("planning")
    page = signed_in(cast, "Owen").get(reverse("client", args=[cast.firm, BAKER]))
    assert ("Permissions", False) in row(page)
