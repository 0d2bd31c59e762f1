"""A wall is raised, drawn in the picture of who it keeps out, and lowered; nobody behind it learns of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.office import ACE, BETA, BETH
from tests.browser.people import Person
from tests.browser.serving import Instance

pytestmark = pytest.mark.database

Open = Callable[..., Person]


@pytest.fixture(scope="module")
def firm(served: Instance) -> str:
    """The path that all pages of Ace Agents begin with."""
    return next(f"/firms/{each['firm']}" for each in served.ask("firm", "list") if each["name"] == ACE)


def tick(person: Person, name: str) -> None:
    person.page.get_by_label(name, exact=True).check()
    person.press("Continue")


def test_a_wall_is_raised_drawn_and_lowered(person: Open, firm: str) -> None:
    beth, beta = person(BETH), person(BETA, language="cy", width=320)

    beth.open(f"{firm}/manage")
    beth.follow("Walls")
    beth.press("Raise a wall")
    beth.fill("Name of the wall", "Takeover")
    beth.press("Continue")
    beth.filter("beta", label="Name or e-mail address")
    tick(beth, "Beta Sobeck")
    beth.press("No [clients] on this side")
    beth.press("Nobody on this side")
    beth.filter("fortune")
    tick(beth, "Fortune 500")

    assert "Beta Sobeck: Fortune 500" in beth.text
    beth.press("Raise the wall")
    assert beth.heading == "Takeover"

    beth.open(f"{firm}/manage/team-members")
    beth.search("beta", label="Name or e-mail address")
    beth.follow("Beta Sobeck")
    beth.follow("See a picture of it")
    drawn = beth.page.locator(".rf-picture svg")
    assert drawn.get_by_text("Kept away by a").is_visible()
    assert drawn.get_by_text("Fortune 500").is_visible()

    beta.open(f"{firm}/clients?search=fortune")
    assert "Fortune" not in beta.page.locator("table").all_inner_texts()
    beta.open(f"{firm}/your-account/picture")
    assert beta.page.locator(".rf-picture svg").is_visible()
    assert "Fortune" not in beta.text

    beth.open(f"{firm}/manage/walls")
    beth.follow("Takeover")
    beth.press("Lower the wall")
    assert "Beta Sobeck: Fortune 500" in beth.text
    beth.choose("Yes")
    beth.press("Continue")
    assert "Takeover" in beth.text
    beta.open(f"{firm}/clients?search=fortune")
    assert "Fortune 500" in beta.text
