"""A list that raises what somebody may do is saved for who has just shown that it is them, as any change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.core.commands.definitions import CreateGroup, On
from ringfence.firms.models import ListUpload
from tests.web.cast import BAKER, Cast, do
from tests.web.confirmed import confirmed_ago
from tests.web.journeys.lists.test_lists import press, sent
from tests.web.reading import heading, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def saved(client: PageClient, address: str) -> str:
    """The heading after its save was pressed, by who showed a quarter of an hour before that it is them."""
    press(client, address, "columns")
    turn = value(client.get(address), "turn")
    confirmed_ago(client)
    return heading(client.post(address, {"turn": turn, "go": "save"}, follow=True))


@pytest.fixture
def firm(cast: Cast) -> int:
    """With a group that has all clients, and one that has a single one."""
    do(cast.firm, CreateGroup(name="Partners", on=On(all=True)))
    do(cast.firm, CreateGroup(name="Bakers", on=On.client(BAKER)))
    return cast.firm


def test_a_list_of_access_that_lets_somebody_join_who_has_all_clients_asks_first(
    owen: PageClient, cast: Cast, firm: int
) -> None:
    address = sent(owen, cast, b"Access group,Email\nPartners,dilys@pike.example\n", kind="access")
    assert saved(owen, address) == "Confirm that it is you"
    assert ListUpload.objects.get(firm=firm).stage == "ready"


def test_a_list_of_access_that_raises_nobodys_power_is_saved_at_once(
    owen: PageClient, cast: Cast, firm: int
) -> None:
    address = sent(owen, cast, b"Access group,Email\nBakers,dilys@pike.example\n", kind="access")
    assert saved(owen, address) != "Confirm that it is you"
