"""Choosing clients for a group: ticks survive pages, searches and languages; all that match means all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.web.cast import BAKER_VAT, FORTUNE_INCOME_TAX, FORTUNE_VAT, VAT, Cast, add_clients, grouped
from tests.web.creating import at, chosen, named, tick
from tests.web.reading import checked, document, errors, heading, names, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


@pytest.mark.parametrize("step", ["-clients", "-members", "-check"])
def test_a_step_without_the_one_before_leads_to_it(step: str, cast: Cast, owen: PageClient) -> None:
    assert owen.get(at(cast, step))["Location"] == at(cast)


def test_a_row_is_one_service_of_a_client(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    response = owen.get(at(cast, "-clients"), {"search": "fortune"})
    assert rows(response) == [
        ["Fortune 500 F500", "GB 123 4567 89", "VAT"],
        ["Fortune 500 F500", "1234567890", "Income Tax"],
    ]
    assert "Showing all 2 services of clients for “fortune”" in text(response)


def test_the_page_says_that_services_are_chosen(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    response = owen.get(at(cast, "-clients"))
    assert "Each row is one service of a client: the other services of the same client stay" in text(response)
    tick(owen, cast, FORTUNE_VAT, FORTUNE_INCOME_TAX, BAKER_VAT)
    assert "3 selected across all searches" in text(owen.get(at(cast, "-clients")))


def test_ticks_survive_searching(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    response = tick(owen, cast, FORTUNE_VAT, go="search", search="baker", service="")
    assert response["Location"] == at(cast, "-clients") + "?search=baker"
    tick(owen, cast, BAKER_VAT, go="clear", shown_search="baker")
    assert chosen(cast) == {FORTUNE_VAT, BAKER_VAT}
    assert checked(owen.get(at(cast, "-clients"))) == [str(BAKER_VAT), str(FORTUNE_VAT)]


def test_ticks_survive_a_change_of_language(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    page = owen.get(at(cast, "-clients"), {"search": "baker"})
    form = {"next": value(page, "next"), "shown": [BAKER_VAT], "tick": [BAKER_VAT], "language": "cy"}
    response = owen.post(at(cast, "-clients"), form, follow=True)
    assert [status for _address, status in response.redirect_chain] == [307, 302]
    assert checked(response) == [str(BAKER_VAT)]
    assert response.wsgi_request.get_full_path() == value(page, "next")
    assert document(response).get("lang") == "cy"


def test_ticks_of_a_page_that_is_left_by_a_link_are_kept(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    assert tick(owen, cast, FORTUNE_VAT, go="keep").status_code == 204
    assert chosen(cast) == {FORTUNE_VAT}


def test_ticks_survive_filtering_and_paging(cast: Cast, owen: PageClient) -> None:
    add_clients(cast.firm, 120)
    named(owen, cast)
    response = tick(owen, cast, FORTUNE_VAT, go="page-2", shown_service=str(VAT))
    assert response["Location"] == at(cast, "-clients") + f"?service={VAT}&page=2"
    assert "1 selected across all searches" in text(owen.get(response["Location"]))


def test_a_box_that_is_cleared_is_taken_out_and_the_others_stay(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    tick(owen, cast, FORTUNE_VAT, BAKER_VAT)
    tick(owen, cast, shown=[BAKER_VAT], go="search")
    assert chosen(cast) == {FORTUNE_VAT}


def test_all_that_match_means_all_and_not_a_page(cast: Cast, owen: PageClient) -> None:
    add_clients(cast.firm, 120)
    named(owen, cast)
    page = owen.get(at(cast, "-clients"), {"search": "c00"})
    assert "Select all 99 that match" in text(page)
    tick(owen, cast, go="all", shown_search="c00")
    assert len(chosen(cast)) == 99
    assert "99 selected across all searches" in text(owen.get(at(cast, "-clients")))


def test_all_means_the_search_that_is_shown_and_not_what_was_typed_since(
    cast: Cast, owen: PageClient
) -> None:
    named(owen, cast)
    tick(owen, cast, go="all", shown_search="baker", search="fortune")
    assert chosen(cast) == {BAKER_VAT}


def test_clearing_all_that_match_keeps_the_others(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    tick(owen, cast, FORTUNE_VAT, BAKER_VAT)
    tick(owen, cast, go="none", shown_search="baker", shown=[BAKER_VAT])
    assert chosen(cast) == {FORTUNE_VAT}


def test_the_head_of_the_table_ticks_the_page_and_no_more(cast: Cast, owen: PageClient) -> None:
    add_clients(cast.firm, 60)
    named(owen, cast)
    page = owen.get(at(cast, "-clients"), {"service": VAT})
    assert "Select all on this page" in text(page)
    shown = [int(number) for number in shown_on(page)]
    assert len(shown) == 25
    tick(owen, cast, shown=shown, go="page-all", shown_service=str(VAT))
    assert chosen(cast) == set(shown)
    page = owen.get(at(cast, "-clients"), {"service": VAT})
    assert "Clear this page" in text(page)
    tick(owen, cast, *shown, go="page-none")
    assert chosen(cast) == set()


def test_what_is_selected_is_shown_and_taken_out_again(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    tick(owen, cast, FORTUNE_VAT, BAKER_VAT, go="search", search="llŷr")
    response = tick(owen, cast, go="review", shown_search="llŷr")
    assert response["Location"] == at(cast, "-clients") + "?view=selected"
    page = owen.get(response["Location"])
    assert heading(page) == "Select clients"
    assert names(page) == ["Baker & Sons B-01", "Fortune 500 F500"]
    tick(owen, cast, go=f"remove-{BAKER_VAT}", shown_view="selected")
    assert chosen(cast) == {FORTUNE_VAT}
    tick(owen, cast, go="none", shown_view="selected")
    assert "Nothing is selected." in text(owen.get(response["Location"]))


def test_all_that_match_in_what_is_selected_are_cleared_and_no_others(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    tick(owen, cast, FORTUNE_VAT, BAKER_VAT, go="review")
    tick(owen, cast, go="none", shown_view="selected", shown_search="baker")
    assert chosen(cast) == {FORTUNE_VAT}


def test_a_search_that_cannot_be_selects_nothing(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    tick(owen, cast, go="all", shown_search="x" * 300)
    assert chosen(cast) == set()


def shown_on(response: Any) -> list[str]:
    boxes = document(response).iter("input")
    return [box.get("value") for box in boxes if box.get("name") == "shown"]


def test_at_least_one_client_is_needed(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    response = tick(owen, cast)
    assert errors(response) == [("Select at least one client to continue", "#choices")]


@pytest.mark.parametrize("number", ["4711", "-1", "x", "99999999999999999999", "٣"])
def test_numbers_that_are_not_the_firms_choose_nothing(number: str, cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    owen.post(at(cast, "-clients"), {"go": "continue", "shown": [number], "tick": [number]})
    assert chosen(cast) == set()


def test_an_administrator_may_choose_a_client_that_is_closed_to_them(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    named(owen, cast)
    response = owen.get(at(cast, "-clients"), {"search": "GB 123 4567 89", "service": str(VAT)})
    assert rows(response) == [["Fortune 500 F500", "ending in 6789", "VAT"]]
    assert rows(owen.get(at(cast, "-clients"), {"search": "GB 123 4567 8", "service": str(VAT)})) == []
