"""A group for a service: which one, its name, and what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.access import firm_state
from ringfence.core.commands.definitions import CreateGroup, On, TurnOn
from ringfence.core.terms import Level, group_subject
from tests.web.cast import CAI, FORTUNE_VAT, GENERAL, INCOME_TAX, VAT, VAT_GROUP, Cast, do
from tests.web.creating import at, begun, choose_members, chosen, ready
from tests.web.reading import errors, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def for_service(client: PageClient, cast: Cast, service: int = VAT) -> Any:
    begun(client, cast, "service")
    return client.post(at(cast, "-service"), {"service": str(service)})


def test_a_kind_is_needed(cast: Cast, owen: PageClient) -> None:
    response = owen.post(at(cast), {"go": "continue"})
    assert errors(response) == [("Select what kind of access group you want to create", "#kind")]


def test_services_are_offered_with_their_clients(cast: Cast, owen: PageClient) -> None:
    begun(owen, cast, "service")
    shown = text(owen.get(at(cast, "-service")))
    assert "Income Tax (3 clients)" in shown
    assert "VAT (3 clients)" in shown


@pytest.mark.parametrize("number", ["", "4711", "x"])
def test_a_service_is_needed(number: str, cast: Cast, owen: PageClient) -> None:
    begun(owen, cast, "service")
    response = owen.post(at(cast, "-service"), {"service": number})
    assert errors(response) == [("Select a service", "#service")]


def test_the_group_gets_the_name_of_its_service_where_that_is_free(cast: Cast, owen: PageClient) -> None:
    for_service(owen, cast)
    assert value(owen.get(at(cast, "-name")), "name") == "VAT"
    for_service(owen, cast, INCOME_TAX)
    assert value(owen.get(at(cast, "-name")), "name") == "Income Tax"
    do(cast.firm, CreateGroup(name="vat"))
    for_service(owen, cast)
    assert value(owen.get(at(cast, "-name")), "name") == ""


def test_a_name_that_was_typed_is_kept_with_another_service(cast: Cast, owen: PageClient) -> None:
    for_service(owen, cast)
    owen.post(at(cast, "-name"), {"name": "North"})
    for_service(owen, cast, INCOME_TAX)
    assert value(owen.get(at(cast, "-name")), "name") == "North"


def test_a_group_for_a_service_is_given_the_service(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    for_service(owen, cast)
    assert owen.post(at(cast, "-name"), {"name": "VAT"})["Location"] == at(cast, "-members")
    choose_members(owen, cast, CAI)
    page = owen.get(at(cast, "-check"))
    assert "3 clients Baker & Sons Fortune 500 Quoted" in text(page)
    assert "New clients with this service join the access group by themselves." in text(page)
    assert "What stays open to everybody Fortune 500: Income Tax" in text(page)
    form = {"token": value(page, "token"), "version": value(page, "version")}
    first, second = owen.post(at(cast, "-check"), form), owen.post(at(cast, "-check"), form)
    assert first["Location"] == second["Location"]
    held = firm_state(cast.firm).moment.state.held_by(group_subject(VAT_GROUP))
    assert dict(held.services) == {VAT: Level.EDITOR}
    assert "VAT is now active" in text(owen.get(first["Location"]))


def test_services_that_have_a_group_are_told_and_can_be_chosen(cast: Cast, owen: PageClient) -> None:
    for number, name in ((GENERAL, "Rest"), (VAT, "All VAT"), (INCOME_TAX, "All tax")):
        do(cast.firm, CreateGroup(name=name, on=On.service(number)))
    begun(owen, cast, "service")
    shown = text(owen.get(at(cast, "-service")))
    assert "Every service has an access group already." in shown
    assert "VAT: All VAT" in shown
    assert for_service(owen, cast)["Location"] == at(cast, "-name")


def test_another_kind_keeps_what_was_chosen(cast: Cast, owen: PageClient) -> None:
    ready(owen, cast)
    for_service(owen, cast)
    assert chosen(cast) == {FORTUNE_VAT}
    begun(owen, cast)
    assert owen.get(at(cast, "-check")).status_code == 200
