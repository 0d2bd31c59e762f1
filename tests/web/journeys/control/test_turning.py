"""Manage account, and turning access groups on and off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import OPERATOR, firm_state, preview
from ringfence.core.commands.definitions import (
    AddMember,
    CreateGroup,
    On,
    RaiseWall,
    SetGrant,
    TurnOff,
    TurnOn,
)
from ringfence.core.terms import EVERYONE, Level, group_subject, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import LedgerEntry
from tests.web.cast import CAI, FORTUNE, Cast, do, grouped, make_cast
from tests.web.reading import errors, heading, link, text, title, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries

    from tests.web.checks import PageClient


def at(cast: Cast, route: str) -> str:
    return reverse(route, args=[cast.firm])


def answer(client: PageClient, cast: Cast, route: str, **form: str) -> Any:
    """Open the confirmation and send it, as a person would."""
    version = value(client.get(at(cast, route)), "version")
    return client.post(at(cast, route), {"version": version, **form}, follow=True)


def is_on(cast: Cast) -> bool:
    return firm_state(cast.firm).moment.state.settings.control


def test_manage_account_says_that_groups_are_off(cast: Cast, owen: PageClient) -> None:
    response = owen.get(at(cast, "manage"))
    assert "Turned off Everybody who uses client records can open every client." in text(response)
    assert link(response, "Turn on access groups") == at(cast, "turn-on")


def test_manage_account_counts_what_there_is(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    shown = text(owen.get(at(cast, "manage")))
    assert "Turned on" in shown
    open_now = "Clients open to everybody 5 Clients open to everybody in part 1"
    using = "Team members 5 Team members who use client records 3"
    assert f"Clients 6 {open_now} {using} Access groups 1" in shown


def test_a_wall_is_named_where_not_everybody_can_open_every_client(cast: Cast, owen: PageClient) -> None:
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE})))
    do(cast.firm, RaiseWall(name="Bid", sides=sides))
    assert "but for those whom a wall keeps from it." in text(owen.get(at(cast, "manage")))


def test_what_everyone_was_given_counts_as_open_to_everybody(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("kyc")
    do(cast.firm, TurnOn())
    shown = text(signed_in(cast, "Owen").get(at(cast, "manage")))
    assert "Client relationships 6 Client relationships open to everybody 6 Users 5" in shown


def test_what_a_block_keeps_from_everyone_does_not_count_as_open_to_everybody(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("kyc")
    everyone = (group_subject(EVERYONE),)
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=everyone, on=On(all=True), level=Level.EDITOR))
    do(cast.firm, SetGrant(to=everyone, on=On.client(FORTUNE), level=Level.BLOCKED))
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    shown = text(signed_in(cast, "Owen").get(at(cast, "manage")))
    assert "Client relationships open to everybody 5" in shown


def test_what_is_closed_by_a_preview_is_what_manage_account_counts_less(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    assert "Clients open to everybody 6 Team" in text(owen.get(at(cast, "manage")))
    everything = CreateGroup(name="All of it", members=frozenset({CAI}), on=On.client(FORTUNE))
    assert len(preview(cast.firm, everything, actor=OPERATOR).difference.closes) == 1
    do(cast.firm, everything)
    assert "Clients open to everybody 5 Clients closed 1 Team" in text(owen.get(at(cast, "manage")))


def test_an_auditor_reads_and_is_offered_no_change(cast: Cast, ada: PageClient) -> None:
    shown = text(ada.get(at(cast, "manage")))
    assert "Turn on access groups" not in shown
    assert "Create an access group" not in shown


def test_yes_turns_on(cast: Cast, owen: PageClient) -> None:
    response = answer(owen, cast, "confirm-turn-on", answer="yes")
    assert heading(response) == "Access groups are turned on"
    assert "You can turn off access groups again at any time." in text(response)
    assert is_on(cast)


def test_no_changes_nothing(cast: Cast, owen: PageClient) -> None:
    response = answer(owen, cast, "confirm-turn-on", answer="no")
    assert heading(response) == "Manage account"
    assert not is_on(cast)


def test_no_answer_is_asked_for_again(cast: Cast, owen: PageClient) -> None:
    response = answer(owen, cast, "confirm-turn-on")
    assert errors(response) == [("Select yes if you want to turn on access groups", "#answer")]
    assert title(response).startswith("Error: ")
    assert not is_on(cast)


def test_the_confirmation_shows_exactly_who_loses_what(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    do(cast.firm, TurnOff())
    shown = text(owen.get(at(cast, "confirm-turn-on")))
    assert "Dilys: Fortune 500 (VAT)" in shown


def test_a_second_click_lands_on_the_same_page_and_changes_nothing_more(cast: Cast, owen: PageClient) -> None:
    version = value(owen.get(at(cast, "confirm-turn-on")), "version")
    form = {"version": version, "answer": "yes"}
    owen.post(at(cast, "confirm-turn-on"), form)
    response = owen.post(at(cast, "confirm-turn-on"), form, follow=True)
    assert heading(response) == "Access groups are turned on"
    assert LedgerEntry.objects.filter(command="control.turn_on").count() == 1


def test_a_stale_confirmation_says_what_changed_and_shows_the_numbers_anew(
    cast: Cast, owen: PageClient
) -> None:
    version = value(owen.get(at(cast, "confirm-turn-on")), "version")
    do(cast.firm, AddMember(name="Fflur"), member=1)
    response = owen.post(at(cast, "confirm-turn-on"), {"version": version, "answer": "yes"})
    assert response.status_code == 422
    assert "Team member added (Owen)" in text(response)
    assert not is_on(cast)
    form = {"version": value(response, "version"), "answer": "yes"}
    owen.post(at(cast, "confirm-turn-on"), form)
    assert is_on(cast)


@pytest.mark.parametrize("version", ["", "²", "x", "-1", "9" * 40])
def test_a_version_that_is_none_turns_nothing_on(version: str, cast: Cast, owen: PageClient) -> None:
    response = owen.post(at(cast, "confirm-turn-on"), {"version": version, "answer": "yes"})
    assert response.status_code == 422
    assert not is_on(cast)


@pytest.mark.parametrize("route", ["turned-on", "turn-off", "confirm-turn-off"])
def test_pages_of_the_other_state_lead_to_where_the_firm_is(route: str, cast: Cast, owen: PageClient) -> None:
    assert owen.get(at(cast, route)).status_code == 302


def test_turning_on_in_kyc_says_that_clients_are_shared_first(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("kyc")
    shown = text(signed_in(cast, "Owen").get(at(cast, "turn-on")))
    assert "existing client relationships are shared with all first" in shown


def test_turning_on_again_in_kyc_says_which_clients_are_shared(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("kyc")
    do(cast.firm, TurnOn())
    do(cast.firm, TurnOff())
    shown = text(signed_in(cast, "Owen").get(at(cast, "turn-on")))
    assert "Client relationships that nobody was given access to are shared with all first." in shown


def test_a_standard_member_turns_nothing_on(cast: Cast, cai: PageClient) -> None:
    assert cai.post(at(cast, "confirm-turn-on"), {"answer": "yes"}).status_code == 403
    assert not is_on(cast)


def test_a_form_from_another_site_changes_nothing(cast: Cast) -> None:
    from tests.web.checks import PageClient

    client = PageClient(enforce_csrf_checks=True)
    client.force_login(cast.users["Owen"])
    response = client.post(at(cast, "confirm-turn-on"), {"answer": "yes"})
    assert response.status_code == 403
    assert heading(response) == "This form cannot be used any more"


def test_manage_account_takes_few_queries(
    cast: Cast, owen: PageClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    do(cast.firm, TurnOn())
    owen.get(at(cast, "manage"))
    # Session, user, places, draft.
    with django_assert_num_queries(4):
        owen.get(at(cast, "manage"))
