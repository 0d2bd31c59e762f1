"""The kyc document, walked sentence by sentence by an administrator, a case owner and a user who is new."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.harbour import HARBOUR
from tests.browser.office import BETA, BETH, NOOR
from tests.browser.people import Person
from tests.browser.serving import Instance

pytestmark = pytest.mark.database

Open = Callable[..., Person]


@pytest.fixture(scope="module")
def firm(served: Instance) -> str:
    """The path that all pages of the company begin with."""
    served.run_module("tests.browser.harbour")
    return next(f"/firms/{each['firm']}" for each in served.ask("firm", "list") if each["name"] == HARBOUR)


def answer(person: Person, english: str) -> None:
    person.choose(english)
    person.press("Continue")


def sharing(person: Person, firm: str, client: str) -> None:
    """Go to a case and from there to its sharing options."""
    person.open(f"{firm}/clients")
    person.follow(client)
    person.follow("[Sharing options]")


def test_client_access_from_turning_it_on_to_taking_it_away(person: Open, firm: str) -> None:
    beth = person(BETH, profile="kyc")
    noor, beta = person(NOOR, profile="kyc"), person(BETA, language="cy", width=320, profile="kyc")

    # How to enable client access: nothing changes at once, and everybody gets the daily digest.
    beth.open(f"{firm}/manage")
    beth.press("Turn on [access control]")
    assert "existing client relationships are shared with all first." in beth.text
    assert "daily digest of every client relationship that they can open" in beth.text
    beth.page.get_by_label(beth.say("Allow requesting access"), exact=True).check()
    beth.press("Continue")
    assert beth.figure("[member] loses access", "[members] lose access", 0)
    answer(beth, "Yes")
    assert beth.heading == "Client access is turned on"

    # Create a group, with a name and a search for its users.
    beth.follow("Create [a group]")
    beth.choose("[Group] of [members]")
    beth.press("Continue")
    beth.fill("Name of the [group]", "Onboarding")
    beth.press("Continue")
    beth.filter("sofie", label="Name or e-mail address")
    beth.boxes.check()
    beth.press("Continue")
    beth.press("Create [group]")
    assert "Onboarding is now active" in beth.text

    # Sharing options: the whole company loses the case, the group gets it.
    sharing(noor, firm, "Aurora Shipping")
    noor.go(noor.row("Everyone").get_by_role("link", name=noor.say("Remove")))
    assert noor.figure("[member] loses access", "[members] lose access", 3)
    answer(noor, "Yes")
    noor.press("Share with [a group] or [member]")
    noor.follow("Onboarding")
    noor.page.get_by_role("radio").first.check()
    noor.press("Continue")
    answer(noor, "Yes")
    assert noor.row("Onboarding", "Can view and manage").count() == 1

    # Who has no access sees the name, the groups without who is in them, and single users.
    beta.open(f"{firm}/clients")
    assert beta.row("Aurora Shipping", beta.say("No access")).count() == 1
    beta.go(beta.page.get_by_role("link", name="Aurora Shipping"))
    assert "Onboarding" in beta.text
    assert "Noor Haddad" in beta.text
    assert "Sofie" not in beta.text
    beta.press("Request access")
    beta.fill("Why do you need access?", "I renew their screening")
    beta.press("Send the request")
    assert beta.say("You have asked for access to %(client)s.", client="Aurora Shipping") in beta.text

    # Who may share it answers: here for good. The asker sees that, and opens the case.
    noor.open(f"{firm}/clients")
    noor.follow("Aurora Shipping")
    noor.follow("[Sharing options]")
    noor.follow("Beta Sobeck asks for access")
    assert "I renew their screening" in noor.text
    noor.choose("Grant it")
    noor.press("Continue")
    assert noor.figure("[member] gains access", "[members] gain access", 1)
    answer(noor, "Yes")
    beta.open(f"{firm}/clients")
    assert beta.row("Aurora Shipping", beta.say("No access")).count() == 0

    # Daily digest: of this case Beta wants none, and Noor sees what hers will say.
    beta.go(beta.page.get_by_role("link", name="Aurora Shipping"))
    beta.follow("[Sharing options]")
    beta.page.get_by_label(beta.say("Receive daily digest"), exact=True).uncheck()
    beta.press("Save for your digest")
    assert not beta.page.get_by_label(beta.say("Receive daily digest"), exact=True).is_checked()
    beta.follow("Your daily digest of all [clients]")
    assert beta.row("Aurora Shipping").count() == 1
    noor.open(f"{firm}/your-account/daily-digest")
    noor.follow("See your next daily digest, as it is now")
    assert "Everyone was given access by beth.conners@ace-agent.co.uk" in noor.text

    # Remove a user from the client, and delete a group, which warns who loses what.
    sharing(noor, firm, "Aurora Shipping")
    noor.go(noor.row("Beta Sobeck").get_by_role("link", name=noor.say("Remove")))
    answer(noor, "Yes")
    beta.open(f"{firm}/clients")
    assert beta.row("Aurora Shipping", beta.say("No access")).count() == 1
    beth.open(f"{firm}/manage/groups")
    beth.follow("Onboarding")
    beth.press("Delete")
    assert beth.figure("[member] loses access", "[members] lose access", 1)
    assert "Sofie Lund: Aurora Shipping" in beth.text
    answer(beth, "Yes")
    assert beth.say("The [group] %(name)s is deleted.", name="Onboarding") in beth.text

    # Give a user access to all client relationships.
    beth.open(f"{firm}/manage/team-members")
    beth.follow("Sofie Lund")
    beth.press("Share all [clients] with them")
    beth.press("Continue")
    answer(beth, "Yes")
    assert beth.row("All client relationships", "Can view and manage").count() >= 1
    beth.follow("See what they can open, and by what")
    assert beth.row("Aurora Shipping").count() == 1
    assert [*beth.said, *noor.said, *beta.said] == []
