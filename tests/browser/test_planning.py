"""The planning document, walked at a browser by its administrator, by Susan and by John."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.office import BETA, BETH, NOOR
from tests.browser.people import Person
from tests.browser.serving import Instance
from tests.browser.subscribers import NORTHFIELD

pytestmark = pytest.mark.database

Open = Callable[..., Person]
FINDER = "[Group] or [member], by name or e-mail address"


@pytest.fixture(scope="module")
def firm(served: Instance) -> str:
    """The path that all pages of the subscription begin with."""
    served.run_module("tests.browser.subscribers")
    found = (each for each in served.ask("firm", "list") if each["name"] == NORTHFIELD)
    return next(f"/firms/{each['firm']}" for each in found)


def answer(person: Person, english: str) -> None:
    person.choose(english)
    person.press("Continue")


def clients(person: Person, firm: str) -> list[str]:
    """The clients of the person's list."""
    person.open(f"{firm}/clients")
    return person.page.locator("tbody tr th a").all_inner_texts()


def find(person: Person, name: str, button: str) -> None:
    """Find somebody by name and put them on the list of grantees."""
    person.fill(FINDER, name)
    # Enter searches, and takes nobody off the list.
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    person.go(person.page.get_by_role("button", name=f"{person.say(button)} {name}", exact=True))


def test_the_planning_document_is_done_as_it_is_written(person: Open, firm: str) -> None:
    ruth = person(BETH, profile="planning")
    susan = person(NOOR, language="cy", width=320, profile="planning")
    john = person(BETA, profile="planning")

    # "It must be enabled by your Subscription Administrator. If it is disabled, it is read-only."
    susan.open(f"{firm}/your-account/client-permissions")
    assert susan.page.get_by_label(susan.say(FINDER)).count() == 0

    # "Enables the Default Permissions Policy and specifies Editor as the default permission."
    ruth.open(f"{firm}/manage")
    ruth.follow("Policies for new [clients]")
    ruth.choose("Editor (can view, change and submit)")
    ruth.page.get_by_role("group", name="May users").get_by_role("radio", name="Yes", exact=True).check()
    ruth.press("Continue")
    assert "Nobody’s access changes by this." in ruth.text
    answer(ruth, "Yes")

    # "My Client Permissions … is accessible from the Clients page."
    susan.open(f"{firm}/clients")
    susan.follow("My [client] permissions")
    find(susan, "Team A", "Give access")
    susan.press("Save")
    assert susan.say("The list is saved. It applies to [clients] that are added from now on.") in susan.text

    # "Before you add the new client, you can remove the Everyone team from the list of grantees."
    susan.open(f"{firm}/clients")
    susan.press("Add [a client]")
    susan.fill("Name", "The Hartleys")
    susan.press("Continue")
    susan.press("Continue")
    for origin in (
        "because you add it",
        "from your firm’s default permissions policy",
        "from your own [client] permissions",
    ):
        assert susan.page.get_by_text(susan.say(origin), exact=True).count() == 1
    everyone = f"{susan.say('Remove')} {susan.say('Everyone')}"
    susan.go(susan.page.get_by_role("button", name=everyone, exact=True))
    susan.press("Continue")
    susan.press("Add the [client]")
    assert clients(john, firm) == ["The Hartleys"]

    # "Susan decides to block John’s access … John can no longer access the client."
    susan.open(f"{firm}/clients")
    susan.go(susan.page.get_by_role("link", name="The Hartleys"))
    susan.follow("[Sharing options]")
    susan.press("Share with [a group] or [member]")
    susan.search("John Smith", label=FINDER)
    susan.go(susan.page.get_by_role("link", name="John Smith"))
    susan.page.get_by_role("radio", name="Wedi’i rwystro").check()
    susan.press("Continue")
    answer(susan, "Yes")
    assert clients(john, firm) == []

    # The wizard gives John all clients at once, and takes the last Owner of none.
    ruth.open(f"{firm}/clients")
    ruth.follow("Permissions wizard")
    answer(ruth, "Set permissions")
    find(ruth, "John Smith", "Choose")
    ruth.page.get_by_label("What may John Smith do?").select_option(label="Reader (can view)")
    ruth.press("Continue")
    ruth.go(ruth.page.get_by_role("button", name="Select all 2", exact=True))
    ruth.press("Continue")
    assert ruth.figure("[member] gains access", "[members] gain access", 1)
    answer(ruth, "Yes")
    assert clients(john, firm) == ["The Ashdowns", "The Hartleys"]
    answer(ruth, "Take permissions away")
    find(ruth, "Susan Hale", "Choose")
    ruth.press("Continue")
    ruth.go(ruth.page.get_by_role("button", name="Select all 2", exact=True))
    ruth.press("Continue")
    assert "this would take the last one away" in ruth.text
    assert "The Hartleys" in ruth.text
    assert [*ruth.said, *susan.said, *john.said] == []
