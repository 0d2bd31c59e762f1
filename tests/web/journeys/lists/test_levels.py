"""The preview of a list of access says from which level to which access changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.core.commands.definitions import On, SetGrant, TurnOn
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
