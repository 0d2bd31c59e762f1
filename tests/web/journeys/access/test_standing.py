"""A client's page lists every grant that stands on it: its end, why it gives nothing, what removing opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    ChangeMember,
    CreateGroup,
    DeactivateMember,
    On,
    RemoveFromGroup,
    SetGrant,
    TurnOn,
)
from ringfence.core.days import close_of, instant
from ringfence.core.terms import Instant, Level, group_subject, member_subject
from tests.web.cast import CAI, DILYS, ENID, FORTUNE, FORTUNE_VAT, VAT, VAT_GROUP, Cast, do
from tests.web.reading import document, link, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

LATER = (datetime.now(UTC) + timedelta(days=400)).date()
OPENS_ALL = "Removing it would open this client to everybody who uses client records."
cai, dilys, enid, vat_group = (
    member_subject(CAI),
    member_subject(DILYS),
    member_subject(ENID),
    group_subject(VAT_GROUP),
)


@pytest.fixture
def firm(cast: Cast) -> int:
    """The agency with control on."""
    do(cast.firm, TurnOn())
    return cast.firm


def given(client: PageClient, firm: int) -> list[str]:
    """The lines of "Given access" on Fortune 500's page."""
    page = document(client.get(reverse("client-access", args=[firm, FORTUNE])))
    lists = [each for each in page.iter("ul") if each.get("class") == "govuk-list govuk-list--spaced"]
    return [" ".join("".join(item.itertext()).split()) for each in lists for item in each]


def end(firm: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what lasts a day have ended."""
    now = firm_state(firm).now
    monkeypatch.setattr("ringfence.access.clock.clock", lambda: Instant(now + 2 * 86_400_000_000))


def test_an_end_is_shown_with_the_level(firm: int, owen: PageClient) -> None:
    expires = close_of(LATER, ZoneInfo("Europe/London"))
    do(firm, SetGrant(to=(cai,), on=On.client(FORTUNE), level=Level.EDITOR, expires=expires))
    (line,) = given(owen, firm)
    assert line.startswith("Cai: Can view and manage, until the end of ")
    assert line.endswith(OPENS_ALL)


def test_a_group_that_holds_all_clients_is_among_those_of_the_client_here_as_in_the_list(
    firm: int, owen: PageClient
) -> None:
    do(firm, CreateGroup(name="VAT team", members=frozenset({CAI})))
    do(firm, SetGrant(to=(vat_group,), on=On(all=True), level=Level.EDITOR))
    page = text(owen.get(reverse("client-access", args=[firm, FORTUNE])))
    assert "Access groups VAT team" in page
    assert "Nobody in particular: the access groups above were given all clients." in page


def test_the_list_says_of_a_client_that_it_is_in_no_group(firm: int, owen: PageClient) -> None:
    do(firm, CreateGroup(name="VAT team", members=frozenset({CAI}), on=On.client(FORTUNE)))
    cells = document(owen.get(reverse("client-access-list", args=[firm]))).iter("td")
    assert any("".join(each.itertext()).split()[-1:] == ["None"] for each in cells)


def test_a_leavers_grant_is_listed_with_why_it_gives_nothing(firm: int, owen: PageClient) -> None:
    do(firm, SetGrant(to=(cai,), on=On.client(FORTUNE), level=Level.EDITOR))
    do(firm, DeactivateMember(member=CAI))
    (line,) = given(owen, firm)
    assert line == (
        f"Cai: Can view and manage The team member is not active, so it gives nothing. {OPENS_ALL}"
    )
    assert "Nobody in particular" not in text(owen.get(reverse("client-access", args=[firm, FORTUNE])))


def test_an_expired_grant_is_listed_with_why_it_gives_nothing(
    firm: int, owen: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = Instant(instant(datetime.now(UTC)) + 86_400_000_000)
    do(firm, SetGrant(to=(cai,), on=On.client(FORTUNE), level=Level.EDITOR, expires=soon))
    end(firm, monkeypatch)
    (line,) = given(owen, firm)
    assert "It has expired and gives nothing any more." in line


def test_the_grant_of_a_group_without_members_is_listed(firm: int, owen: PageClient) -> None:
    do(firm, CreateGroup(name="VAT team", members=frozenset({CAI}), on=On.engagement(FORTUNE_VAT)))
    do(firm, RemoveFromGroup(group=VAT_GROUP, members=frozenset({CAI})))
    (line,) = given(owen, firm)
    assert line.startswith("VAT team (access group), VAT: Can view and manage No active team member is in")
    assert line.endswith("Removing it would open this to everybody who uses client records: VAT.")


def test_the_grant_of_a_member_who_may_use_no_records_is_listed(firm: int, owen: PageClient) -> None:
    do(firm, SetGrant(to=(enid,), on=On.client(FORTUNE), level=Level.EDITOR))
    assert "does not have the permission to use client records" in given(owen, firm)[0]


def test_blocks_and_grants_on_services_are_listed_beside_the_others(firm: int, owen: PageClient) -> None:
    do(firm, CreateGroup(name="VAT team", members=frozenset({CAI}), on=On.service(VAT)))
    do(firm, SetGrant(to=(dilys,), on=On.client(FORTUNE), level=Level.BLOCKED))
    first, second = given(owen, firm)
    assert first.startswith("VAT team (access group), all clients with the service VAT: Can view and manage")
    assert second == "Dilys: Blocked"


def test_one_of_two_grants_opens_nothing_by_being_removed(firm: int, owen: PageClient) -> None:
    do(firm, SetGrant(to=(cai, dilys), on=On.client(FORTUNE), level=Level.EDITOR))
    assert given(owen, firm) == ["Cai: Can view and manage", "Dilys: Can view and manage"]


def test_who_changes_permissions_makes_a_grant_give_nothing(firm: int, owen: PageClient) -> None:
    do(firm, SetGrant(to=(cai,), on=On.client(FORTUNE), level=Level.EDITOR))
    do(firm, ChangeMember(member=CAI, access=False))
    assert "so it gives nothing" in given(owen, firm)[0]


# --- A group's page


def group_page(client: PageClient, firm: int) -> str:
    return text(client.get(reverse("group", args=[firm, VAT_GROUP]), follow=True))


def test_a_group_whose_service_grant_has_expired_draws_no_new_clients(
    firm: int, owen: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(firm, CreateGroup(name="VAT team", members=frozenset({CAI})))
    soon = Instant(instant(datetime.now(UTC)) + 86_400_000_000)
    do(firm, SetGrant(to=(vat_group,), on=On.service(VAT), level=Level.EDITOR, expires=soon))
    assert "New clients of this service join the access group by themselves: VAT." in group_page(owen, firm)
    end(firm, monkeypatch)
    said = group_page(owen, firm)
    assert "join the access group by themselves" not in said
    assert "The access of this access group to all clients with this service has expired: VAT." in said


def test_a_group_that_only_blocks_says_how_many(firm: int, owen: PageClient) -> None:
    do(firm, CreateGroup(name="VAT team", members=frozenset({CAI})))
    do(firm, SetGrant(to=(vat_group,), on=On.client(FORTUNE), level=Level.BLOCKED))
    assert "This access group blocks its team members from 1 client." in group_page(owen, firm)


# --- From here to giving and taking away


def test_who_may_share_the_client_gets_there_from_its_page(firm: int, owen: PageClient) -> None:
    page = owen.get(reverse("client-access", args=[firm, FORTUNE]))
    address = link(page, "Give, change or remove access")
    assert owen.get(address).status_code == 200


def test_who_may_only_read_who_has_access_is_shown_no_such_way(firm: int, ada: PageClient) -> None:
    page = ada.get(reverse("client-access", args=[firm, FORTUNE]))
    assert "Give, change or remove access" not in text(page)
