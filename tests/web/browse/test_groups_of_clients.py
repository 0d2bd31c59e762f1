"""Groups as a column and a filter of lists of clients: on the control side, and for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.core.commands.definitions import CreateGroup, On, TurnOn
from ringfence.core.terms import EVERYONE
from tests.web.cast import (
    BAKER,
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_VAT,
    VAT_GROUP,
    Cast,
    add_clients,
    do,
    grouped,
    make_cast,
)
from tests.web.reading import document, link, names, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

OTHERS = VAT_GROUP + 1


@pytest.fixture
def firm(cast: Cast) -> Cast:
    """Fortune 500's VAT with Cai in one group and with Dilys in another, which has Baker & Sons too."""
    grouped(cast.firm)
    on = On(engagements=On.engagement(FORTUNE_VAT).engagements, clients=On.client(BAKER).clients)
    do(cast.firm, CreateGroup(name="Others", members=frozenset({DILYS}), on=on))
    return cast


def control(client: PageClient, cast: Cast, **query: Any) -> Any:
    return client.get(reverse("client-access-list", args=[cast.firm]), query)


def seen(client: PageClient, cast: Cast, **query: Any) -> Any:
    return client.get(reverse("clients", args=[cast.firm]), query)


def offered(response: Any) -> list[str]:
    """The groups that the page offers to filter by."""
    for each in document(response).iter("select"):
        if each.get("name") == "group":
            return [str(option.text) for option in each.iter("option")]
    return []


def test_the_control_side_has_the_groups_beside_each_client(firm: Cast, owen: PageClient) -> None:
    response = control(owen, firm)
    beside = {row[0]: row[3] for row in rows(response)}
    assert beside["Fortune 500"] == "Others VAT team"
    assert beside["Baker & Sons"] == "Others"
    assert beside["Plain Person"] == "None"
    assert link(response, "VAT team") == reverse("group", args=[firm.firm, VAT_GROUP])


def test_the_control_side_is_filtered_by_a_group(firm: Cast, owen: PageClient) -> None:
    response = control(owen, firm, group=OTHERS)
    assert names(response) == ["Baker & Sons", "Fortune 500"]
    assert "Showing all 2 clients in the access group Others" in text(response)
    assert names(control(owen, firm, group=OTHERS, search="baker")) == ["Baker & Sons"]


def test_the_filter_stays_from_page_to_page(firm: Cast, owen: PageClient) -> None:
    add_clients(firm.firm, 60)
    do(firm.firm, CreateGroup(name="All VAT", on=On.service(2)))
    response = control(owen, firm, group=OTHERS + 1)
    assert "Showing 1 to 50 of 63 clients in the access group All VAT" in text(response)
    assert f"group={OTHERS + 1}&page=2" in response.content.decode().replace("&amp;", "&")


def test_under_hidden_a_member_is_told_of_their_own_groups_alone(firm: Cast, cai: PageClient) -> None:
    response = seen(cai, firm)
    beside = {row[0]: row[3] for row in rows(response)}
    assert beside["Fortune 500"] == "VAT team"
    assert offered(response) == ["All access groups", "Everyone", "VAT team"]


def test_a_group_of_others_filters_nothing_for_a_member(firm: Cast, cai: PageClient) -> None:
    assert names(seen(cai, firm, group=OTHERS)) == names(seen(cai, firm))
    assert names(seen(cai, firm, group=VAT_GROUP)) == ["Fortune 500"]


def test_a_filter_shows_nothing_that_cannot_be_opened(firm: Cast, dilys: PageClient) -> None:
    do(firm.firm, CreateGroup(name="Late", members=frozenset({CAI}), on=On.client(FORTUNE)))
    assert names(seen(dilys, firm, group=OTHERS)) == ["Baker & Sons", "Fortune 500"]
    assert names(seen(dilys, firm, group=EVERYONE)) == []


def test_under_named_everybody_is_told_which_groups_have_a_client(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("kyc")
    do(cast.firm, CreateGroup(name="Others", members=frozenset({DILYS}), on=On.client(FORTUNE)))
    do(cast.firm, TurnOn())
    beside = {row[0]: row[3] for row in rows(seen(signed_in(cast, "Cai"), cast))}
    assert beside["Fortune 500"] == "Everyone Others"


def test_a_firm_without_groups_has_no_column(cast: Cast, owen: PageClient) -> None:
    assert len(rows(control(owen, cast))[0]) == 3
    assert offered(control(owen, cast)) == []
