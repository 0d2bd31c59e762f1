"""The list of access groups, one group, renaming and deleting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    AddMember,
    CreateGroup,
    DeactivateMember,
    On,
    RenameGroup,
    SetGrant,
)
from ringfence.core.terms import EVERYONE, Level, group_subject
from ringfence.firms.models import LedgerEntry
from tests.web.cast import CAI, DILYS, FORTUNE, VAT, VAT_GROUP, Cast, add_clients, do, grouped
from tests.web.reading import errors, heading, link, names, rows, text, value

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from tests.web.checks import PageClient


def at(cast: Cast, route: str, number: int = VAT_GROUP) -> str:
    return reverse(route, args=[cast.firm, number])


def groups(client: PageClient, cast: Cast, **query: Any) -> Any:
    return client.get(reverse("groups", args=[cast.firm]), query)


def exists(cast: Cast) -> bool:
    return VAT_GROUP in firm_state(cast.firm).moment.state.groups


@pytest.fixture
def firm(cast: Cast) -> Cast:
    grouped(cast.firm)
    return cast


def test_each_group_has_its_exact_numbers(firm: Cast, owen: PageClient) -> None:
    assert rows(groups(owen, firm)) == [["VAT team", "Custom", "1", "1"]]


def test_the_group_of_all_stands_apart_and_is_not_counted(firm: Cast, owen: PageClient) -> None:
    response = groups(owen, firm)
    assert "Showing 1 access group" in text(response)
    assert "Built-in access group Everyone: all 5 active team members; no client is shared with it." in text(
        response
    )
    assert link(response, "Everyone") == at(firm, "group", EVERYONE)


def test_the_group_of_all_says_how_many_clients_are_shared_with_it(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, SetGrant(to=(group_subject(EVERYONE),), on=On.client(FORTUNE), level=Level.EDITOR))
    assert "all 5 active team members; 1 client is shared with it." in text(groups(owen, firm))


def test_while_off_it_is_said_who_can_open_every_client(cast: Cast, owen: PageClient) -> None:
    shown = text(groups(owen, cast))
    assert "Access groups are turned off. Everybody who uses client records can open every client." in shown


def test_a_group_for_a_service_counts_its_clients(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, CreateGroup(name="All VAT", members=frozenset({CAI, DILYS}), on=On.service(VAT)))
    assert ["All VAT", "By service: VAT", "3", "2"] in rows(groups(owen, firm))


def test_groups_are_found_by_name(firm: Cast, owen: PageClient) -> None:
    assert names(groups(owen, firm, search="vat")) == ["VAT team"]


def test_many_groups_stand_in_pages(firm: Cast, owen: PageClient) -> None:
    for number in range(55):
        do(firm.firm, CreateGroup(name=f"Group {number:02}"))
    assert "Showing 51 to 56 of 56 access groups" in text(groups(owen, firm, page=2))


def test_an_auditor_reads_groups_and_changes_none(firm: Cast, ada: PageClient) -> None:
    assert "Create an access group" not in text(groups(ada, firm))
    assert "Rename" not in text(ada.get(at(firm, "group")))


def test_a_group_shows_its_clients_with_the_services_that_are_in_it(firm: Cast, owen: PageClient) -> None:
    assert rows(owen.get(at(firm, "group"))) == [
        ["Fortune 500", "F500", "VAT ending in 6789", "Take out: Fortune 500"]
    ]


def test_a_group_shows_its_team_members(firm: Cast, owen: PageClient) -> None:
    assert rows(owen.get(at(firm, "group-members"))) == [
        ["Cai", "cai@pike.example", "Standard", "Take out: Cai"]
    ]


def test_an_inactive_member_is_marked_in_a_group_and_left_out_of_its_count(
    firm: Cast, owen: PageClient
) -> None:
    do(firm.firm, DeactivateMember(member=CAI))
    page = owen.get(at(firm, "group-members"))
    assert rows(page) == [["Cai Inactive", "cai@pike.example", "Standard", "Take out: Cai"]]
    assert "Showing 1 team member, 1 of them inactive" in text(page)
    assert rows(groups(owen, firm))[0][2:] == ["1", "0"]


def test_a_groups_clients_are_searched_and_stand_in_pages(firm: Cast, owen: PageClient) -> None:
    add_clients(firm.firm, 60)
    do(firm.firm, CreateGroup(name="All VAT", on=On.service(VAT)))
    address = at(firm, "group", VAT_GROUP + 1)
    assert "Showing 51 to 63 of 63 clients" in text(owen.get(address, {"page": 2}))
    assert "New clients of this service join the access group by themselves: VAT." in text(owen.get(address))
    assert names(owen.get(address, {"search": "baker"})) == ["Baker & Sons"]


def test_a_group_that_is_not_there_has_no_page(firm: Cast, owen: PageClient) -> None:
    assert owen.get(at(firm, "group", 4711)).status_code == 404


def test_a_group_gets_another_name(firm: Cast, owen: PageClient) -> None:
    response = owen.post(at(firm, "rename-group"), {"name": " Tîm TAW "}, follow=True)
    assert heading(response) == "Tîm TAW"
    assert "VAT team renamed to Tîm TAW." in text(response)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "Enter a name for the access group"),
        ("x" * 51, "The name must be 50 characters or fewer"),
        ("Everyone", "There is an access group with this name already: choose another"),
    ],
)
def test_a_name_that_cannot_be_is_refused(name: str, error: str, firm: Cast, owen: PageClient) -> None:
    assert errors(owen.post(at(firm, "rename-group"), {"name": name})) == [(error, "#name")]


def test_the_same_name_changes_nothing(firm: Cast, owen: PageClient) -> None:
    assert owen.post(at(firm, "rename-group"), {"name": "VAT team"})["Location"] == at(firm, "group")
    assert not LedgerEntry.objects.filter(command="group.rename").exists()


def test_a_name_that_somebody_else_gave_meanwhile_is_not_written_over_unseen(
    firm: Cast, owen: PageClient
) -> None:
    form = {"name": "South", "was": value(owen.get(at(firm, "rename-group")), "was")}
    do(firm.firm, RenameGroup(group=VAT_GROUP, to="North"))
    response = owen.post(at(firm, "rename-group"), form)
    told = "Somebody has renamed it to North meanwhile. Save again if it is to be called otherwise"
    assert errors(response) == [(told, "#name")]
    form["was"] = value(response, "was")
    assert value(response, "name") == "South"
    assert "North renamed to South." in text(owen.post(at(firm, "rename-group"), form, follow=True))


@pytest.mark.parametrize("route", ["rename-group", "delete-group"])
def test_everyone_can_be_neither_renamed_nor_deleted(route: str, firm: Cast, owen: PageClient) -> None:
    assert owen.get(at(firm, route, EVERYONE)).status_code == 404


def test_deleting_shows_what_opens_first(firm: Cast, owen: PageClient) -> None:
    shown = text(owen.get(at(firm, "delete-group")))
    assert "client becomes open to everybody 1" in shown
    assert exists(firm)


def test_yes_deletes(firm: Cast, owen: PageClient) -> None:
    version = value(owen.get(at(firm, "delete-group")), "version")
    form = {"version": version, "answer": "yes"}
    response = owen.post(at(firm, "delete-group"), form, follow=True)
    assert "The access group VAT team is deleted." in text(response)
    assert not exists(firm)


def test_a_second_click_lands_on_the_list(firm: Cast, owen: PageClient) -> None:
    version = value(owen.get(at(firm, "delete-group")), "version")
    form = {"version": version, "answer": "yes"}
    owen.post(at(firm, "delete-group"), form)
    response = owen.post(at(firm, "delete-group"), form)
    assert response["Location"] == reverse("groups", args=[firm.firm])


@pytest.mark.parametrize("answer", ["no", "", "maybe"])
def test_anything_but_yes_deletes_nothing(answer: str, firm: Cast, owen: PageClient) -> None:
    version = value(owen.get(at(firm, "delete-group")), "version")
    owen.post(at(firm, "delete-group"), {"version": version, "answer": answer})
    assert exists(firm)


def test_a_stale_confirmation_deletes_nothing_and_says_what_changed(firm: Cast, owen: PageClient) -> None:
    version = value(owen.get(at(firm, "delete-group")), "version")
    do(firm.firm, AddMember(name="Fflur"), member=1)
    response = owen.post(at(firm, "delete-group"), {"version": version, "answer": "yes"})
    assert "Team member added (Owen)" in text(response)
    assert exists(firm)


def test_a_list_of_groups_takes_the_same_few_queries_whatever_its_size(
    firm: Cast, owen: PageClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        do(firm.firm, CreateGroup(name=f"Group {number:02}"))
    groups(owen, firm)
    # Session, user, places, groups, services.
    with django_assert_num_queries(5):
        groups(owen, firm)
