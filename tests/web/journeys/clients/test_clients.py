"""The list of clients: exactly what the member sees, searched, counted and in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    AddService,
    ChangeEngagement,
    ChangeSettings,
    On,
    RaiseWall,
    SetGrant,
)
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import Side
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, INCOME_TAX, VAT, Cast, add_clients, do, grouped
from tests.web.reading import document, errors, link, names, rows, text, title

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.web.checks import PageClient


def ask(client: PageClient, cast: Cast, **query: Any) -> Any:
    return client.get(reverse("clients", args=[cast.firm]), query)


def test_everybody_sees_every_client_while_control_is_off(cast: Cast, dilys: PageClient) -> None:
    response = ask(dilys, cast)
    assert "Showing all 6 clients" in text(response)
    assert names(response)[:2] == ["🦊 Fox & Co", "Baker & Sons"] or "Baker & Sons" in names(response)


def test_names_stand_in_the_order_of_their_letters(cast: Cast, dilys: PageClient) -> None:
    found = [name for name in names(ask(dilys, cast)) if name[0].isalpha()]
    assert found == ["Baker & Sons", "Fortune 500", "Llŷr Ŵyn Cyfyngedig", "Plain Person", 'Quoted "Ltd" <b>']


def test_a_grouped_engagement_shows_to_the_group_alone(
    cast: Cast, cai: PageClient, dilys: PageClient
) -> None:
    grouped(cast.firm)
    fortune = {row[0]: row[2] for row in rows(ask(dilys, cast))}["Fortune 500"]
    assert fortune == "Income Tax 1234567890"
    fortune = {row[0]: row[2] for row in rows(ask(cai, cast))}["Fortune 500"]
    assert fortune == "VAT GB 123 4567 89 Income Tax 1234567890"


def test_a_search_finds_no_tax_reference_that_the_member_may_not_see(
    cast: Cast, cai: PageClient, dilys: PageClient
) -> None:
    grouped(cast.firm)
    engagement = firm_state(cast.firm).engagement_for(FORTUNE, INCOME_TAX)
    assert engagement is not None
    do(cast.firm, ChangeEngagement(engagement=engagement, reference="5555555555"))
    for reference in ("GB 123 4567", "gb1234567"):
        assert names(ask(cai, cast, search=reference)) == ["Fortune 500"]
        assert names(ask(dilys, cast, search=reference)) == []


def test_a_service_filter_leaves_out_what_the_member_may_not_see(cast: Cast, dilys: PageClient) -> None:
    grouped(cast.firm)
    response = ask(dilys, cast, service=VAT)
    assert "Fortune 500" not in names(response)
    assert "Showing all 2 clients in VAT" in text(response)


@pytest.mark.parametrize("search", ["fortune", "F500", "  FORTUNE  ", "123 4567", "f500"])
def test_a_client_is_found_by_name_and_references(search: str, cast: Cast, dilys: PageClient) -> None:
    assert names(ask(dilys, cast, search=search)) == ["Fortune 500"]


def test_accents_do_not_matter_to_a_search(cast: Cast, dilys: PageClient) -> None:
    assert names(ask(dilys, cast, search="llyr wyn")) == ["Llŷr Ŵyn Cyfyngedig"]


def test_an_emoji_is_found(cast: Cast, dilys: PageClient) -> None:
    assert names(ask(dilys, cast, search="🦊")) == ["🦊 Fox & Co"]


def test_a_name_with_quotes_and_markup_is_shown_as_it_is(cast: Cast, dilys: PageClient) -> None:
    assert names(ask(dilys, cast, search='"Ltd" <b>')) == ['Quoted "Ltd" <b>']


def test_search_and_service_work_together(cast: Cast, dilys: PageClient) -> None:
    response = ask(dilys, cast, search="fo", service=INCOME_TAX)
    assert sorted(names(response)) == ["Fortune 500", "🦊 Fox & Co"]
    assert "Showing all 2 clients for “fo” in Income Tax" in text(response)


def test_nothing_found_says_what_to_do(cast: Cast, dilys: PageClient) -> None:
    response = ask(dilys, cast, search="nobody of this name")
    assert "No clients found" in text(response)
    assert "Try fewer words" in text(response)


def test_an_empty_firm_says_that_it_is_empty(cast: Cast, visitor: PageClient) -> None:
    visitor.force_login(cast.users["Lena"])
    response = visitor.get(reverse("clients", args=[cast.other]))
    assert "They are added one by one, or as a list." in text(response)


def test_pages_hold_fifty_and_count_exactly(cast: Cast, dilys: PageClient) -> None:
    add_clients(cast.firm, 120)
    first, last = ask(dilys, cast), ask(dilys, cast, page=3)
    assert "Showing 1 to 50 of 126 clients" in text(first)
    assert "Showing 101 to 126 of 126 clients" in text(last)
    assert len(names(last)) == 26
    assert title(last).startswith("Clients (page 3 of 3)")


def test_no_client_is_on_two_pages(cast: Cast, dilys: PageClient) -> None:
    add_clients(cast.firm, 120)
    shown = [name for page in (1, 2, 3) for name in names(ask(dilys, cast, page=page))]
    assert len(shown) == len(set(shown)) == 126


def test_the_pages_of_a_service_hold_its_clients_once_and_in_order(cast: Cast, dilys: PageClient) -> None:
    add_clients(cast.firm, 120)
    found = [ask(dilys, cast, service=VAT, page=page) for page in (1, 2, 3)]
    shown = [name for response in found for name in names(response)]
    assert shown == ["Baker & Sons", *(f"Client {number:04}" for number in range(1, 121)), *shown[121:]]
    assert sorted(shown[121:]) == ["Fortune 500", 'Quoted "Ltd" <b>']
    assert "Showing 101 to 123 of 123 clients in VAT" in text(found[2])


def test_the_links_to_other_pages_keep_the_search(cast: Cast, dilys: PageClient) -> None:
    add_clients(cast.firm, 120)
    response = ask(dilys, cast, search="client", service=VAT)
    addresses = [each.get("href") for each in document(response).iter("a") if each.get("rel") == "next"]
    assert addresses == [f"/firms/{cast.firm}/clients?search=client&service={VAT}&page=2"]


@pytest.mark.parametrize("page", ["0", "-1", "9999999999999", "x", "1e3", "٣", "²"])
def test_a_page_that_is_not_there_shows_the_nearest(page: str, cast: Cast, dilys: PageClient) -> None:
    assert ask(dilys, cast, page=page).status_code == 200


def test_a_search_that_is_too_long_says_so(cast: Cast, dilys: PageClient) -> None:
    response = ask(dilys, cast, search="x" * 201)
    assert errors(response) == [("Search for 200 characters or fewer", "#search")]
    assert response.status_code == 422


@pytest.mark.parametrize("search", ["a\x00b", "a\x1fb", "a\nb", "a\u202eb"])
def test_a_search_with_control_characters_says_so(search: str, cast: Cast, dilys: PageClient) -> None:
    assert errors(ask(dilys, cast, search=search)) == [
        ("Leave out line breaks and control characters", "#search")
    ]


def test_an_unknown_service_is_passed_over(cast: Cast, dilys: PageClient) -> None:
    assert "Showing all 6 clients" in text(ask(dilys, cast, service=99))


def test_an_administrator_has_no_names_here_that_they_cannot_open(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    grouped(cast.firm)
    assert "Fortune 500" not in names(ask(owen, cast))


def named_firm(cast: Cast) -> None:
    """Inaccessible clients are named, and Fortune 500 is Cai's alone."""
    do(cast.firm, ChangeSettings(values={"inaccessible": "named"}))
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    grouped(cast.firm)


def test_named_clients_show_by_name_only(cast: Cast, dilys: PageClient) -> None:
    named_firm(cast)
    response = ask(dilys, cast)
    assert "Showing all 6 clients" in text(response)
    assert ["Fortune 500 No access", "", "", ""] in rows(response)


@pytest.mark.parametrize("search", ["F500", "123 4567"])
def test_named_clients_are_not_found_by_their_references(search: str, cast: Cast, dilys: PageClient) -> None:
    named_firm(cast)
    assert names(ask(dilys, cast, search=search)) == []


def test_named_clients_are_found_by_name(cast: Cast, dilys: PageClient) -> None:
    named_firm(cast)
    assert names(ask(dilys, cast, search="fortune")) == ["Fortune 500 No access"]


def test_named_clients_are_in_no_service_filter(cast: Cast, dilys: PageClient) -> None:
    named_firm(cast)
    assert "Fortune 500 No access" not in names(ask(dilys, cast, service=VAT))


def test_a_client_behind_a_wall_is_not_named(cast: Cast, dilys: PageClient) -> None:
    named_firm(cast)
    sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({FORTUNE, BAKER})))
    do(cast.firm, RaiseWall(name="Bid", sides=sides))
    response = ask(dilys, cast)
    assert "Showing all 4 clients" in text(response)


def test_a_page_of_clients_takes_the_same_few_queries_whatever_its_size(
    cast: Cast, dilys: PageClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_clients(cast.firm, 120)
    ask(dilys, cast)
    # Session, user, places in firms, services, groups, engagements and clients of the page.
    with django_assert_num_queries(7):
        ask(dilys, cast, page=2, search="client", service=VAT)


def test_a_named_client_leads_to_who_has_access(cast: Cast, dilys: PageClient) -> None:
    named_firm(cast)
    assert link(ask(dilys, cast), "Fortune 500") == reverse("client", args=[cast.firm, FORTUNE])


def test_only_services_of_what_one_sees_are_offered_where_clients_are_hidden(
    cast: Cast, dilys: PageClient, owen: PageClient
) -> None:
    do(cast.firm, AddService(name="Probate"))
    assert "Probate" not in offered(ask(dilys, cast))
    assert "VAT" in offered(ask(dilys, cast))
    assert "Probate" in offered(ask(owen, cast))
    do(cast.firm, ChangeSettings(values={"inaccessible": "named"}))
    assert "Probate" in offered(ask(dilys, cast))


def offered(response: Any) -> list[str]:
    """The services to choose from in the search."""
    return [(option.text or "").strip() for option in document(response).iter("option")]
