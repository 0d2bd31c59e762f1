"""Pictures of who reaches what: what is drawn of a firm, a member and a client, in words, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from ringfence.access import Side, entries, firm_state
from ringfence.core.commands.definitions import (
    AddMember,
    ChangeSettings,
    CreateGroup,
    On,
    RaiseWall,
    SetDelegation,
    SetGrant,
)
from ringfence.core.terms import EVERYONE, Level, group_subject, member_subject
from tests.support.advisers import ASSISTANT, FIRST, IYER, OKAFOR, SECOND, THIRD, Practice, practice
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, PLAIN, VAT, Cast, add_clients, do, grouped
from tests.web.reading import heading, link, names, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Any, str], "PageClient"]


@pytest.fixture
def advisers(db: None) -> Practice:
    return practice()


@pytest.fixture
def principal(advisers: Practice, signed_in: SignIn) -> PageClient:
    return signed_in(advisers, "Principal")


def told(response: Any) -> dict[str, str]:
    """The table beside the picture: by each box what it reaches."""
    return {row[0]: row[1] for row in rows(response)}


def at(route: str, firm: int, *rest: object) -> str:
    return reverse(route, args=[firm, *rest])


def test_the_picture_of_a_practice_is_that_of_its_document(advisers: Practice, principal: PageClient) -> None:
    said = told(principal.get(at("firm-picture", advisers.firm)))
    assert {key: said[key] for key in said if key.startswith(("Adviser", "Assistant"))} == {
        "Assistant 1opens 3 clients": "Through delegation: Adviser 1, Adviser 2",
        "Adviser 1opens 2 clients": "Own access to a client: Mr and Mrs Okafor",
        "Adviser 2opens 2 clients": "Own access to a client: Lindqvist Family",
        "Adviser 3opens 2 clients": "Own access to a client: Dr Ramesh Iyer",
    }


def test_who_is_linked_with_no_share_reaches_that_client_and_so_does_their_delegate(
    advisers: Practice, principal: PageClient
) -> None:
    do(
        advisers.firm,
        SetGrant(to=(member_subject(SECOND),), on=On.client(IYER), level=Level.OWNER, fee_split=0),
    )
    response = principal.get(at("client-picture", advisers.firm, IYER))
    assert "Through delegation: Adviser 2" in str(told(response))


def test_a_chain_of_delegations_is_drawn_hop_by_hop(advisers: Practice, principal: PageClient) -> None:
    do(advisers.firm, SetDelegation(delegator=THIRD, delegate=SECOND))
    said = told(principal.get(at("member-picture", advisers.firm, ASSISTANT)))
    assert said["Adviser 2"].startswith("Own access to a client: ")
    assert "Through delegation: Adviser 3" in said["Adviser 2"]


def test_a_circle_of_delegations_is_drawn(advisers: Practice, principal: PageClient) -> None:
    do(advisers.firm, SetDelegation(delegator=ASSISTANT, delegate=FIRST))
    for number in (FIRST, ASSISTANT):
        assert principal.get(at("member-picture", advisers.firm, number)).status_code == 200
    assert principal.get(at("client-picture", advisers.firm, OKAFOR)).status_code == 200


def test_ones_own_picture_tells_no_more_of_a_delegator_than_that_they_delegate(
    advisers: Practice, signed_in: SignIn
) -> None:
    response = signed_in(advisers, "Assistant 1").get(at("your-picture", advisers.firm))
    assert heading(response) == "What you can open, and by what"
    (person,) = [value for key, value in told(response).items() if key.startswith("Assistant 1 (you)")]
    assert "Through delegation: Adviser 1, Adviser 2" in person
    assert "Own access" not in text(response)


def test_clients_that_are_reached_alike_share_a_box_that_opens(cast: Cast, owen: PageClient) -> None:
    add_clients(cast.firm, 30)
    do(cast.firm, CreateGroup(name="All VAT", members=frozenset({CAI}), on=On.service(VAT)))
    grouped(cast.firm)
    response = owen.get(at("firm-picture", cast.firm))
    said = told(response)
    assert "32 clients" in said["All VAT1 team member, 33 clients"]
    listed = owen.get(link(response, "32 clients"))
    assert "Showing all 32 clients" in text(listed)
    assert "Baker & Sons" in names(listed)
    assert "Fortune 500" not in names(listed)


def test_a_box_that_is_not_there_any_more_leads_back_to_the_picture(cast: Cast, owen: PageClient) -> None:
    response = owen.get(at("firm-picture-box", cast.firm, "cc0123456789ab"), follow=True)
    assert "The picture has changed since you saw it" in text(response)


def test_members_who_stand_alike_share_a_box_that_opens(cast: Cast, owen: PageClient) -> None:
    for number in range(12):
        do(cast.firm, AddMember(name=f"Member {number:02}", email=f"m{number}@pike.example"))
    grouped(cast.firm)
    response = owen.get(at("firm-picture", cast.firm))
    listed = owen.get(link(response, "14 team members"))
    assert "Member 07" in names(listed)
    assert "Cai" not in names(listed)


def test_more_groups_than_one_picture_holds_stand_in_further_parts(cast: Cast, owen: PageClient) -> None:
    for number in range(10):
        do(cast.firm, CreateGroup(name=f"Group {number}", members=frozenset({CAI}), on=On.client(FORTUNE)))
    first = owen.get(at("firm-picture", cast.firm))
    assert "2 other access groups" in text(first)
    second = owen.get(link(first, "Part 2 of 2"))
    assert "Group 9" in text(second)
    assert "8 other access groups" in text(second)


def test_a_block_is_drawn_as_keeping_out(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.BLOCKED))
    said = told(owen.get(at("member-picture", cast.firm, CAI)))
    (reached,) = [value for key, value in said.items() if key.startswith("Cai")]
    assert "Kept out: Baker & Sons" in reached


def test_a_wall_is_drawn_for_administrators_and_never_for_the_member(
    cast: Cast, owen: PageClient, cai: PageClient
) -> None:
    grouped(cast.firm)
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({PLAIN})))
    do(cast.firm, RaiseWall(name="Rivals", sides=sides))
    for route, rest in (("member-picture", CAI), ("client-picture", PLAIN)):
        assert "wall" in text(owen.get(at(route, cast.firm, rest)))
    own = text(cai.get(at("your-picture", cast.firm)))
    assert "wall" not in own
    assert "Plain Person" not in own


def test_the_box_of_ones_own_clients_holds_only_what_one_sees(cast: Cast, cai: PageClient) -> None:
    add_clients(cast.firm, 30)
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.EDITOR))
    response = cai.get(at("your-picture", cast.firm))
    seen = len(firm_state(cast.firm).clients_seen_by(CAI))
    (box,) = [row for row in rows(response) if row[0].startswith("Open to everybody")]
    listed = cai.get(link(response, f"{seen - 1} clients"))
    assert "Baker & Sons" not in names(listed)
    assert f"{seen - 1} clients" in box[1]


def test_control_turned_off_is_said_and_drawn_for_each_member(cast: Cast, owen: PageClient) -> None:
    assert "Everybody who uses client records can open every client" in text(
        owen.get(at("firm-picture", cast.firm))
    )
    assert "Access groups are turned off" in text(owen.get(at("member-picture", cast.firm, CAI)))


def test_who_shares_a_client_sees_what_was_given_on_it_and_no_member_of_a_group(
    cast: Cast, cai: PageClient
) -> None:
    do(cast.firm, ChangeSettings(values={"sharing": "anyone_with_access"}))
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    do(cast.firm, CreateGroup(name="Quiet", members=frozenset({DILYS}), on=On.client(FORTUNE)))
    response = cai.get(at("client-picture", cast.firm, FORTUNE))
    assert heading(response) == "What was given on Fortune 500"
    assert "Quiet" in text(response)
    assert "Dilys" not in text(response)


def test_a_clients_picture_is_not_for_who_neither_shares_it_nor_reads_everybodys_access(
    cast: Cast, dilys: PageClient
) -> None:
    assert dilys.get(at("client-picture", cast.firm, FORTUNE)).status_code == 403
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(group_subject(EVERYONE),), on=On.client(PLAIN), level=Level.BLOCKED))
    assert dilys.get(at("client-picture", cast.firm, PLAIN)).status_code == 404


def test_an_auditor_sees_every_picture(cast: Cast, ada: PageClient) -> None:
    for route, rest in (("firm-picture", ()), ("member-picture", (CAI,)), ("client-picture", (FORTUNE,))):
        assert ada.get(at(route, cast.firm, *rest)).status_code == 200


def test_a_picture_is_taken_out_as_svg_and_noted(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    response = owen.get(at("firm-picture-file", cast.firm))
    assert response["Content-Type"] == "image/svg+xml"
    assert ".svg" in response["Content-Disposition"]
    root = ElementTree.fromstring(response.content)
    assert "Fortune 500" in "".join(root.itertext())
    assert b"href" not in response.content
    last = list(entries(cast.firm))[-1]
    assert (last.command, last.actor.member) == ("export.take", 1)


def test_a_member_who_is_not_there_has_no_picture(cast: Cast, owen: PageClient) -> None:
    assert owen.get(at("member-picture", cast.firm, 77)).status_code == 404


def test_with_control_off_everybody_reaches_every_client_by_that(cast: Cast, owen: PageClient) -> None:
    said = told(owen.get(at("firm-picture", cast.firm)))
    assert "Fortune 500" in said["Access groups are turned off"]


def test_delegations_of_many_are_drawn_between_the_boxes_they_share(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"delegation": True}))
    for number in range(20):
        do(cast.firm, AddMember(name=f"Member {number:02}", email=f"m{number}@pike.example"))
    for number in range(8):
        do(cast.firm, SetDelegation(delegator=6 + number, delegate=16 + number))
    grouped(cast.firm)
    said = told(owen.get(at("firm-picture", cast.firm)))
    (many,) = [value for key, value in said.items() if "others delegate to them" in key]
    assert "Through delegation: " in many
