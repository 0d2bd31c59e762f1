"""Your account: what one is in, what one can open by it and besides, and whom to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.core.commands.definitions import (
    ChangeSettings,
    CreateGroup,
    ExcludeClients,
    On,
    OpenRequest,
    SetDelegation,
    SetGrant,
)
from ringfence.core.terms import EVERYONE, Level, group_subject, member_subject
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, QUOTED, VAT, VAT_GROUP, Cast, do, grouped
from tests.web.reading import link, names, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def account(client: PageClient, cast: Cast) -> Any:
    return client.get(reverse("your-account", args=[cast.firm]))


def group(client: PageClient, cast: Cast, number: int = VAT_GROUP, **query: Any) -> Any:
    return client.get(reverse("your-group", args=[cast.firm, number]), query)


def others(client: PageClient, cast: Cast, **query: Any) -> Any:
    return client.get(reverse("your-other-clients", args=[cast.firm]), query)


@pytest.fixture
def firm(cast: Cast) -> Cast:
    grouped(cast.firm)
    return cast


def test_own_groups_stand_with_the_clients_that_they_give(firm: Cast, cai: PageClient) -> None:
    assert rows(account(cai, firm))[0] == ["VAT team", "1 client"]


def test_who_is_in_no_group_is_told_so(firm: Cast, dilys: PageClient) -> None:
    assert "You are not in any access group." in text(account(dilys, firm))


def test_the_administrators_stand_with_their_addresses(firm: Cast, dilys: PageClient) -> None:
    assert ["Owen", "owen@pike.example"] in rows(account(dilys, firm))
    assert "Ada" not in names(account(dilys, firm))


def test_while_off_it_is_said_who_can_turn_it_on(cast: Cast, dilys: PageClient) -> None:
    shown = text(account(dilys, cast))
    assert "Access groups are turned off. Everybody who uses client records can open every client." in shown
    assert "Only administrators can turn access groups on." in shown


def test_a_groups_page_shows_the_services_that_it_gives(firm: Cast, cai: PageClient) -> None:
    assert rows(group(cai, firm)) == [["Fortune 500", "F500", "VAT GB 123 4567 89"]]


def test_a_groups_page_is_for_its_members_alone(firm: Cast, owen: PageClient, dilys: PageClient) -> None:
    assert group(dilys, firm).status_code == 403
    assert group(owen, firm).status_code == 403
    assert group(dilys, firm, 4711).status_code == 404


def test_a_client_that_the_group_leaves_out_is_not_shown_as_ones_own(firm: Cast, cai: PageClient) -> None:
    do(firm.firm, CreateGroup(name="All VAT", members=frozenset({CAI}), on=On.service(VAT)))
    do(firm.firm, ExcludeClients(group=VAT_GROUP + 1, service=VAT, clients=On.client(BAKER).clients))
    assert names(group(cai, firm, VAT_GROUP + 1)) == ["Fortune 500", 'Quoted "Ltd" <b>']


def test_a_client_that_one_is_blocked_from_is_not_shown_as_ones_own(firm: Cast, cai: PageClient) -> None:
    do(firm.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.BLOCKED))
    assert names(group(cai, firm)) == []
    assert "Fortune 500" not in names(others(cai, firm))


def test_other_clients_stand_with_by_what_they_are_open(firm: Cast, cai: PageClient) -> None:
    do(firm.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    found = {row[0]: row[2:4] for row in rows(others(cai, firm))}
    assert found["Baker & Sons"] == ["VAT GB 987 6543 21", "Own access"]
    # Of Fortune 500 the group gives VAT; the rest of it is open to all.
    assert found["Fortune 500"] == ["Income Tax 1234567890", "Open to everybody"]
    assert link(others(cai, firm), "Why: Baker & Sons") == reverse("why-me", args=[firm.firm, BAKER])


def test_other_clients_are_searched_and_filtered(firm: Cast, cai: PageClient) -> None:
    assert names(others(cai, firm, search="baker")) == ["Baker & Sons"]
    assert "Fortune 500" not in names(others(cai, firm, service=VAT))


def test_what_was_given_to_the_group_of_all_stands_among_ones_groups(firm: Cast, dilys: PageClient) -> None:
    do(firm.firm, SetGrant(to=(group_subject(EVERYONE),), on=On.client(QUOTED), level=Level.EDITOR))
    assert ["Everyone", "1 client"] in rows(account(dilys, firm))
    assert names(group(dilys, firm, EVERYONE)) == ['Quoted "Ltd" <b>']


def test_delegations_are_told_only_while_the_firm_has_them(firm: Cast, cai: PageClient) -> None:
    do(firm.firm, ChangeSettings(values={"delegation": True}))
    do(firm.firm, SetDelegation(delegator=DILYS, delegate=CAI))
    assert "Dilys delegates to you" in text(account(cai, firm))
    do(firm.firm, ChangeSettings(values={"delegation": False}))
    assert "Dilys" not in text(account(cai, firm))


def test_own_requests_are_told_only_while_the_firm_has_them(firm: Cast, dilys: PageClient) -> None:
    do(firm.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    do(firm.firm, ChangeSettings(values={"requests": True, "inaccessible": "named"}))
    do(firm.firm, OpenRequest(client=BAKER, reason="For the return"), DILYS)
    assert "What you have asked for Baker & Sons: Can view and manage" in text(account(dilys, firm))
    do(firm.firm, ChangeSettings(values={"inaccessible": "hidden"}))
    assert "Baker" not in text(account(dilys, firm))
    do(firm.firm, ChangeSettings(values={"requests": False, "inaccessible": "named"}))
    assert "Baker" not in text(account(dilys, firm))


def test_an_auditor_is_led_to_the_control_side_and_shown_no_client(firm: Cast, ada: PageClient) -> None:
    do(firm.firm, SetGrant(to=(group_subject(EVERYONE),), on=On.client(QUOTED), level=Level.EDITOR))
    assert link(account(ada, firm), "See who has access to what") == reverse("manage", args=[firm.firm])
    assert names(group(ada, firm, EVERYONE)) == []
    assert names(others(ada, firm)) == []


def test_nothing_can_be_changed_from_ones_own_account(firm: Cast, owen: PageClient) -> None:
    assert "Remove" not in text(account(owen, firm))
