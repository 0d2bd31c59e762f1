"""From an empty installation to a passkey: the first firm in the browser, Chromium's own authenticator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.people import Person
from tests.browser.serving import Instance
from tests.browser.walking import page_faults

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.database

PASSWORD = "seven quiet lanterns"
EMAIL = "owen@pike.example"
OFFERS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A device with a passkey of its own, whose user always unlocks it."""


@pytest.fixture
def empty(migrated_database: str) -> Iterator[Instance]:
    """A server without a firm, at an address at which browsers offer passkeys."""
    with Instance(migrated_database) as instance:
        instance.address = instance.address.replace("127.0.0.1", "localhost")
        yield instance


class Looked:
    """Somebody whose every page is looked at for what is wrong with it."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.faults: list[str] = []

    def press(self, english: str) -> None:
        self.look()
        self.person.press(english)

    def look(self) -> None:
        self.faults += page_faults(self.person)


def sets_up(looked: Looked, code: str) -> None:
    """All questions of the first run."""
    owen, answer = looked.person, looked.person.fill
    owen.open("/")
    owen.choose_language()
    answer("Setup code", code)
    looked.press("Continue")
    answer("What is the firm called?", "Pike & Marlow")
    looked.press("Continue")
    owen.choose("Tax agency")
    looked.press("Continue")
    looked.press("Continue")
    answer("Your name", "Owen")
    answer("Your e-mail address", EMAIL)
    answer("New password", PASSWORD)
    answer("The same password again", PASSWORD)
    looked.press("Continue")
    looked.press("Create the firm")
    looked.look()


def authenticator_of(person: Person) -> tuple[Any, str]:
    """Plugs a virtual authenticator into the person's browser: its channel and its number."""
    channel = person.context.new_cdp_session(person.page)
    channel.send("WebAuthn.enable")
    return channel, channel.send("WebAuthn.addVirtualAuthenticator", {"options": OFFERS})["authenticatorId"]


def adds_a_passkey(looked: Looked) -> None:
    owen = looked.person
    owen.go(owen.page.get_by_role("link", name="Owen", exact=True))
    looked.look()
    owen.go(owen.page.get_by_role("link", name=f"{owen.say('Add')} {owen.say('Passkey')}", exact=True))
    owen.fill("Name of the passkey", "Gliniadur")
    looked.press("Add a passkey")
    assert owen.heading == owen.say("Your recovery codes")
    looked.press("I keep them: do not show them again")
    looked.look()
    assert "Gliniadur" in owen.text


def test_an_empty_installation_is_set_up_and_signed_in_to_with_a_passkey(
    browser: Browser, empty: Instance
) -> None:
    code = empty.wait_for(r"with the code [A-Z-]{19}")[-19:]
    owen = Person(browser, empty, language="cy", width=320)
    looked = Looked(owen)
    sets_up(looked, code)
    owen.press("Sign in")
    owen.sign_in(EMAIL, PASSWORD)
    channel, number = authenticator_of(owen)
    adds_a_passkey(looked)
    (kept,) = channel.send("WebAuthn.getCredentials", {"authenticatorId": number})["credentials"]
    assert (kept["rpId"], kept["isResidentCredential"]) == ("localhost", True)
    owen.go(owen.page.get_by_role("button", name=owen.say("Sign out"), exact=True))
    owen.sign_in(EMAIL, PASSWORD)
    assert owen.heading == owen.say("Second step")
    looked.press("Use a passkey")
    assert owen.heading == "Pike & Marlow"
    owen.go(owen.page.get_by_role("button", name=owen.say("Sign out"), exact=True))
    looked.press("Sign in with a passkey")
    assert owen.heading == "Pike & Marlow"
    assert not looked.faults, "\n".join(looked.faults)
    assert not owen.said
    owen.close()
