"""The diagram of the practice document, walked by Adviser 3, Adviser 2 and Assistant 1 at a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.advisers import CEDAR, LINKS
from tests.browser.office import BETA, BETH, NOOR
from tests.browser.people import Person
from tests.browser.serving import Instance
from tests.browser.walking import SIDEWAYS

pytestmark = pytest.mark.database

Open = Callable[..., Person]
DENIED = (
    "Permission Denied: You don't have access to this client record. The client you're trying to access is "
    "associated with your practice, but you haven't been granted access to it."
)


@pytest.fixture(scope="module")
def firm(served: Instance) -> str:
    """The path that all pages of the practice begin with."""
    served.run_module("tests.browser.advisers")
    return next(f"/firms/{each['firm']}" for each in served.ask("firm", "list") if each["name"] == CEDAR)


def clients(person: Person, firm: str) -> list[str]:
    """The clients of the person's list that they can open."""
    person.open(f"{firm}/clients")
    names = person.page.locator("tbody tr").filter(has_not_text=person.say("No access"))
    return names.locator("th a").all_inner_texts()


def answer(person: Person, english: str) -> None:
    person.choose(english)
    person.press("Continue")


def test_an_assistant_reaches_what_the_advisers_reach_and_no_more(person: Open, firm: str) -> None:
    beth, noor = person(BETH, profile="practice"), person(NOOR, language="cy", width=320, profile="practice")
    beta = person(BETA, profile="practice")

    # The green and orange arrows of the diagram.
    assert clients(beta, firm) == ["Lindqvist Family", "Mr and Mrs Okafor"]
    beta.follow("Dr Ramesh Iyer")
    assert DENIED in beta.text

    # What delegating would do is drawn and told first; Adviser 3 thinks better of it.
    beth.open(f"{firm}/your-account")
    beth.follow("Your delegations")
    beth.press("Delegate to a colleague")
    beth.follow("Adviser 2")
    beth.press("Continue")
    assert beth.page.locator("svg").get_by_text("Assistant 1").is_visible()
    assert beth.row("Assistant 1", "Reaches it through Adviser 2", "2 clients").count() == 1
    assert beth.figure("[member] gains access", "[members] gain access", 2)
    answer(beth, "No")

    # Only to specific clients: a link with nothing, which the assistant gains as well.
    beth.open(f"{firm}/clients")
    beth.follow("Dr Ramesh Iyer")
    beth.follow("[Sharing options]")
    beth.press("Share with [a group] or [member]")
    beth.search("adviser 2", label="[Group] or [member], by name or e-mail address")
    beth.follow("Adviser 2")
    beth.fill("Fee split", "50.001")
    beth.press("Continue")
    assert "with at most two decimals. Enter such a number." in beth.text
    beth.fill("Fee split", "0")
    beth.press("Continue")
    answer(beth, "Yes")
    assert clients(noor, firm) == ["Dr Ramesh Iyer", "Lindqvist Family"]
    assert clients(beta, firm) == ["Dr Ramesh Iyer", "Lindqvist Family", "Mr and Mrs Okafor"]

    # Delegated after all, it goes on to the assistant, who sees by whom.
    beth.open(f"{firm}/your-account")
    beth.follow("Your delegations")
    beth.press("Delegate to a colleague")
    beth.follow("Adviser 2")
    beth.press("Continue")
    answer(beth, "Yes")
    assert "Iyer Trust" in clients(beta, firm)

    # Adviser 2, in Welsh on a telephone, ends what was made to them.
    noor.open(f"{firm}/delegations")
    noor.go(noor.page.get_by_role("link", name=noor.say("End")).last)
    answer(noor, "Yes")
    assert "Iyer Trust" not in clients(noor, firm)
    assert "Iyer Trust" not in clients(beta, firm)
    assert [*beth.said, *noor.said, *beta.said] == []


def test_a_chain_of_delegations_is_drawn_whole_in_a_wide_window(
    person: Open, served: Instance, firm: str
) -> None:
    served.do(CEDAR, "delegation.set", f"from={BETA}", f"to={LINKS['CP-101']}")
    beth = person(BETH, profile="practice")
    beth.open(f"{firm}/delegations")
    beth.press("Delegate to a colleague")
    beth.follow("Adviser 2")
    beth.press("Continue")
    drawn = beth.page.locator(".rf-picture")
    assert drawn.get_by_text("Adviser 1").is_visible()
    assert drawn.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    assert beth.page.evaluate(SIDEWAYS) == 0
