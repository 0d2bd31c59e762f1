"""Emergency access in the pictures of who reaches what: told apart from what was given (rules.md 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.core.commands.definitions import AddMember, EndEmergency, OpenEmergency
from tests.web.cast import BAKER, DILYS, Cast, do
from tests.web.reading import rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

BY_EMERGENCY = "Emergency access: Baker & Sons"


@pytest.fixture
def opened(cast: Cast) -> Cast:
    do(cast.firm, OpenEmergency(client=BAKER, reason="Their return is due."), DILYS)
    return cast


def said(page: PageClient, route: str, *of: int) -> str:
    """What the table beside the picture says that Dilys reaches."""
    (reached,) = [row[1] for row in rows(page.get(reverse(route, args=of))) if row[0].startswith("Dilys")]
    return reached


def test_the_picture_of_the_firm_has_it(opened: Cast, owen: PageClient) -> None:
    assert BY_EMERGENCY in said(owen, "firm-picture", opened.firm)


def test_the_picture_of_a_large_firm_names_who_has_it(opened: Cast, owen: PageClient) -> None:
    for number in range(14):
        do(opened.firm, AddMember(name=f"Member {number:02}", email=f"m{number}@pike.example"))
    assert BY_EMERGENCY in said(owen, "firm-picture", opened.firm)


def test_the_picture_of_a_member_tells_it_from_own_access(opened: Cast, owen: PageClient) -> None:
    reached = said(owen, "member-picture", opened.firm, DILYS)
    assert BY_EMERGENCY in reached
    assert "Own access" not in reached


def test_ones_own_picture_has_it(opened: Cast, dilys: PageClient) -> None:
    page = dilys.get(reverse("your-picture", args=[opened.firm]))
    assert BY_EMERGENCY in text(page)


def test_the_picture_of_a_client_tells_it_from_own_access(opened: Cast, owen: PageClient) -> None:
    reached = said(owen, "client-picture", opened.firm, BAKER)
    assert BY_EMERGENCY in reached
    assert "Own access" not in reached


def test_who_shares_a_client_sees_it_beside_what_was_given(opened: Cast, cai: PageClient) -> None:
    assert BY_EMERGENCY in said(cai, "client-picture", opened.firm, BAKER)


def test_what_ended_is_drawn_no_more(opened: Cast, owen: PageClient) -> None:
    do(opened.firm, EndEmergency(client=BAKER, member=DILYS))
    page = owen.get(reverse("client-picture", args=[opened.firm, BAKER]))
    assert "Emergency access" not in text(page)
