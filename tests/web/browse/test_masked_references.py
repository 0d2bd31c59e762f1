"""A tax reference is whole to who may open the engagement, and masked to others (rules.md 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from tests.web.cast import FORTUNE, VAT_GROUP, Cast, grouped
from tests.web.reading import names, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

WHOLE, OPEN = "GB 123 4567 89", "1234567890"
"""The tax references of Fortune 500: VAT is Cai's alone to open, Income Tax everybody."""


@pytest.fixture
def closed(cast: Cast) -> Cast:
    grouped(cast.firm)
    return cast


def pages(closed: Cast, owen: PageClient) -> dict[str, Any]:
    """Every page on which the control side shows tax references."""
    firm = closed.firm
    owen.post(reverse("create-group", args=[firm]), {"kind": "custom"})
    owen.post(reverse("create-group-name", args=[firm]), {"name": "North"})
    return {
        "client-access-list": owen.get(reverse("client-access-list", args=[firm])),
        "client-access": owen.get(reverse("client-access", args=[firm, FORTUNE])),
        "group": owen.get(reverse("group", args=[firm, VAT_GROUP])),
        "create-group-clients": owen.get(reverse("create-group-clients", args=[firm])),
    }


def test_an_administrator_who_cannot_open_it_is_shown_the_end(closed: Cast, owen: PageClient) -> None:
    for name, page in pages(closed, owen).items():
        assert WHOLE not in page.content.decode(), name
        assert "ending in 6789" in text(page), name


def test_what_the_administrator_can_open_is_whole(closed: Cast, owen: PageClient) -> None:
    assert OPEN in text(owen.get(reverse("client-access", args=[closed.firm, FORTUNE])))


def test_an_auditor_is_shown_the_end_alone(closed: Cast, ada: PageClient) -> None:
    page = ada.get(reverse("client-access", args=[closed.firm, FORTUNE]))
    assert WHOLE not in page.content.decode()
    assert OPEN not in page.content.decode()
    assert "ending in 7890" in text(page)


def test_who_can_open_it_finds_it_whole_in_the_record(closed: Cast, cai: PageClient) -> None:
    assert WHOLE in text(cai.get(reverse("client", args=[closed.firm, FORTUNE])))


@pytest.mark.parametrize("route", ["client-access-list", "create-group-clients"])
@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("GB 123 4567 89", True),
        ("123456789", True),
        ("123-4567-89", True),
        ("12345678", False),
        ("4567 89", False),
        ("6789", False),
        ("fortune", True),
    ],
)
def test_it_is_found_by_the_whole_reference_alone(
    search: str, found: bool, route: str, closed: Cast, owen: PageClient
) -> None:
    owen.post(reverse("create-group", args=[closed.firm]), {"kind": "custom"})
    owen.post(reverse("create-group-name", args=[closed.firm]), {"name": "North"})
    vat = owen.get(reverse(route, args=[closed.firm]), {"search": search, "service": "2"})
    assert any(name.startswith("Fortune 500") for name in names(vat)) is found


def test_in_a_group_it_is_found_by_the_whole_reference_alone(closed: Cast, owen: PageClient) -> None:
    here = reverse("group", args=[closed.firm, VAT_GROUP])
    assert names(owen.get(here, {"search": "123456789"})) == ["Fortune 500"]
    assert names(owen.get(here, {"search": "45678"})) == []


def test_a_part_finds_what_the_administrator_can_open(closed: Cast, owen: PageClient) -> None:
    found = owen.get(reverse("client-access-list", args=[closed.firm]), {"search": "34567890"})
    assert names(found) == ["Fortune 500"]
