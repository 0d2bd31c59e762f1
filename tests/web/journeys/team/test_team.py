"""The list of team members: searched, filtered, each with what they can open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import Actor
from ringfence.access.invitations import invite
from ringfence.core.commands.definitions import AddMember, CreateGroup, DeactivateMember
from tests.web.cast import CAI, DILYS, OWEN, VAT_GROUP, Cast, do, grouped
from tests.web.reading import link, names, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def team(client: PageClient, cast: Cast, **query: Any) -> Any:
    return client.get(reverse("team", args=[cast.firm]), query)


@pytest.fixture
def firm(cast: Cast) -> Cast:
    grouped(cast.firm)
    return cast


def test_each_member_stands_with_role_groups_and_how_many_clients_they_can_open(
    firm: Cast, owen: PageClient
) -> None:
    found = {row[0].split()[0]: row[1:] for row in rows(team(owen, firm))}
    assert found["Cai"] == ["cai@pike.example", "Standard", "VAT team", "6"]
    # Fortune 500's Income Tax is open to all, so a part of every client is open to Dilys too.
    assert found["Dilys"] == ["dilys@pike.example", "Standard", "None", "6"]
    assert found["Ada"] == ["ada@pike.example", "Auditor", "None", "0"]
    assert found["Enid"][-1] == "0"


def test_who_was_deactivated_is_marked_and_opens_nothing(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, DeactivateMember(member=DILYS))
    assert ["Dilys Inactive", "dilys@pike.example", "Standard", "None", "0"] in rows(team(owen, firm))


def test_who_has_not_come_in_yet_is_marked(firm: Cast, owen: PageClient) -> None:
    assert "Cai Not invited yet" in names(team(owen, firm))
    invite(firm.firm, CAI, actor=Actor(OWEN))
    assert "Cai Invited" in names(team(owen, firm))
    assert [name.split()[0] for name in names(team(owen, firm, state="invited"))] == ["Cai"]
    user = firm.users["Cai"]
    user.set_password("correct horse battery")
    user.save()
    assert "Cai" in names(team(owen, firm))
    assert names(team(owen, firm, state="active")) == ["Cai"]


@pytest.mark.parametrize("search", ["dil", "DILYS@PIKE"])
def test_members_are_found_by_name_or_address(search: str, firm: Cast, owen: PageClient) -> None:
    assert [name.split()[0] for name in names(team(owen, firm, search=search))] == ["Dilys"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"role": "auditor"}, ["Ada"]),
        ({"state": "inactive"}, ["Dilys"]),
        ({"group": str(VAT_GROUP)}, ["Cai"]),
        ({"group": str(VAT_GROUP), "role": "auditor"}, []),
        ({"role": "nobody", "state": "<b>", "group": "4711"}, ["Ada", "Cai", "Dilys", "Enid", "Owen"]),
    ],
)
def test_the_list_is_filtered(
    query: dict[str, str], expected: list[str], firm: Cast, owen: PageClient
) -> None:
    do(firm.firm, DeactivateMember(member=DILYS))
    assert [name.split()[0] for name in names(team(owen, firm, **query))] == expected


def test_a_filter_stays_from_page_to_page_and_can_be_cleared(firm: Cast, owen: PageClient) -> None:
    for number in range(25):
        do(firm.firm, AddMember(name=f"Person {number:02}"))
    page = team(owen, firm, role="standard", page="2")
    assert "Showing 21 to 28 of 28 team members" in text(page)
    assert "role=standard" in link(page, "Previous page")
    assert link(page, "Clear the search") == reverse("team", args=[firm.firm])


def test_many_groups_of_a_member_are_counted(firm: Cast, owen: PageClient) -> None:
    for number in range(5):
        do(firm.firm, CreateGroup(name=f"Group {number}", members=frozenset({CAI})))
    found = {row[0].split()[0]: row for row in rows(team(owen, firm))}
    assert found["Cai"][3] == "Group 0Group 1Group 2and 3 more"


def test_an_auditor_reads_the_list(firm: Cast, ada: PageClient) -> None:
    assert len(rows(team(ada, firm))) == 5
