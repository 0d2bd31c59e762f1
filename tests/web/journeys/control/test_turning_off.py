"""Turning access groups off: what it opens, and that the firm's name confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import AddMember, ChangeClient
from ringfence.firms.models import Draft, LedgerEntry
from ringfence.web.queries.drafts import GROUP, start_draft
from tests.web.cast import FORTUNE, Cast, do, grouped
from tests.web.reading import errors, heading, text, title, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

NAME = "Pike & Marlow"


@pytest.fixture
def controlled(cast: Cast) -> Cast:
    """Control is on, and a group holds Fortune 500's VAT."""
    grouped(cast.firm)
    return cast


def at(cast: Cast, route: str = "confirm-turn-off") -> str:
    return reverse(route, args=[cast.firm])


def send(client: PageClient, cast: Cast, name: str, **form: str) -> Any:
    """Open the page and send the name, as a person would."""
    version = value(client.get(at(cast)), "version")
    return client.post(at(cast), {"version": version, "firm_name": name, **form}, follow=True)


def is_on(cast: Cast) -> bool:
    return firm_state(cast.firm).moment.state.settings.control


@pytest.mark.parametrize("name", [NAME, "  pike &  marlow "])
def test_the_name_of_the_firm_turns_off(name: str, controlled: Cast, owen: PageClient) -> None:
    assert heading(send(owen, controlled, name)) == "Access groups are turned off"
    assert not is_on(controlled)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Enter the name of the firm to turn off access groups"),
        ("Pike", f"The name must be that of the firm: {NAME}"),
    ],
)
def test_another_name_turns_nothing_off_and_is_kept(
    name: str, told: str, controlled: Cast, owen: PageClient
) -> None:
    response = send(owen, controlled, name)
    assert errors(response) == [(told, "#firm_name")]
    assert title(response).startswith("Error: ")
    assert value(response, "firm_name") == name
    assert is_on(controlled)


def test_what_no_page_may_hold_is_not_sent_back(controlled: Cast, owen: PageClient) -> None:
    assert value(send(owen, controlled, "Pike\x00"), "firm_name") == "Pike"


def test_what_opens_is_shown_and_that_one_lets_oneself_in(controlled: Cast, owen: PageClient) -> None:
    shown = text(owen.get(at(controlled)))
    assert "What becomes open to everybody Fortune 500: VAT" in shown
    assert "By this you let yourself in" in shown


def test_confidential_clients_that_open_are_named_first(controlled: Cast, owen: PageClient) -> None:
    assert "confidential client" not in text(owen.get(at(controlled)))
    do(controlled.firm, ChangeClient(client=FORTUNE, confidential=True))
    shown = text(owen.get(at(controlled)))
    assert "1 confidential client becomes open to everybody who uses client records." in shown
    assert "Confidential clients that become open Fortune 500" in shown


def test_half_made_groups_are_named_and_lost_and_finished_ones_kept(
    controlled: Cast, owen: PageClient
) -> None:
    start_draft(controlled.firm, 1, GROUP)
    named = start_draft(controlled.firm, 2, GROUP)
    named.values["name"] = "North"
    named.save()
    told = text(owen.get(at(controlled)))
    assert "2 half-made access groups are lost. Without a name yet: begun by Owen North: begun by" in told
    send(owen, controlled, NAME)
    assert not Draft.objects.exists()
    assert "VAT team" in text(owen.get(at(controlled, "groups")))


def test_a_second_click_changes_nothing_more(controlled: Cast, owen: PageClient) -> None:
    form = {"version": value(owen.get(at(controlled)), "version"), "firm_name": NAME}
    owen.post(at(controlled), form)
    assert heading(owen.post(at(controlled), form, follow=True)) == "Access groups are turned off"
    assert LedgerEntry.objects.filter(command="control.turn_off").count() == 1


def test_what_others_changed_meanwhile_is_shown_before_it_is_done(controlled: Cast, owen: PageClient) -> None:
    version = value(owen.get(at(controlled)), "version")
    do(controlled.firm, AddMember(name="Fflur"), member=1)
    response = owen.post(at(controlled), {"version": version, "firm_name": NAME})
    assert response.status_code == 422
    assert "Team member added (Owen)" in text(response)
    assert value(response, "firm_name") == NAME
    assert is_on(controlled)


def test_a_standard_member_turns_nothing_off(controlled: Cast, cai: PageClient) -> None:
    assert cai.post(at(controlled), {"firm_name": NAME}).status_code == 403
    assert is_on(controlled)
