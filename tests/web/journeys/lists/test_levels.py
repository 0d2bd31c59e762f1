"""The preview of a list of access says from which level to which access changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from ringfence.core.commands.definitions import ChangeSettings, On, SetGrant, TurnOn
from ringfence.core.terms import Level, member_subject
from tests.web.cast import BAKER, DILYS, Cast, do
from tests.web.journeys.lists.test_lists import press, sent
from tests.web.reading import text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def test_from_which_level_to_which_access_changes_is_shown_before_it_is_saved(
    owen: PageClient, cast: Cast
) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.OWNER))
    content = b"Client reference,Email,Level\nB-01,dilys@pike.example,reader\n"
    address = sent(owen, cast, content, kind="access", name="access.csv")
    told = text(press(owen, address, "columns"))
    levels = "(before: can view, manage and remove; after: can view only)"
    assert f"Dilys: Baker & Sons {levels}" in told


def test_a_firm_of_one_level_is_told_of_no_column_for_another(owen: PageClient, cast: Cast) -> None:
    address = reverse("add-list", args=[cast.firm, "clients"])
    shown = text(owen.get(address))
    assert "if you like, a column Editor with the access groups and team members who get access" in shown
    assert "Reader" not in shown
    do(cast.firm, ChangeSettings(values={"levels": "four"}))
    assert "columns Owner, Editor, Reader and Blocked" in text(owen.get(address))
