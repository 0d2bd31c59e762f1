"""What a firm's real provider tells of who signs in, carried over to their place: where the firm wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from django.urls import reverse

from ringfence.access import OPERATOR, firm_state
from ringfence.access.ledger.entries import entries
from ringfence.access.providers import change_provider, provider_numbered
from ringfence.access.provisioning import member_row
from ringfence.core.commands.definitions import AddToGroup, ChangeMember, CreateGroup
from tests.web.cast import CAI, DILYS, OWEN, Cast, do
from tests.web.reading import heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient
    from tests.web.journeys.single_sign_on.firm_provider import FirmProvider


@pytest.fixture
def carrying(provider: FirmProvider) -> FirmProvider:
    """The firm's provider, whose word changes members."""
    carry(provider, external_claim="preferred_username")
    return provider


def carry(provider: FirmProvider, **claims: str) -> None:
    kept = provider_numbered(provider.firm, provider.number)
    assert kept is not None
    settings = msgspec.structs.replace(kept.openid, carries=True, **claims)
    change_provider(provider.firm, provider.number, actor=OPERATOR, settings=settings)


def tell(provider: FirmProvider, **claims: object) -> None:
    """Have the provider say this of Cai."""
    peer = provider.peer
    peer.change(people=[each | claims if each["sub"] == "cai" else each for each in peer.people])


def directory_group(cast: Cast, name: str, external: str = "") -> int:
    """A group that the directory keeps, with Dilys in it."""
    do(cast.firm, CreateGroup(name=name, external=external, directory=True))
    group = max(firm_state(cast.firm).groups)
    do(cast.firm, AddToGroup(group=group, members=frozenset({DILYS}), directory=True))
    return group


def last_entries(cast: Cast, version: int) -> list[tuple[str, str]]:
    return [(each.command, each.reason) for each in entries(cast.firm, after=version)]


def test_name_and_external_id_become_what_the_provider_tells(
    cast: Cast, carrying: FirmProvider, visitor: PageClient
) -> None:
    tell(carrying, name="Cai Pritchard", preferred_username="E-17")
    assert heading(carrying.come(visitor, "cai")) == "Clients"
    assert member_row(firm_state(cast.firm), CAI)[1:4:2] == ("Cai Pritchard", "E-17")


def test_they_join_and_leave_the_directorys_groups_alone(
    cast: Cast, carrying: FirmProvider, visitor: PageClient
) -> None:
    named, by_id, left = (
        directory_group(cast, "Payroll"),
        directory_group(cast, "Audit team", "0a7c-11"),
        directory_group(cast, "Leavers"),
    )
    do(cast.firm, AddToGroup(group=left, members=frozenset({CAI}), directory=True))
    do(cast.firm, CreateGroup(name="Kept here", members=frozenset({CAI})))
    here = max(firm_state(cast.firm).groups)
    tell(carrying, groups=["PAYROLL", "0a7c-11", "Unknown here"])
    carrying.come(visitor, "cai")
    now = firm_state(cast.firm)
    assert [CAI in now.groups[group] for group in (named, by_id, left, here)] == [True, True, False, True]
    assert all(DILYS in now.groups[group] for group in (named, by_id, left))


def test_all_of_it_is_one_entry_that_names_the_provider(
    cast: Cast, carrying: FirmProvider, visitor: PageClient
) -> None:
    directory_group(cast, "Payroll")
    tell(carrying, name="Cai Pritchard", groups=["Payroll"])
    before = firm_state(cast.firm).version
    carrying.come(visitor, "cai")
    changed = [each for each in last_entries(cast, before) if each[0] == "member.change"]
    assert changed == [("member.change", "Test directory")]
    assert firm_state(cast.firm).version - before <= 2


def test_a_second_sign_in_that_tells_the_same_changes_nothing(
    cast: Cast, carrying: FirmProvider, visitor: PageClient
) -> None:
    directory_group(cast, "Payroll")
    tell(carrying, name="Cai Pritchard", preferred_username="E-17", groups=["Payroll"])
    carrying.come(visitor, "cai")
    before = firm_state(cast.firm).version
    carrying.come(visitor, "cai")
    assert not [each for each in last_entries(cast, before) if each[0].startswith(("member", "group"))]


def test_who_tells_nothing_of_groups_takes_nobody_out(
    cast: Cast, carrying: FirmProvider, visitor: PageClient
) -> None:
    group = directory_group(cast, "Payroll")
    do(cast.firm, AddToGroup(group=group, members=frozenset({CAI}), directory=True))
    tell(carrying, groups=None)
    carrying.come(visitor, "cai")
    assert CAI in firm_state(cast.firm).groups[group]


def test_what_cannot_be_taken_over_keeps_nobody_out(
    cast: Cast, carrying: FirmProvider, visitor: PageClient
) -> None:
    do(cast.firm, ChangeMember(member=OWEN, external="E-1"))
    tell(carrying, name="x" * 101, preferred_username="e-1")
    before = member_row(firm_state(cast.firm), CAI)
    assert heading(carrying.come(visitor, "cai")) == "Clients"
    assert member_row(firm_state(cast.firm), CAI) == before


def test_where_the_firm_does_not_want_it_nothing_is_changed(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    group = directory_group(cast, "Payroll")
    tell(provider, name="Cai Pritchard", groups=["Payroll"])
    provider.come(visitor, "cai")
    now = firm_state(cast.firm)
    assert CAI not in now.groups[group]
    assert member_row(now, CAI).name != "Cai Pritchard"


def test_an_administrator_chooses_it_on_a_page(cast: Cast, provider: FirmProvider, owen: PageClient) -> None:
    address = reverse("change-provider", args=[cast.firm, provider.number, "carries"])
    assert heading(owen.get(address)) == "Should what the provider tells change the team member?"
    page = owen.post(address, {"carries": "yes"}, follow=True)
    assert "Name, external id and the directory’s access groups become what the provider tells" in text(page)
    kept = provider_numbered(cast.firm, provider.number)
    assert kept is not None
    assert kept.openid.carries
