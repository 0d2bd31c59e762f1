"""Creating an access group: names, choices that survive, the check with its numbers, once and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    AddMember,
    DeactivateMember,
    RemoveClient,
    TurnOff,
    TurnOn,
)
from ringfence.core.terms import EVERYONE, Level, Role, group_subject
from ringfence.firms.models import Draft, LedgerEntry
from tests.web.cast import (
    BAKER,
    BAKER_VAT,
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    FORTUNE_VAT,
    OWEN,
    VAT,
    VAT_GROUP,
    Cast,
    do,
    grouped,
    make_cast,
)
from tests.web.creating import at, begun, choose_members, chosen, named, ready, tick, token
from tests.web.reading import errors, heading, link, names, rows, text, title, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


# --- The name


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "Enter a name for the access group"),
        ("   ", "Enter a name for the access group"),
        ("x" * 51, "The name must be 50 characters or fewer"),
        ("a\x07b", "The name must not contain line breaks or control characters"),
        ("a\u202eb", "The name must not contain line breaks or control characters"),
        ("everyone", "There is an access group with this name already: choose another"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_what_to_do(
    name: str, error: str, cast: Cast, owen: PageClient
) -> None:
    response = named(owen, cast, name)
    assert errors(response) == [(error, "#name")]
    assert title(response).startswith("Error: ")
    assert "name" not in Draft.objects.get().values


@pytest.mark.parametrize("name", ["x" * 50, "Tîm y Gogledd", '"North" & <Co>', "👩‍💼 Team", "=HYPERLINK(1)"])
def test_names_of_all_kinds_are_taken_as_they_are(name: str, cast: Cast, owen: PageClient) -> None:
    assert named(owen, cast, name)["Location"] == at(cast, "-clients")
    assert f"step 3 of 5: {name}" in text(owen.get(at(cast, "-clients")))


def test_the_name_is_still_there_on_coming_back(cast: Cast, owen: PageClient) -> None:
    named(owen, cast, "North")
    assert value(owen.get(at(cast, "-name")), "name") == "North"


def test_another_name_keeps_the_clients(cast: Cast, owen: PageClient) -> None:
    named(owen, cast, "North")
    tick(owen, cast, FORTUNE_VAT)
    named(owen, cast, "South")
    assert chosen(cast) == {FORTUNE_VAT}


def test_the_manage_page_leads_back_to_a_group_that_was_begun(cast: Cast, owen: PageClient) -> None:
    named(owen, cast, "North")
    response = owen.get(reverse("manage", args=[cast.firm]))
    assert "You have begun to create the access group North." in text(response)


def test_a_group_that_was_begun_can_be_discarded(cast: Cast, owen: PageClient) -> None:
    named(owen, cast, "North")
    owen.post(at(cast), {"name": "", "go": "discard"})
    assert not Draft.objects.exists()


def test_a_draft_is_gone_after_a_day(cast: Cast, owen: PageClient) -> None:
    named(owen, cast, "North")
    with patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(hours=25)):
        # The session lives on here; it is the draft's age that is looked at.
        owen.force_login(cast.users["Owen"])
        assert owen.get(at(cast, "-clients"))["Location"] == at(cast)


def test_drafts_of_two_administrators_are_apart(
    cast: Cast, owen: PageClient, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    named(owen, cast, "North")
    do(cast.firm, AddMember(name="Lena P", email="lena@larks.example", role=Role.ADMINISTRATOR))
    assert "You have begun" not in text(signed_in(cast, "Lena").get(at(cast)))


# --- The team members


def test_team_members_are_found_by_name_or_address(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    tick(owen, cast, FORTUNE_VAT)
    found = rows(owen.get(at(cast, "-members"), {"search": "dilys@"}))
    assert found == [["Dilys", "dilys@pike.example", "Standard"]]


def test_at_least_one_team_member_is_needed(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    tick(owen, cast, FORTUNE_VAT)
    response = choose_members(owen, cast)
    assert errors(response) == [("Select at least one team member to continue", "#choices")]


def test_deactivated_members_are_not_offered(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, DeactivateMember(member=DILYS))
    named(owen, cast)
    tick(owen, cast, FORTUNE_VAT)
    assert "Dilys" not in names(owen.get(at(cast, "-members")))


# --- The check, and the group


def test_the_check_page_shows_everything_and_what_it_does(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    ready(owen, cast)
    shown = text(owen.get(at(cast, "-check")))
    for part in (
        "Name North",
        "1 service of 1 client Fortune 500: VAT",
        "Cai",
        "Can view and manage",
        "client becomes closed in part 1",
        "Dilys: Fortune 500 (VAT)",
        "Owen (you): Fortune 500 (VAT)",
    ):
        assert part in shown


def test_with_control_off_the_check_page_says_that_nothing_changes_yet(cast: Cast, owen: PageClient) -> None:
    ready(owen, cast)
    shown = text(owen.get(at(cast, "-check")))
    assert "Access groups are turned off" in shown
    assert "Nobody’s access changes yet." in shown


def test_from_that_moment_each_member_sees_exactly_what_the_rules_say(
    cast: Cast, owen: PageClient, cai: PageClient, dilys: PageClient
) -> None:
    do(cast.firm, TurnOn())
    response = owen.post(at(cast, "-check"), ready(owen, cast), follow=True)
    assert heading(response) == "Access group created"
    address = reverse("clients", args=[cast.firm])
    assert names(cai.get(address, {"service": VAT})).count("Fortune 500") == 1
    assert names(dilys.get(address, {"service": VAT})).count("Fortune 500") == 0


def test_the_group_holds_what_was_chosen(cast: Cast, owen: PageClient) -> None:
    owen.post(at(cast, "-check"), ready(owen, cast))
    state = firm_state(cast.firm).moment.state
    assert set(state.groups[VAT_GROUP]) == {CAI}
    held = state.held_by(group_subject(VAT_GROUP))
    assert set(held.engagements[Level.EDITOR - 1]) == {FORTUNE_VAT}


def test_a_group_created_while_off_leads_on_to_turning_on(cast: Cast, owen: PageClient) -> None:
    response = owen.post(at(cast, "-check"), ready(owen, cast), follow=True)
    assert "It begins to count when you turn on access groups." in text(response)
    assert link(response, "Turn on access groups") == reverse("turn-on", args=[cast.firm])


def test_a_second_sending_lands_on_the_created_page_and_makes_nothing(cast: Cast, owen: PageClient) -> None:
    form = ready(owen, cast)
    first = owen.post(at(cast, "-check"), form)
    second = owen.post(at(cast, "-check"), form)
    assert first["Location"] == second["Location"] == reverse("group-created", args=[cast.firm, VAT_GROUP])
    assert LedgerEntry.objects.filter(command="group.create").count() == 1


@pytest.mark.parametrize("number", [EVERYONE, VAT_GROUP])
def test_a_group_that_was_not_made_just_now_is_not_called_created(
    number: int, cast: Cast, owen: PageClient
) -> None:
    grouped(cast.firm)
    response = owen.get(reverse("group-created", args=[cast.firm, number]))
    assert response.status_code == 302
    assert response["Location"] == reverse("group", args=[cast.firm, number])


def test_later_the_created_page_leads_to_the_group(cast: Cast, owen: PageClient) -> None:
    created = owen.post(at(cast, "-check"), ready(owen, cast))["Location"]
    Draft.objects.update(changed_at=timezone.now() - timedelta(minutes=11))
    assert owen.get(created)["Location"] == reverse("group", args=[cast.firm, VAT_GROUP])


def test_two_sendings_at_once_land_on_the_same_page(cast: Cast, owen: PageClient) -> None:
    form = ready(owen, cast)
    with patch("ringfence.web.journeys.groups.create.check.mark_created"):
        first = owen.post(at(cast, "-check"), form)
    # The first has not yet noted what it made; the second has seen the version that it was sent for.
    form["version"] = str(firm_state(cast.firm).version)
    second = owen.post(at(cast, "-check"), form)
    assert first["Location"] == second["Location"]


def test_a_name_that_somebody_else_took_meanwhile_is_said(cast: Cast, owen: PageClient) -> None:
    form = ready(owen, cast)
    grouped(cast.firm)
    named(owen, cast, "North")
    Draft.objects.update(values={"name": "VAT team", "kind": "custom", "unit": "engagement"})
    form["version"] = str(firm_state(cast.firm).version)
    response = owen.post(at(cast, "-check"), form)
    assert errors(response) == [("There is an access group with this name already: choose another", "#name")]


def test_a_stale_check_says_what_changed_and_shows_the_numbers_anew(cast: Cast, owen: PageClient) -> None:
    form = ready(owen, cast)
    do(cast.firm, TurnOn(), member=1)
    response = owen.post(at(cast, "-check"), form)
    assert response.status_code == 422
    assert "Access groups turned on (Owen)" in text(response)
    assert "client becomes closed in part 1" in text(response)
    assert len(firm_state(cast.firm).moment.state.groups) == 1
    form["version"] = value(response, "version")
    assert owen.post(at(cast, "-check"), form).status_code == 302


def test_what_has_left_the_firm_is_left_out_and_counted(cast: Cast, owen: PageClient) -> None:
    ready(owen, cast)
    tick(owen, cast, FORTUNE_VAT, BAKER_VAT)
    do(cast.firm, RemoveClient(client=BAKER))
    shown = text(owen.get(at(cast, "-check")))
    assert "1 that you had chosen is not in the firm any more and was left out." in shown


def test_a_chosen_member_who_was_deactivated_is_left_out_and_said(cast: Cast, owen: PageClient) -> None:
    ready(owen, cast)
    choose_members(owen, cast, CAI, DILYS)
    do(cast.firm, DeactivateMember(member=DILYS))
    shown = text(owen.get(at(cast, "-check")))
    assert "1 team member whom you had chosen is not active any more and was left out." in shown


@pytest.mark.parametrize("step", ["-name", "-clients", "-members", "-check"])
def test_turning_off_meanwhile_says_who_did_and_leads_back(step: str, cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    form = ready(owen, cast)
    do(cast.firm, TurnOff(), member=OWEN)
    response = owen.post(at(cast, step), form, follow=True)
    assert heading(response) == "What kind of access group do you want to create?"
    assert "Owen turned off access groups (" in text(response)
    assert "Access groups that somebody had begun to create and not finished are discarded then." in text(
        response
    )


def test_a_step_without_anything_begun_says_how_long_one_is_kept(cast: Cast, owen: PageClient) -> None:
    response = owen.get(at(cast, "-members"), follow=True)
    assert "There is no access group that you have begun to create: one is kept for a day" in text(response)


def test_going_back_to_a_step_of_a_group_that_is_made_leads_to_it(cast: Cast, owen: PageClient) -> None:
    owen.post(at(cast, "-check"), ready(owen, cast))
    response = owen.get(at(cast, "-clients"), follow=True)
    assert heading(response) == "North"
    assert "This access group has been created already. You can change it here." in text(response)


def test_ticks_of_a_form_for_another_group_are_not_taken(cast: Cast, owen: PageClient) -> None:
    named(owen, cast, "North")
    stale = token(cast)
    owen.post(at(cast), {"go": "discard"})
    named(owen, cast, "South")
    response = tick(owen, cast, BAKER_VAT, token=stale)
    assert errors(response) == [("You began another access group meanwhile: this is that one", "#choices")]
    assert chosen(cast) == set()


@pytest.mark.parametrize("step", ["-clients", "-members", "-check", "-name"])
def test_a_form_of_the_kind_before_is_told_that_another_was_chosen_in_a_second_tab(
    step: str, cast: Cast, owen: PageClient
) -> None:
    ready(owen, cast)
    before = {"token": token(cast), "go": "continue", "name": "South", "shown": [DILYS], "tick": [DILYS]}
    begun(owen, cast, "service")
    owen.post(at(cast, "-service"), {"token": token(cast), "service": VAT})
    response = owen.post(at(cast, step), before, follow=True)
    assert "You have chosen another kind of access group meanwhile" in text(response)
    assert heading(response) == "Check your answers"
    assert Draft.objects.get().values["name"] == "North"
    assert "Dilys" not in text(response).split("What this does")[0]


def test_a_choice_of_service_for_a_group_that_is_a_custom_one_now_is_told_so(
    cast: Cast, owen: PageClient
) -> None:
    begun(owen, cast, "service")
    before = {"token": token(cast), "service": VAT}
    begun(owen, cast, "custom")
    response = owen.post(at(cast, "-service"), before, follow=True)
    assert "You have chosen another kind of access group meanwhile" in text(response)
    assert heading(response) == "What is the name of the access group?"


def test_the_check_page_says_what_stays_open_of_the_clients(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    ready(owen, cast)
    shown = text(owen.get(at(cast, "-check")))
    assert "What stays open to everybody Fortune 500: Income Tax" in shown
    tick(owen, cast, FORTUNE_VAT, FORTUNE_INCOME_TAX)
    assert "What stays open" not in text(owen.get(at(cast, "-check")))


def test_while_off_what_will_stay_open_is_said_as_well(cast: Cast, owen: PageClient) -> None:
    ready(owen, cast)
    shown = text(owen.get(at(cast, "-check")))
    assert "What stays open to everybody Fortune 500: Income Tax" in shown


def test_another_tabs_draft_is_not_created_unseen(cast: Cast, owen: PageClient) -> None:
    form = ready(owen, cast)
    owen.post(at(cast), {"name": "", "go": "discard"})
    named(owen, cast, "South")
    tick(owen, cast, BAKER_VAT)
    choose_members(owen, cast, DILYS)
    response = owen.post(at(cast, "-check"), form)
    assert errors(response) == [("You began another access group meanwhile: this is that one", "#create")]


def test_what_was_chosen_since_the_answers_were_checked_is_not_created_unseen(
    cast: Cast, owen: PageClient
) -> None:
    form = ready(owen, cast)
    form["agreed"] = value(owen.get(at(cast, "-check")), "agreed")
    choose_members(owen, cast, CAI, DILYS)
    response = owen.post(at(cast, "-check"), form)
    told = "You have chosen something else since you saw this: look at the numbers again"
    assert errors(response) == [(told, "#create")]
    form["agreed"] = value(response, "agreed")
    assert owen.post(at(cast, "-check"), form).status_code == 302


def test_a_standard_member_creates_nothing(cast: Cast, cai: PageClient) -> None:
    assert named(cai, cast).status_code == 403


def test_a_firm_with_four_levels_chooses_one(db: None, signed_in: Callable[[Cast, str], PageClient]) -> None:
    cast = make_cast("planning")
    owen = signed_in(cast, "Owen")
    begun(owen, cast)
    assert "What may its users do?" in text(owen.get(at(cast, "-name")))
    owen.post(at(cast, "-name"), {"name": "North", "level": "reader"})
    tick(owen, cast, FORTUNE)
    choose_members(owen, cast, CAI)
    page = owen.get(at(cast, "-check"))
    assert "Reader (can view)" in text(page)
    form = {"token": value(page, "token"), "version": value(page, "version")}
    owen.post(at(cast, "-check"), form)
    held = firm_state(cast.firm).moment.state.held_by(group_subject(VAT_GROUP))
    assert set(held.clients[Level.READER - 1]) == {FORTUNE}


def test_outside_agencies_a_row_is_a_whole_client(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("practice")
    owen = signed_in(cast, "Owen")
    named(owen, cast)
    response = owen.get(at(cast, "-clients"), {"search": "fortune"})
    assert names(response) == ["Fortune 500"]
    tick(owen, cast, go="all", shown_search="fortune")
    assert chosen(cast) == {FORTUNE}


def test_everyone_is_no_group_to_create(cast: Cast, owen: PageClient) -> None:
    assert EVERYONE in firm_state(cast.firm).moment.state.groups
    assert named(owen, cast, "Everyone").status_code == 422


def test_a_refused_name_is_shown_without_what_turns_the_writing_round(cast: Cast, owen: PageClient) -> None:
    page = named(owen, cast, "No\u202erth")
    assert value(page, "name") == "North"
