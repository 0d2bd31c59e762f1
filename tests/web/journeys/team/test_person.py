"""One page per person: every way by which they reach clients, what they reach, and what they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    ChangeSettings,
    CreateGroup,
    DeactivateMember,
    On,
    RaiseWall,
    SetDelegation,
    SetGrant,
    TurnOff,
)
from ringfence.core.terms import Instant, Level, group_subject, member_subject
from ringfence.core.values import Side
from tests.web.cast import (
    ADA,
    BAKER,
    CAI,
    DILYS,
    ENID,
    FORTUNE,
    FORTUNE_VAT,
    INCOME_TAX,
    PLAIN,
    VAT,
    VAT_GROUP,
    WELSH,
    Cast,
    add_clients,
    do,
    grouped,
)
from tests.web.reading import heading, link, names, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def page(client: PageClient, cast: Cast, member: int = CAI, route: str = "member", **query: Any) -> Any:
    return client.get(reverse(route, args=[cast.firm, member]), query)


def give(
    cast: Cast, on: On, *, member: int = CAI, level: Level = Level.EDITOR, expires: int | None = None
) -> None:
    do(
        cast.firm,
        SetGrant(
            to=(member_subject(member),),
            on=on,
            level=level,
            expires=None if expires is None else Instant(expires),
        ),
    )


def ways(response: Any) -> dict[str, list[str]]:
    """The table of ways: what each lets one do and how many clients, by its text."""
    return {row[0]: row[1:3] for row in rows(response)}


@pytest.fixture
def firm(cast: Cast) -> Cast:
    grouped(cast.firm)
    return cast


def test_the_page_says_who_somebody_is_and_what_they_may(firm: Cast, owen: PageClient) -> None:
    shown = text(page(owen, firm))
    assert heading(page(owen, firm)) == "Cai"
    assert "cai@pike.example" in shown
    assert "Standard: Works with the clients that are open to them." in shown
    assert "May use client records." in shown
    assert "May not use client records." in text(page(owen, firm, ENID))


def test_who_has_not_come_in_yet_is_led_to_their_invitation(
    firm: Cast, owen: PageClient, ada: PageClient
) -> None:
    shown = page(owen, firm)
    assert link(shown, "Invite them") == reverse("invite-member", args=[firm.firm, CAI])
    assert "Invite them" not in text(page(ada, firm))
    do(firm.firm, DeactivateMember(member=CAI))
    assert "Invite them" not in text(page(owen, firm))


def test_how_far_somebody_has_come_in_is_said_once(firm: Cast, owen: PageClient) -> None:
    assert text(page(owen, firm)).count("Not invited yet") == 1


def test_each_way_stands_with_its_number_of_clients(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER))
    give(firm, On.service(INCOME_TAX), level=Level.READER)
    found = ways(page(owen, firm))
    assert found["Own access"] == ["On single clients", "1 by: Own access"]
    assert found["Access group VAT team"][1].startswith("1")
    # Editor of what is open to all is more than Reader, so the wide grant gives nothing more of its own.
    assert found["Own access to all with Income Tax"][0] == "Can view only"


def test_a_group_that_decides_nothing_says_so(firm: Cast, owen: PageClient) -> None:
    give(firm, On.engagement(FORTUNE_VAT))
    found = ways(page(owen, firm))["Access group VAT team"]
    assert "Something else decides about all of its clients." in found[0]
    assert found[1] == "0"


def test_openness_is_a_way_and_control_turned_off_another(firm: Cast, owen: PageClient) -> None:
    assert ways(page(owen, firm))["Open to everybody"][1].startswith("6")
    do(firm.firm, TurnOff())
    assert ways(page(owen, firm))["Access groups are turned off"][1].startswith("6")


def test_a_number_leads_to_the_clients_of_that_way_alone(firm: Cast, owen: PageClient) -> None:
    response = page(owen, firm)
    number = link(response, "1 by: Access group VAT team")
    found = owen.get(number)
    assert names(found) == ["Fortune 500"]
    assert "Filtered by: Access group VAT team" in text(found)


def test_what_has_expired_is_listed_and_gives_nothing(
    firm: Cast, owen: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = firm_state(firm.firm).now
    give(firm, On.service(VAT), expires=now + 1_000_000)
    monkeypatch.setattr("ringfence.access.clock.clock", lambda: Instant(now + 2_000_000))
    found = ways(page(owen, firm))["Own access to all with VAT"]
    assert "It has expired and gives nothing any more." in found[0]
    assert found[1] == "0"


def test_delegations_stand_on_both_pages(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, ChangeSettings(values={"delegation": True}))
    give(firm, On.client(BAKER), member=DILYS)
    do(firm.firm, SetDelegation(delegator=DILYS, delegate=CAI, cap=Level.READER, cascades=False))
    found = ways(page(owen, firm))["Delegated by Dilys"]
    assert found[0] == "At most: Can view only, goes no further"
    assert found[1].startswith("1")
    through = text(page(owen, firm, DILYS))
    assert "Who reaches clients through them" in through
    assert rows(page(owen, firm, DILYS))[-1][0] == "Cai"


def test_blocks_and_walls_stand_with_their_clients(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(WELSH), level=Level.BLOCKED)
    do(
        firm.firm,
        CreateGroup(name="Kept out", members=frozenset({CAI}), on=On.client(PLAIN), level=Level.BLOCKED),
    )
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({BAKER})))
    do(firm.firm, RaiseWall(name="Case 7", sides=sides))
    shown = text(page(owen, firm))
    assert "Blocked personally: 1 client" in shown
    assert "Blocked by the access group Kept out: 1 client" in shown
    assert "Kept away by a wall: 1 client" in shown


def test_an_inactive_member_opens_nothing_and_keeps_what_was_given(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, DeactivateMember(member=CAI))
    response = page(owen, firm)
    assert "This team member is not active and opens nothing." in text(response)
    assert ways(response)["Access group VAT team"][1] == "0"


def test_beside_each_client_stands_by_what_it_is_reached(firm: Cast, owen: PageClient) -> None:
    found = {row[0]: row[3] for row in rows(page(owen, firm, route="member-clients"))}
    assert found["Fortune 500"] == "VAT: Access group VAT team Income Tax: Open to everybody"
    assert found["Baker & Sons"] == "Open to everybody"


def test_the_list_leads_to_the_proof(firm: Cast, owen: PageClient) -> None:
    response = page(owen, firm, route="member-clients")
    assert link(response, "Why: Fortune 500") == reverse("why-member", args=[firm.firm, FORTUNE, CAI])


def test_what_they_reach_is_searched_and_filtered_by_service(firm: Cast, owen: PageClient) -> None:
    assert names(page(owen, firm, route="member-clients", search="baker")) == ["Baker & Sons"]
    # Only a service that they can open themselves makes a client one of the service's.
    assert "Fortune 500" in names(page(owen, firm, route="member-clients", service=VAT))
    assert "Fortune 500" not in names(page(owen, firm, DILYS, route="member-clients", service=VAT))


def test_totals_are_exact_over_all_pages(firm: Cast, owen: PageClient) -> None:
    add_clients(firm.firm, 30)
    response = page(owen, firm, route="member-clients", page=2)
    assert "Showing 26 to 36 of 36 clients" in text(response)


def test_what_they_do_not_reach_stands_with_why(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER), member=DILYS)
    give(firm, On.client(WELSH), level=Level.BLOCKED)
    found = {row[0]: row[3] for row in rows(page(owen, firm, route="member-clients", show="closed"))}
    assert found == {"Baker & Sons": "Not given access", "Llŷr Ŵyn Cyfyngedig": "Blocked personally"}
    everything = {row[0]: row[3] for row in rows(page(owen, firm, ADA, "member-clients", show="closed"))}
    assert len(everything) == 6
    assert set(everything.values()) == {"Without the permission to use client records"}


def test_a_way_that_there_is_not_is_passed_over(firm: Cast, owen: PageClient) -> None:
    assert len(rows(page(owen, firm, route="member-clients", by="group-group-99"))) == 6


def test_own_grants_stand_client_by_client_also_expired_and_blocked_ones(
    firm: Cast, owen: PageClient
) -> None:
    give(firm, On.client(BAKER), expires=4_000_000_000_000_000)
    give(firm, On.engagement(FORTUNE_VAT), level=Level.BLOCKED)
    found = {row[0]: row[2] for row in rows(page(owen, firm, route="member-access"))}
    assert found["Baker & Sons"].startswith("The whole client: Can view and manage, until")
    assert found["Fortune 500"].startswith("VAT: Blocked")


def test_where_every_client_keeps_an_owner_another_can_be_named_there(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER), level=Level.OWNER)
    assert "Name another owner" not in text(page(owen, firm, route="member-access"))
    do(firm.firm, ChangeSettings(values={"owner_required": True}))
    found = page(owen, firm, route="member-access")
    choose = reverse("choose-owner", args=[firm.firm, BAKER])
    assert link(found, "Name another owner in their place: Baker & Sons") == f"{choose}?instead={CAI}"


def test_a_groups_grants_are_nobodys_own(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, SetGrant(to=(group_subject(VAT_GROUP),), on=On.client(BAKER), level=Level.EDITOR))
    assert rows(page(owen, firm, route="member-access")) == []


@pytest.mark.parametrize("route", ["member", "member-clients", "member-access"])
def test_nobody_has_no_page(route: str, firm: Cast, owen: PageClient) -> None:
    assert page(owen, firm, 4711, route).status_code == 404


@pytest.mark.parametrize("route", ["member", "member-clients", "member-access"])
def test_an_auditor_reads_the_page_and_changes_nothing(route: str, firm: Cast, ada: PageClient) -> None:
    response = page(ada, firm, route=route)
    assert response.status_code == 200
    assert "Remove" not in text(response)
