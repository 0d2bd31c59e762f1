"""Turning access control on with its two options: asking for access, and sharing by everybody who has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import override_settings
from django.urls import reverse

from ringfence.access import firm_state, verify
from ringfence.core.commands.definitions import ChangeSettings
from ringfence.core.settings import Settings
from ringfence.core.terms import EVERYONE, Level, group_subject
from ringfence.firms.models import LedgerEntry
from tests.web.cast import Cast, do, make_cast
from tests.web.reading import checked, document, heading, text, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.checks import PageClient


@pytest.fixture
def kyc(db: None) -> Cast:
    return make_cast("kyc")


@pytest.fixture
def boss(kyc: Cast, signed_in: Callable[[Cast, str], PageClient]) -> PageClient:
    return signed_in(kyc, "Owen")


def settings_of(cast: Cast) -> Settings:
    return firm_state(cast.firm).settings


def turn_on(client: PageClient, cast: Cast, options: str) -> Any:
    address = f"{reverse('confirm-turn-on', args=[cast.firm])}?{options}"
    page = client.get(address)
    form = {"version": value(page, "version"), "agreed": value(page, "agreed"), "answer": "yes"}
    return client.post(address, form, follow=True)


def test_the_page_speaks_of_client_access_and_offers_both_options(kyc: Cast, boss: PageClient) -> None:
    response = boss.get(reverse("turn-on", args=[kyc.firm]))
    assert heading(response) == "Turn on client access"
    assert "Allow requesting access" in text(response)
    assert "Allow sharing options" in text(response)
    assert checked(response) == []
    assert document(response).find(".//details").get("open") is not None


def test_an_agency_has_the_options_behind_a_heading(cast: Cast, owen: PageClient) -> None:
    response = owen.get(reverse("turn-on", args=[cast.firm]))
    assert document(response).find(".//details").get("open") is None


def test_the_options_are_ticked_as_the_firm_has_them(kyc: Cast, boss: PageClient) -> None:
    do(kyc.firm, ChangeSettings(values={"requests": True}))
    assert checked(boss.get(reverse("turn-on", args=[kyc.firm]))) == ["yes"]


def test_control_and_options_are_changed_as_one_entry(kyc: Cast, boss: PageClient) -> None:
    before = LedgerEntry.objects.filter(firm=kyc.firm).count()
    shown = text(
        boss.get(f"{reverse('confirm-turn-on', args=[kyc.firm])}?options=yes&requests=yes&sharing=yes")
    )
    assert "Requesting access: Allowed" in shown
    assert "6 client relationships stay open to everybody: they are shared with all." in shown
    response = turn_on(boss, kyc, "options=yes&requests=yes&sharing=yes")
    assert heading(response) == "Client access is turned on"
    now = settings_of(kyc)
    assert (now.control, now.requests, now.sharing) == (True, True, "anyone_with_access")
    assert LedgerEntry.objects.filter(firm=kyc.firm).count() == before + 1
    assert verify(kyc.firm).problems == ()


def test_turning_on_shares_every_existing_client_with_the_whole_company(kyc: Cast, boss: PageClient) -> None:
    turn_on(boss, kyc, "options=yes")
    now = firm_state(kyc.firm)
    shared = now.grants_of(group_subject(EVERYONE)).clients[Level.EDITOR - 1]
    assert shared == now.clients


@pytest.mark.parametrize("route", ["turn-on", "confirm-turn-on"])
def test_the_pages_say_that_all_get_the_daily_digest(route: str, kyc: Cast, boss: PageClient) -> None:
    said = "All users get the daily digest of every client relationship that they can open"
    assert said in text(boss.get(reverse(route, args=[kyc.firm])))
    do(kyc.firm, ChangeSettings(values={"digest": False}))
    assert said not in text(boss.get(reverse(route, args=[kyc.firm])))


@pytest.mark.parametrize("sends", [True, False])
def test_the_pages_say_where_no_digest_comes_yet_because_no_mail_is_sent(
    sends: bool, kyc: Cast, boss: PageClient
) -> None:
    told = "No mail is sent here: it comes once whoever runs Ringfence for your firm has named a mail server."
    client = min(firm_state(kyc.firm).clients)
    with override_settings(SENDS_MAIL=sends, ADDRESS="https://ringfence.example"):
        before = [reverse(route, args=[kyc.firm]) for route in ("turn-on", "confirm-turn-on")]
        assert [told in text(boss.get(page)) for page in before] == [not sends] * 2
        turn_on(boss, kyc, "options=yes")
        after = (reverse("turned-on", args=[kyc.firm]), reverse("share-client", args=[kyc.firm, client]))
        assert [told in text(boss.get(page)) for page in after] == [not sends] * 2


def test_options_that_are_not_ticked_are_turned_off(kyc: Cast, boss: PageClient) -> None:
    do(kyc.firm, ChangeSettings(values={"requests": True, "sharing": "anyone_with_access"}))
    turn_on(boss, kyc, "options=yes")
    now = settings_of(kyc)
    assert (now.control, now.requests, now.sharing) == (True, False, "owners")


def test_an_address_that_says_nothing_of_options_changes_none(kyc: Cast, boss: PageClient) -> None:
    do(kyc.firm, ChangeSettings(values={"requests": True, "sharing": "administrators"}))
    turn_on(boss, kyc, "")
    now = settings_of(kyc)
    assert (now.control, now.requests, now.sharing) == (True, True, "administrators")


def test_administrators_alone_go_on_sharing_where_the_box_is_not_ticked(kyc: Cast, boss: PageClient) -> None:
    do(kyc.firm, ChangeSettings(values={"sharing": "administrators"}))
    turn_on(boss, kyc, "options=yes&requests=yes")
    assert settings_of(kyc).sharing == "administrators"


def test_undoing_both_says_that_the_settings_are_changed_back_elsewhere(kyc: Cast, boss: PageClient) -> None:
    turn_on(boss, kyc, "options=yes&requests=yes")
    entry = LedgerEntry.objects.filter(firm=kyc.firm).latest("number").number
    response = boss.get(reverse("undo-entry", args=[kyc.firm, entry]), follow=True)
    assert heading(response) == "Turn off client access"
    assert "What was set with it is changed back under Manage account, Settings." in text(response)
