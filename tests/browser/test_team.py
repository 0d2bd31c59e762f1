"""A member's way through the firm, in Welsh and at 320 pixels: added, out of a group, gone, back again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.office import ACE, BETA, BETH
from tests.browser.people import Person
from tests.browser.serving import Instance

pytestmark = pytest.mark.database

Open = Callable[..., Person]
GROUP = "Fortune team"


@pytest.fixture(scope="module")
def firm(served: Instance) -> str:
    """The path that all pages of Ace Agents begin with; control is on, and a group has Fortune 500."""
    served.do(ACE, "group.create", f"group={GROUP}", f"members={BETA}", "on=FOR001")
    served.do(ACE, "control.turn_on")
    return next(f"/firms/{each['firm']}" for each in served.ask("firm", "list") if each["name"] == ACE)


def add(beth: Person, firm: str, name: str) -> None:
    """Add somebody to the firm and to the group."""
    beth.open(f"{firm}/manage/team-members")
    beth.go(beth.page.get_by_role("main").get_by_role("button", name=beth.say("Add [a member]")))
    beth.fill("Full name", name)
    beth.press("Continue")
    beth.row(GROUP).get_by_role("checkbox").check()
    beth.press("Continue")
    assert GROUP in beth.text
    answer(beth, "Yes")


def answer(beth: Person, english: str) -> None:
    beth.choose(english)
    beth.press("Continue")


def test_a_member_is_added_taken_out_of_a_group_deactivated_and_reactivated(person: Open, firm: str) -> None:
    beth = person(BETH, language="cy", width=320)
    add(beth, firm, "Non Huws")
    assert beth.heading == "Non Huws"
    here = beth.page.url
    assert beth.link("[Group] %(group)s", group=GROUP).is_visible()

    beth.follow("See what they can open, and by what")
    beth.search("fortune")
    assert beth.say("[Group] %(group)s", group=GROUP) in beth.text

    beth.open(here)
    beth.go(beth.page.get_by_role("link", name=beth.say("Remove from it")))
    assert beth.figure("[member] loses access", "[members] lose access", 1)
    answer(beth, "Yes")
    assert beth.page.url == here
    assert beth.link("[Group] %(group)s", group=GROUP).count() == 0

    beth.press("Deactivate")
    beth.press("Continue")
    answer(beth, "Yes")
    assert beth.say("Inactive") in beth.text
    beth.press("Reactivate")
    answer(beth, "Yes")
    assert beth.say("Inactive") not in beth.text
    assert beth.said == []


def test_who_leaves_hands_over_client_by_client_and_is_out_at_once(
    person: Open, served: Instance, firm: str
) -> None:
    for client in ("BRA001", "BRA002"):
        served.do(ACE, "grant.set", f"to={BETA}", f"on={client}", "level=editor")
    beta, beth = person(BETA), person(BETH)
    beta.open(f"{firm}/clients")
    beth.open(f"{firm}/manage/team-members")
    beth.go(beth.page.get_by_role("link", name="Beta Sobeck", exact=True))
    beth.press("Deactivate")
    assert "Clients that nobody can open without them" in beth.text
    beth.choose("Different colleagues take over different [clients]")
    beth.press("Continue")
    beth.go(beth.page.get_by_role("main").get_by_role("link", name="Beth Conners", exact=True))
    beth.row("Bramble Farm 01").get_by_role("checkbox").check()
    beth.press("Continue")
    assert beth.heading == "Who takes over what"
    assert "1 client goes to nobody yet." in beth.text
    beth.press("Continue")
    assert "Beth Conners: 1 client" in beth.text
    answer(beth, "Yes")
    assert "Beta Sobeck is deactivated." in beth.page.locator("body").inner_text()
    beta.open(f"{firm}/clients")
    assert "Bramble Farm" not in beta.text
    assert beth.said == []
