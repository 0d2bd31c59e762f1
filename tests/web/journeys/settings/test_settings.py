"""All settings on one page, and changing one of them after seeing what that does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import ChangeSettings, On, SetDelegation, SetGrant
from ringfence.core.settings import CHANGEABLE, PROFILES, Profile, Settings, replaced
from ringfence.core.terms import Level, member_subject
from ringfence.firms.models import LedgerEntry
from ringfence.web.journeys.settings.values import SECTIONS, word_of
from ringfence.wording.settings_text import SETTING_TEXTS, setting_title, value_meaning, value_name
from tests.web.cast import CAI, DILYS, FORTUNE, Cast, do, grouped, make_cast
from tests.web.reading import document, errors, heading, link, text, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.web.checks import PageClient


def settings_of(cast: Cast) -> Settings:
    return firm_state(cast.firm).settings


def check_address(cast: Cast, setting: str, word: str) -> str:
    return f"{reverse('check-setting', args=[cast.firm, setting])}?to={word}"


def change(client: PageClient, cast: Cast, setting: str, word: str, answer: str = "yes") -> Any:
    """Choose, look at what it does, and answer, as a person would."""
    chosen = client.post(reverse("change-setting", args=[cast.firm, setting]), {"value": word}, follow=True)
    form = {"version": value(chosen, "version"), "agreed": value(chosen, "agreed"), "answer": answer}
    return client.post(check_address(cast, setting, word), form, follow=True)


def test_every_setting_of_the_rules_is_on_the_page_once() -> None:
    shown = [name for _title, names in SECTIONS for name in names]
    assert sorted(shown) == sorted([*CHANGEABLE, "control"])


def test_every_value_that_a_setting_can_have_is_told_and_no_other() -> None:
    for name, said in SETTING_TEXTS.items():
        for each in said.values:
            assert getattr(replaced(Settings(), {name: each}), name) == each
        theirs = {getattr(settings, name) for settings in PROFILES.values()}
        assert theirs <= set(said.values)


@pytest.mark.parametrize("profile", list(PROFILES))
def test_the_page_says_what_holds(
    profile: Profile, db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast(profile)
    shown = text(signed_in(cast, "Owen").get(reverse("settings", args=[cast.firm])))
    from ringfence.wording.saying import in_words_of

    with in_words_of(settings_of(cast)):
        for name in CHANGEABLE:
            if name != "profile":
                held = getattr(settings_of(cast), name)
                assert f"{setting_title(name)} {value_name(name, held)} {value_meaning(name, held)}" in shown


def test_a_default_that_sharing_with_everyone_holds_back_says_so(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"default_everyone": "editor"}))
    said = "It does not apply while sharing with the whole firm is not allowed."
    assert said not in text(owen.get(reverse("settings", args=[cast.firm])))
    do(cast.firm, ChangeSettings(values={"everyone_grants": "no"}))
    assert said in text(owen.get(reverse("settings", args=[cast.firm])))


def test_an_auditor_reads_the_settings_and_changes_none(cast: Cast, ada: PageClient) -> None:
    response = ada.get(reverse("settings", args=[cast.firm]))
    assert "Who may share a client" in text(response)
    addresses = [each.get("href") for each in document(response).iter("a")]
    assert not [each for each in addresses if "/settings/" in each or "turn-on" in each]
    assert ada.get(reverse("change-setting", args=[cast.firm, "sharing"])).status_code == 403


def test_yes_changes_the_setting_and_says_so(cast: Cast, owen: PageClient) -> None:
    response = change(owen, cast, "sharing", "owners")
    assert heading(response) == "Settings"
    assert "Changed. Who may share a client, besides those who may manage access: Its owners." in text(
        response
    )
    assert settings_of(cast).sharing == "owners"


def test_a_switch_is_turned_on(cast: Cast, owen: PageClient) -> None:
    change(owen, cast, "requests", "on")
    assert settings_of(cast).requests is True


def test_no_changes_nothing(cast: Cast, owen: PageClient) -> None:
    change(owen, cast, "requests", "on", answer="no")
    assert settings_of(cast).requests is False


def test_nothing_is_saved_without_an_answer(cast: Cast, owen: PageClient) -> None:
    response = change(owen, cast, "requests", "on", answer="")
    assert errors(response) == [("Select yes if you want to make this change", "#answer")]
    assert settings_of(cast).requests is False


def test_a_change_shows_who_loses_access_before_it_is_made(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    shown = text(owen.get(check_address(cast, "unassigned", "none")))
    assert (
        "Clients that nobody was given access to: Closed (was: Open to everybody: can view and manage)"
        in shown
    )
    assert "6 clients become closed" in shown or "clients become closed" in shown
    assert "Dilys" in shown
    assert settings_of(cast).unassigned == "editor"


def test_another_profile_shows_every_setting_that_changes(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    shown = text(owen.get(check_address(cast, "profile", "planning")))
    was, will = settings_of(cast), PROFILES["planning"]
    for name in CHANGEABLE:
        title = setting_title(name)
        if name in ("profile", "control") or "[" in title:
            continue
        assert (f"{title}: " in shown) is (getattr(was, name) != getattr(will, name))
    change(owen, cast, "profile", "planning")
    assert settings_of(cast) == replaced(PROFILES["planning"], {"control": True})


def test_another_profile_that_shows_names_says_to_whom(cast: Cast, owen: PageClient) -> None:
    said = "Everybody who uses client records comes to see the name of every client"
    assert said in text(owen.get(check_address(cast, "profile", "kyc")))
    assert said not in text(owen.get(check_address(cast, "profile", "planning")))


def test_the_same_kind_of_firm_takes_back_what_differs_from_it(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"requests": True, "sharing": "owners"}))
    shown = text(owen.get(check_address(cast, "profile", "agency")))
    assert "2 settings" in shown
    assert "Requesting access: Not allowed (was: Allowed)" in shown
    change(owen, cast, "profile", "agency")
    assert settings_of(cast) == PROFILES["agency"]
    assert "Nothing was changed" in text(
        owen.post(reverse("change-setting", args=[cast.firm, "profile"]), {"value": "agency"}, follow=True)
    )


def test_what_is_switched_off_is_counted_before_and_after(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("practice")
    owen = signed_in(cast, "Owen")
    do(cast.firm, SetDelegation(delegator=CAI, delegate=DILYS))
    grant = SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER, fee_split=2500)
    do(cast.firm, grant)
    said = "1 delegation is kept and does not count while this is off."
    assert said in text(owen.get(check_address(cast, "delegation", "off")))
    assert said in text(change(owen, cast, "delegation", "off"))
    split = "1 fee split is kept and does not count while this is off."
    shown = text(owen.get(check_address(cast, "profile", "agency")))
    assert split in shown
    assert said not in shown


def test_a_change_that_somebody_else_overtook_is_asked_again(cast: Cast, owen: PageClient) -> None:
    page = owen.get(check_address(cast, "requests", "on"))
    form = {"version": value(page, "version"), "agreed": value(page, "agreed"), "answer": "yes"}
    do(cast.firm, ChangeSettings(values={"sharing": "owners"}))
    response = owen.post(check_address(cast, "requests", "on"), form)
    assert response.status_code == 422
    assert settings_of(cast).requests is False


def test_the_second_of_two_clicks_changes_nothing_more(cast: Cast, owen: PageClient) -> None:
    change(owen, cast, "requests", "on")
    assert owen.post(check_address(cast, "requests", "on"), {"answer": "yes"}).status_code == 302
    assert LedgerEntry.objects.filter(firm=cast.firm, command="settings.change").count() == 1


@pytest.mark.parametrize("word", ["", "maybe", "1", "true"])
def test_a_value_that_there_is_not_is_asked_again(word: str, cast: Cast, owen: PageClient) -> None:
    response = owen.post(reverse("change-setting", args=[cast.firm, "requests"]), {"value": word})
    assert errors(response) == [("Select what should hold", "#value")]
    assert owen.get(check_address(cast, "requests", word), follow=True).status_code == 200


@pytest.mark.parametrize("setting", ["control", "nothing", "__class__"])
def test_what_is_no_setting_is_not_there(setting: str, cast: Cast, owen: PageClient) -> None:
    assert owen.get(reverse("change-setting", args=[cast.firm, setting])).status_code == 404
    assert owen.get(check_address(cast, setting, "on")).status_code == 404


def test_the_page_for_a_value_marks_what_holds(cast: Cast, owen: PageClient) -> None:
    response = owen.get(reverse("change-setting", args=[cast.firm, "inaccessible"]))
    chosen = [each.get("value") for each in document(response).iter("input") if "checked" in each.attrib]
    assert chosen == [word_of(settings_of(cast).inaccessible)]
    assert "a request for one is answered with “not found”" in text(response)


def test_the_ledger_says_settings_in_plain_words(cast: Cast, owen: PageClient) -> None:
    change(owen, cast, "sharing", "owners")
    number = LedgerEntry.objects.filter(firm=cast.firm).latest("number").number
    shown = text(owen.get(reverse("ledger-entry", args=[cast.firm, number])))
    assert "Who may share a client, besides those who may manage access: Its owners" in shown
    assert link(owen.get(reverse("settings", args=[cast.firm])), "See who changed settings, and when")


def test_the_check_of_a_whole_profile_asks_little_of_the_database(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    address = check_address(cast, "profile", "planning")
    owen.get(address)
    with CaptureQueriesContext(connection) as asked:
        owen.get(address)
    assert len(asked) <= 12
