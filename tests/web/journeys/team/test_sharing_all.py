"""Sharing all clients with one member (kyc): with its preview, until a day or for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import ChangeSettings, On, SetGrant
from ringfence.core.terms import ALL_CLIENTS, Level, member_subject
from tests.web.cast import DILYS, Cast, do, grouped
from tests.web.reading import errors, link, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


@pytest.fixture
def firm(cast: Cast) -> Cast:
    """Control on, Fortune 500's VAT for Cai alone."""
    grouped(cast.firm)
    return cast


def page(client: PageClient, cast: Cast, **sent: Any) -> Any:
    address = reverse("share-all-clients", args=[cast.firm, DILYS])
    return client.post(address, sent, follow=True) if sent else client.get(address)


def given(cast: Cast) -> Any:
    return firm_state(cast.firm).grants_of(member_subject(DILYS)).grant_on(ALL_CLIENTS)


def test_all_clients_are_shared_after_the_preview(firm: Cast, owen: PageClient) -> None:
    asked = page(owen, firm, level="editor")
    assert given(firm) is None
    assert "Dilys" in text(asked)
    done = page(owen, firm, level="editor", version=value(asked, "version"), answer="yes")
    assert "All clients are shared with Dilys." in text(done)
    assert given(firm).level is Level.EDITOR


def test_no_changes_nothing(firm: Cast, owen: PageClient) -> None:
    asked = page(owen, firm, level="editor")
    page(owen, firm, level="editor", version=value(asked, "version"), answer="no")
    assert given(firm) is None


def test_where_four_levels_are_shown_one_is_chosen(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, ChangeSettings(values={"levels": "four"}))
    assert errors(page(owen, firm, level="blocked")) == [("Select what they may do", "#level")]
    asked = page(owen, firm, level="reader")
    page(owen, firm, level="reader", version=value(asked, "version"), answer="yes")
    assert given(firm).level is Level.READER


def test_a_day_that_is_over_is_refused_and_kept(firm: Cast, owen: PageClient) -> None:
    sent = {"until-day": "1", "until-month": "1", "until-year": "2020"}
    response = page(owen, firm, level="editor", **sent)
    assert errors(response) == [("Enter a day that is not over yet", "#until-day")]
    assert value(response, "until-year") == "2020"


def test_the_persons_page_leads_to_it_and_from_there_to_its_end(firm: Cast, owen: PageClient) -> None:
    person = reverse("member", args=[firm.firm, DILYS])
    here = reverse("share-all-clients", args=[firm.firm, DILYS])
    assert link(owen.get(person), "Share all clients with them") == here
    subject = (member_subject(DILYS),)
    do(firm.firm, SetGrant(to=subject, on=On(all=True), level=Level.EDITOR))
    assert link(owen.get(person), "Change the sharing of all clients") == here
    stop = reverse("remove-access", args=[firm.firm, DILYS, "all", 0])
    assert link(page(owen, firm), "Stop sharing all clients with them") == stop
