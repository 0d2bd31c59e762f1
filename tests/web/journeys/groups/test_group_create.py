"""Creating an access group: names, choices that survive, the check with its numbers, once and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone

from ringfence.access import firm_state
from ringfence.core.commands.definitions import AddMember, DeactivateMember, RemoveClient, TurnOff, TurnOn
from ringfence.core.terms import EVERYONE, Level, Role, group_subject
from ringfence.firms.models import Draft, LedgerEntry
from tests.web.cast import (
    BAKER,
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    FORTUNE_VAT,
    VAT,
    VAT_GROUP,
    Cast,
    add_clients,
    do,
    grouped,
    make_cast,
)
from tests.web.reading import checked, errors, heading, link, names, rows, text, title, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

BAKER_VAT = 3


def at(cast: Cast, step: str = "") -> str:
    return reverse(f"create-group{step}", args=[cast.firm])


def named(client: PageClient, cast: Cast, name: str = "North") -> Any:
    return client.post(at(cast), {"name": name, "go": "continue"})


def tick(client: PageClient, cast: Cast, *numbers: int, go: str = "continue", **form: Any) -> Any:
    """Send the page of clients with these boxes ticked, all its rows shown."""
    shown = form.pop("shown", list(numbers))
    return client.post(at(cast, "-clients"), {"go": go, "shown": shown, "tick": list(numbers), **form})


def choose_members(client: PageClient, cast: Cast, *numbers: int) -> Any:
    form = {"go": "continue", "shown": list(numbers), "tick": list(numbers)}
    return client.post(at(cast, "-members"), form)


def ready(client: PageClient, cast: Cast) -> dict[str, str]:
    """Everything chosen: North with Fortune 500's VAT for Cai. What the check page would send."""
    named(client, cast)
    tick(client, cast, FORTUNE_VAT)
    choose_members(client, cast, CAI)
    page = client.get(at(cast, "-check"))
    return {"token": value(page, "token"), "version": value(page, "version")}


def chosen(cast: Cast) -> set[int]:
    from pyroaring import BitMap

    stored = bytes(Draft.objects.get(firm=cast.firm).clients)
    return set(BitMap.deserialize(stored)) if stored else set()


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
    assert not Draft.objects.exists()


@pytest.mark.parametrize("name", ["x" * 50, "Tîm y Gogledd", '"North" & <Co>', "👩‍💼 Team", "=HYPERLINK(1)"])
def test_names_of_all_kinds_are_taken_as_they_are(name: str, cast: Cast, owen: PageClient) -> None:
    assert named(owen, cast, name)["Location"] == at(cast, "-clients")
    assert heading(owen.get(at(cast, "-clients"))) == f"Which clients are in {name}?"


def test_the_name_is_still_there_on_coming_back(cast: Cast, owen: PageClient) -> None:
    named(owen, cast, "North")
    assert value(owen.get(at(cast)), "name") == "North"


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
    assert value(signed_in(cast, "Lena").get(at(cast)), "name") == ""


# --- The clients


@pytest.mark.parametrize("step", ["-clients", "-members", "-check"])
def test_a_step_without_the_one_before_leads_to_it(step: str, cast: Cast, owen: PageClient) -> None:
    assert owen.get(at(cast, step))["Location"] == at(cast)


def test_a_row_is_a_client_with_its_services(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    response = owen.get(at(cast, "-clients"), {"search": "fortune"})
    assert names(response) == ["Fortune 500 F500"]
    assert "Showing 1 client for “fortune”" in text(response)
    assert "VAT GB 123 4567 89" in rows(response)[0][1]


def test_the_page_says_that_services_are_chosen(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    response = owen.get(at(cast, "-clients"))
    assert "Choose services of clients. Only the services that you select are in the access group" in text(
        response
    )
    tick(owen, cast, FORTUNE_VAT, FORTUNE_INCOME_TAX, BAKER_VAT)
    shown = text(owen.get(at(cast, "-clients")))
    assert "3 services of 2 clients selected in all" in shown


def test_a_client_chosen_in_part_is_marked(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    tick(owen, cast, FORTUNE_VAT, BAKER_VAT)
    listed = names(owen.get(at(cast, "-clients")))
    assert "Fortune 500 F500 1 of 2 services" in listed
    assert "Baker & Sons B-01" in listed


def test_a_client_chosen_in_part_is_marked_though_a_search_shows_one_service(
    cast: Cast, owen: PageClient
) -> None:
    named(owen, cast)
    tick(owen, cast, FORTUNE_VAT)
    response = owen.get(at(cast, "-clients"), {"service": VAT})
    assert "Fortune 500 F500 1 of 2 services" in names(response)


def test_a_client_is_chosen_whole_at_once_and_the_page_stays(cast: Cast, owen: PageClient) -> None:
    add_clients(cast.firm, 60)
    named(owen, cast)
    address = at(cast, "-clients") + "?search=o&page=2"
    ticks = {"shown": [BAKER_VAT], "tick": [BAKER_VAT], "go": f"client-{FORTUNE}"}
    response = owen.post(address, ticks)
    assert response["Location"] == f"{address}#client-{FORTUNE}"
    assert chosen(cast) == {FORTUNE_VAT, FORTUNE_INCOME_TAX, BAKER_VAT}
    assert "1 of 2" not in text(owen.get(at(cast, "-clients"), {"search": "fortune"}))


@pytest.mark.parametrize("number", ["4711", "-1", "x", ""])
def test_a_client_that_is_not_the_firms_is_not_chosen_whole(
    number: str, cast: Cast, owen: PageClient
) -> None:
    named(owen, cast)
    assert owen.post(at(cast, "-clients"), {"go": f"client-{number}"}).status_code == 302
    assert chosen(cast) == set()


def test_ticks_survive_searching(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    response = tick(owen, cast, FORTUNE_VAT, go="search", search="baker", service="")
    assert response["Location"] == at(cast, "-clients") + "?search=baker"
    tick(owen, cast, BAKER_VAT, go="clear", shown_search="baker")
    assert chosen(cast) == {FORTUNE_VAT, BAKER_VAT}
    assert checked(owen.get(at(cast, "-clients"))) == [str(BAKER_VAT), str(FORTUNE_VAT)]


def test_ticks_survive_filtering_and_paging(cast: Cast, owen: PageClient) -> None:
    add_clients(cast.firm, 120)
    named(owen, cast)
    response = tick(owen, cast, FORTUNE_VAT, go="page-2", shown_service=str(VAT))
    assert response["Location"] == at(cast, "-clients") + f"?service={VAT}&page=2"
    assert "1 service of 1 client selected in all" in text(owen.get(response["Location"]))


def test_a_box_that_is_cleared_is_taken_out_and_the_others_stay(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    tick(owen, cast, FORTUNE_VAT, BAKER_VAT)
    tick(owen, cast, shown=[BAKER_VAT], go="search")
    assert chosen(cast) == {FORTUNE_VAT}


def test_all_that_match_means_all_and_not_a_page(cast: Cast, owen: PageClient) -> None:
    add_clients(cast.firm, 120)
    named(owen, cast)
    page = owen.get(at(cast, "-clients"), {"search": "c00"})
    assert "Select all 99 services that match" in text(page)
    tick(owen, cast, go="all", shown_search="c00")
    assert len(chosen(cast)) == 99
    assert "99 services of 99 clients selected in all" in text(owen.get(at(cast, "-clients")))


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
    response = owen.get(at(cast, "-clients"), {"search": "GB 123 4567"})
    assert names(response) == ["Fortune 500 F500"]


# --- The team members


def test_team_members_are_found_by_name_or_address(cast: Cast, owen: PageClient) -> None:
    named(owen, cast)
    tick(owen, cast, FORTUNE_VAT)
    assert names(owen.get(at(cast, "-members"), {"search": "dilys@"})) == ["Dilys"]


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
    with patch("ringfence.web.journeys.groups.create.mark_created"):
        first = owen.post(at(cast, "-check"), form)
    # The first has not yet noted what it made; the second has seen the version that it was sent for.
    form["version"] = str(firm_state(cast.firm).version)
    second = owen.post(at(cast, "-check"), form)
    assert first["Location"] == second["Location"]


def test_a_name_that_somebody_else_took_meanwhile_is_said(cast: Cast, owen: PageClient) -> None:
    form = ready(owen, cast)
    grouped(cast.firm)
    named(owen, cast, "North")
    Draft.objects.update(values={"name": "VAT team", "level": "editor", "unit": "engagement"})
    form["version"] = str(firm_state(cast.firm).version)
    response = owen.post(at(cast, "-check"), form)
    assert errors(response) == [("There is an access group with this name already: choose another", "#name")]


def test_a_stale_check_says_what_changed_and_shows_the_numbers_anew(cast: Cast, owen: PageClient) -> None:
    form = ready(owen, cast)
    do(cast.firm, TurnOn(), member=1)
    response = owen.post(at(cast, "-check"), form)
    assert response.status_code == 422
    assert "Access control turned on (Owen)" in text(response)
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


def test_turning_off_meanwhile_leads_back_to_the_beginning(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    form = ready(owen, cast)
    do(cast.firm, TurnOff())
    response = owen.post(at(cast, "-check"), form)
    assert response["Location"] == at(cast)


def test_another_tabs_draft_is_not_created_unseen(cast: Cast, owen: PageClient) -> None:
    form = ready(owen, cast)
    owen.post(at(cast), {"name": "", "go": "discard"})
    named(owen, cast, "South")
    tick(owen, cast, BAKER_VAT)
    choose_members(owen, cast, DILYS)
    response = owen.post(at(cast, "-check"), form)
    assert errors(response) == [("You began another access group meanwhile: this is that one", "#create")]


def test_a_standard_member_creates_nothing(cast: Cast, cai: PageClient) -> None:
    assert named(cai, cast).status_code == 403


def test_a_firm_with_four_levels_chooses_one(db: None, signed_in: Callable[[Cast, str], PageClient]) -> None:
    cast = make_cast("planning")
    owen = signed_in(cast, "Owen")
    assert "What may its users do?" in text(owen.get(at(cast)))
    owen.post(at(cast), {"name": "North", "level": "reader"})
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
    page = owen.post(reverse("create-group", args=[cast.firm]), {"name": "No\u202erth"})
    assert value(page, "name") == "North"
