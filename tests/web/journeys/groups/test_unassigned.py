"""Unassigned clients: what nobody was given, put into groups or into a new one without losing the choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    ChangeClient,
    ChangeSettings,
    CreateGroup,
    ExcludeClients,
    On,
    RemoveClient,
    SetGrant,
    TurnOff,
    TurnOn,
)
from ringfence.core.terms import EVERYONE, Level, group_subject
from ringfence.firms.models import Draft, LedgerEntry
from tests.web.cast import (
    BAKER,
    BAKER_VAT,
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    INCOME_TAX,
    OWEN,
    VAT,
    VAT_GROUP,
    Cast,
    do,
    grouped,
    make_cast,
)
from tests.web.reading import checked, errors, heading, link, names, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

OTHER_GROUP = VAT_GROUP + 1


def at(cast: Cast, route: str = "unassigned-clients") -> str:
    return reverse(route, args=[cast.firm])


def tick(
    client: PageClient, cast: Cast, *numbers: int, route: str = "unassigned-clients", **form: Any
) -> Any:
    sent = {"go": "continue", "shown": list(numbers), "tick": list(numbers), **form}
    return client.post(at(cast, route), sent)


def assigning(client: PageClient, cast: Cast, *numbers: int, groups: tuple[int, ...] = (VAT_GROUP,)) -> Any:
    """Choose services and groups; the check page."""
    tick(client, cast, *numbers)
    tick(client, cast, *groups, route="assign-groups")
    return client.get(at(cast, "assign-check"))


def yes(page: Any) -> dict[str, str]:
    return {"version": value(page, "version"), "answer": "yes"}


@pytest.fixture
def firm(cast: Cast) -> Cast:
    """Control on, Fortune 500's VAT in a group, and a second group."""
    grouped(cast.firm)
    do(cast.firm, CreateGroup(name="North", members=frozenset({DILYS})))
    return cast


def test_what_no_group_has_is_listed_service_by_service(firm: Cast, owen: PageClient) -> None:
    found = rows(owen.get(at(firm), {"search": "fortune"}))
    assert found == [["Fortune 500 F500", "1234567890", "Income Tax"]]


def test_the_page_says_what_unassigned_means_in_the_firm(firm: Cast, owen: PageClient) -> None:
    assert "Everybody who uses client records can open them: Can view and manage." in text(owen.get(at(firm)))
    do(firm.firm, ChangeSettings(values={"unassigned": "none"}))
    assert "Only those who were given all clients can open them." in text(owen.get(at(firm)))
    do(firm.firm, TurnOff())
    assert "Once you turn on access groups, only those who were given all clients" in text(owen.get(at(firm)))


def test_confidential_clients_stand_apart(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, ChangeClient(client=BAKER, confidential=True))
    page = owen.get(at(firm))
    assert "Baker & Sons B-01" not in names(page)
    address = link(page, "1 confidential client that nobody was given")
    assert names(owen.get(address)) == ["Baker & Sons B-01"]


def test_a_choice_among_confidential_clients_keeps_that_among_others(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, ChangeClient(client=BAKER, confidential=True))
    tick(owen, firm, FORTUNE_INCOME_TAX, go="search")
    tick(owen, firm, BAKER_VAT, route="unassigned-confidential")
    assert "2 services of 2 clients" in text(owen.get(at(firm, "assign-groups")))
    assert checked(owen.get(at(firm))) == [str(FORTUNE_INCOME_TAX)]


def test_where_all_is_assigned_the_page_says_so(firm: Cast, owen: PageClient) -> None:
    all_of_them = On(clients=firm_state(firm.firm).clients)
    do(firm.firm, SetGrant(to=(group_subject(VAT_GROUP),), on=all_of_them, level=Level.EDITOR))
    assert "Every client has been given to somebody." in text(owen.get(at(firm)))


def test_a_client_is_needed(firm: Cast, owen: PageClient) -> None:
    assert errors(tick(owen, firm)) == [("Select at least one client to add to an access group", "#choices")]


def test_a_group_is_needed(firm: Cast, owen: PageClient) -> None:
    tick(owen, firm, BAKER_VAT)
    response = tick(owen, firm, route="assign-groups")
    assert errors(response) == [("Select at least one access group, or create a new one", "#choices")]


def test_groups_of_every_kind_are_offered(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, CreateGroup(name="All VAT", on=On.service(VAT)))
    do(firm.firm, ExcludeClients(group=OTHER_GROUP + 1, service=VAT, clients=On.client(BAKER).clients))
    tick(owen, firm, BAKER_VAT)
    found = rows(owen.get(at(firm, "assign-groups")))
    assert found == [
        ["All VAT", "By service: VAT", "2", "0"],
        ["North", "Custom", "0", "1"],
        ["VAT team", "Custom", "1", "1"],
    ]


def test_adding_shows_first_who_loses_and_what_stays_open(firm: Cast, owen: PageClient) -> None:
    page = assigning(owen, firm, BAKER_VAT)
    assert heading(page) == "Add 1 service of 1 client"
    shown = text(page)
    assert "client becomes closed 1" in shown
    assert "Dilys: Baker & Sons" in shown
    assert "Do you want to add 1 service of 1 client to VAT team?" in shown


def test_yes_adds_them_to_each_of_the_groups_and_names_these(firm: Cast, owen: PageClient) -> None:
    page = assigning(owen, firm, BAKER_VAT, FORTUNE_INCOME_TAX, groups=(VAT_GROUP, OTHER_GROUP))
    response = owen.post(at(firm, "assign-check"), yes(page), follow=True)
    assert heading(response) == "Clients added"
    assert "North, VAT team" in text(response)
    now = firm_state(firm.firm)
    for group in (VAT_GROUP, OTHER_GROUP):
        assert {BAKER_VAT, FORTUNE_INCOME_TAX} <= set(now.given(group))


def test_a_second_sending_lands_on_the_same_page_and_adds_nothing(firm: Cast, owen: PageClient) -> None:
    form = yes(assigning(owen, firm, BAKER_VAT))
    first, second = owen.post(at(firm, "assign-check"), form), owen.post(at(firm, "assign-check"), form)
    assert first["Location"] == second["Location"] == at(firm, "clients-assigned")
    assert LedgerEntry.objects.filter(command="grant.set").count() == 1


@pytest.mark.parametrize("answer", ["no", "", "maybe"])
def test_anything_but_yes_adds_nothing_and_keeps_the_choice(
    answer: str, firm: Cast, owen: PageClient
) -> None:
    page = assigning(owen, firm, BAKER_VAT)
    owen.post(at(firm, "assign-check"), {**yes(page), "answer": answer})
    assert BAKER_VAT not in firm_state(firm.firm).given(VAT_GROUP)
    assert checked(owen.get(at(firm))) == [str(BAKER_VAT)]


def test_what_was_given_to_somebody_meanwhile_is_left_out_and_said(firm: Cast, owen: PageClient) -> None:
    assigning(owen, firm, BAKER_VAT, FORTUNE_INCOME_TAX)
    do(firm.firm, SetGrant(to=(group_subject(OTHER_GROUP),), on=On.client(BAKER), level=Level.EDITOR))
    do(firm.firm, RemoveClient(client=FORTUNE))
    assert "None of the unassigned clients is selected." in text(
        owen.get(at(firm, "assign-check"), follow=True)
    )
    assert "2 that you had selected have been given to somebody meanwhile" in text(owen.get(at(firm)))


def test_a_stale_confirmation_adds_nothing_and_says_what_changed(firm: Cast, owen: PageClient) -> None:
    form = yes(assigning(owen, firm, BAKER_VAT))
    do(firm.firm, CreateGroup(name="East"), member=OWEN)
    response = owen.post(at(firm, "assign-check"), form)
    assert response.status_code == 422
    assert "Group created" in text(response) or "created (Owen)" in text(response)
    assert BAKER_VAT not in firm_state(firm.firm).given(VAT_GROUP)


def test_yes_to_what_was_shown_is_no_yes_to_what_was_ticked_since(firm: Cast, owen: PageClient) -> None:
    page = assigning(owen, firm, BAKER_VAT)
    form = {**yes(page), "agreed": value(page, "agreed")}
    tick(owen, firm, BAKER_VAT, FORTUNE_INCOME_TAX)
    response = owen.post(at(firm, "assign-check"), form)
    told = "You have chosen something else since you saw this: look at the numbers again"
    assert errors(response) == [(told, "#answer")]
    assert "2 services of 2 clients" in heading(response)
    assert not {BAKER_VAT, FORTUNE_INCOME_TAX} & set(firm_state(firm.firm).given(OTHER_GROUP))
    assert BAKER_VAT not in firm_state(firm.firm).given(VAT_GROUP)
    owen.post(at(firm, "assign-check"), {**yes(response), "agreed": value(response, "agreed")})
    assert {BAKER_VAT, FORTUNE_INCOME_TAX} <= set(firm_state(firm.firm).given(VAT_GROUP))


def test_into_a_new_group_the_choice_goes_along(firm: Cast, owen: PageClient) -> None:
    tick(owen, firm, BAKER_VAT, FORTUNE_INCOME_TAX)
    response = owen.post(at(firm, "assign-groups"), {"go": "instead"}, follow=True)
    assert heading(response) == "What is the name of the access group?"
    assert "2 services of 2 clients are selected for the new access group." in text(response)
    owen.post(at(firm, "create-group-name"), {"name": "East"})
    assert checked(owen.get(at(firm, "create-group-clients"))) == [str(BAKER_VAT), str(FORTUNE_INCOME_TAX)]


def test_a_group_that_was_begun_keeps_its_own_clients_beside_them(firm: Cast, owen: PageClient) -> None:
    owen.post(at(firm, "create-group"), {"kind": "custom"})
    owen.post(at(firm, "create-group-name"), {"name": "East"})
    owen.post(at(firm, "create-group-clients"), {"go": "search", "shown": ["1"], "tick": ["1"]})
    tick(owen, firm, BAKER_VAT)
    response = owen.post(at(firm, "assign-groups"), {"go": "instead"}, follow=True)
    assert "are selected for the access group East, which you had begun." in text(response)
    assert checked(owen.get(at(firm, "create-group-clients"))) == [str(BAKER_VAT), "1"]


def test_where_there_is_no_group_yet_a_new_one_is_begun(cast: Cast, owen: PageClient) -> None:
    assert tick(owen, cast, BAKER_VAT)["Location"] == at(cast, "create-group-name")


def test_turning_off_discards_the_choice(firm: Cast, owen: PageClient) -> None:
    tick(owen, firm, BAKER_VAT)
    do(firm.firm, TurnOff())
    assert not Draft.objects.exists()
    response = owen.get(at(firm, "assign-groups"), follow=True)
    assert "discarded when access groups are turned off" in text(response)


def test_numbers_that_are_not_unassigned_are_never_chosen(firm: Cast, owen: PageClient) -> None:
    response = tick(owen, firm, 1, 4711)
    assert errors(response) == [("Select at least one client to add to an access group", "#choices")]


def test_the_group_of_all_is_none_to_choose(firm: Cast, owen: PageClient) -> None:
    tick(owen, firm, BAKER_VAT)
    assert errors(tick(owen, firm, EVERYONE, route="assign-groups"))


def test_a_firm_with_four_levels_chooses_one(db: None, signed_in: Callable[[Cast, str], PageClient]) -> None:
    cast = make_cast("planning")
    owen = signed_in(cast, "Owen")
    do(cast.firm, CreateGroup(name="North", members=frozenset({CAI})))
    tick(owen, cast, BAKER)
    assert tick(owen, cast, VAT_GROUP, route="assign-groups")["Location"] == at(cast, "assign-level")
    assert errors(owen.post(at(cast, "assign-level"), {"level": "x"})) == [
        ("Select what they may do", "#level")
    ]
    owen.post(at(cast, "assign-level"), {"level": "reader"})
    owen.post(at(cast, "assign-check"), yes(owen.get(at(cast, "assign-check"))))
    held = firm_state(cast.firm).moment.state.held_by(group_subject(VAT_GROUP))
    assert set(held.clients[Level.READER - 1]) == {BAKER}


def test_while_off_clients_are_prepared_and_the_page_says_what_comes(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, CreateGroup(name="North", on=On.service(INCOME_TAX)))
    page = assigning(owen, cast, BAKER_VAT)
    assert "Once you turn on access groups" in text(page)
    response = owen.post(at(cast, "assign-check"), yes(page), follow=True)
    assert "It begins to count when you turn on access groups." in text(response)
    do(cast.firm, TurnOn())
    assert BAKER_VAT in firm_state(cast.firm).given(VAT_GROUP)
