"""Every page of the product in Chromium, found by its links: accessible, narrow enough, titled, translated.

Pictures of all of them are kept in the folder that RINGFENCE_TEST_PICTURES names, where it names one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.office import ACE, BETA, BETH, NOOR, PASSWORD
from tests.browser.people import Person
from tests.browser.serving import Instance
from tests.browser.walking import keyboard_faults, page_faults, picture, walk
from tests.support import axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.database

Open = Callable[..., Person]

MOST_TABS = 60
PICTURES = os.environ.get("RINGFENCE_TEST_PICTURES", "")
GROUP = "Ym mhob man: the “North” & <West> 🦊"


@pytest.fixture(scope="module")
def furnished(served: Instance) -> Instance:
    """Control is on; a group holds Fortune 500's VAT and what is oddly named, one of it confidential."""
    on = "[{client: FOR001, service: VAT}, ODD001, ODD003, ODD005]"
    members = f"members={BETH},{BETA}"
    served.do(ACE, "group.create", f"group={GROUP}", members, f"on={on}")
    served.do(ACE, "client.change", "client=ODD001", "confidential=true")
    served.do(ACE, "control.turn_on")
    return served


def begin_group(person: Person, firm: str, name: str = "Begun") -> None:
    """Take a group up to the last page before it is made."""
    person.name_a_group(firm, name)
    person.filter("bramble farm 0", service="VAT")
    person.boxes.first.check()
    person.press("Continue")
    person.boxes.first.check()
    person.press("Continue")


def begin_review(person: Person, firm: str) -> None:
    """Name a review, so that its other questions can be asked."""
    person.open(f"{firm}/reviews/start")
    person.fill("What is the review called?", "Begun")
    person.press("Continue")


def write_note(person: Person, firm: str) -> None:
    """A note with two versions on Fortune 500's first service."""
    person.open(f"{firm}/clients/1")
    person.go(person.page.get_by_role("link", name=person.say("Add a note")).first)
    person.fill("Title", "Call of 3 March")
    person.fill("Note", "Wants the return early.\n" + "https://example.org/" + "averylongaddress" * 8)
    person.press("Save note")
    person.follow("Call of 3 March")
    person.press("Change the note")
    person.fill("Note", "Wants the return by Friday.")
    person.press("Save note")


@pytest.fixture(scope="module")
def firm(browser: Browser, furnished: Instance) -> str:
    """The path that all pages of Ace Agents begin with; there is a note on Fortune 500."""
    firms = furnished.ask("firm", "list")
    path = next(f"/firms/{each['firm']}" for each in firms if each["name"] == ACE)
    beth = Person(browser, furnished)
    beth.sign_in(BETH)
    write_note(beth, path)
    beth.close()
    return path


def starts(email: str, firm: str) -> list[str]:
    """Where a walk begins: the start page, and what no link leads to but a form does."""
    if email == NOOR:
        return ["/"]
    # A record with notes; the first of the list has none.
    if email == BETA:
        return ["/", f"{firm}/clients/1"]
    steps = ("name", "clients", "team-members", "check")
    journey = [f"{firm}/manage/groups/create/{step}" for step in steps]
    done = [f"{firm}/manage/groups/2/created", f"{firm}/manage/turned-on"]
    member = f"{firm}/manage/clients/1/members/4"
    review = [f"{firm}/reviews/start/{question}" for question in ("scope", "reviewers")]
    return ["/", f"{firm}/clients/1", *journey, *done, member, *review]


@pytest.fixture(scope="module")
def walked() -> dict[str, list[str]]:
    """The pages that walks have found, by the e-mail address of whose walk it was."""
    return {}


# Others meet the pages that an administrator meets, with less on them: what is Welsh there is Welsh here.
@pytest.mark.parametrize(
    ("email", "language", "width"),
    [(BETH, "en", 1280), (BETH, "cy", 320), (BETA, "en", 1280), (NOOR, "en", 1280)],
    ids=["administrator", "administrator in Welsh", "standard", "auditor"],
)
def test_every_page_is_accessible_narrow_enough_and_in_its_language(
    email: str, language: str, width: int, person: Open, firm: str, walked: dict[str, list[str]]
) -> None:
    someone = person(email)
    if email == BETH:
        begin_group(someone, firm)
        begin_review(someone, firm)
    if email not in walked:
        walked[email] = walk(someone, starts(email, firm))
    addresses = walked[email]
    visitor = person(email, language=language, width=width)
    if language == "cy":
        axe.ready(visitor.context)
    # The language is the user's own: what is chosen in one browser holds in the other.
    visitor.open("/")
    visitor.choose_language()
    faults = []
    for address in addresses:
        visitor.open(address)
        # In English each kind of page is looked at by axe where the page tests meet it first.
        faults += page_faults(visitor, narrower=320 if width > 320 else 0, axe=language == "cy")
        if PICTURES:
            picture(visitor, Path(PICTURES))
    someone.open("/")
    someone.choose_language()
    assert not faults, "\n".join(faults)
    assert len(addresses) >= {BETH: 90, BETA: 12, NOOR: 30}[email], f"the walk lost its way: {addresses}"


def test_every_control_of_every_page_is_reached_with_the_tab_key(person: Open, firm: str) -> None:
    beth = person(BETH)
    begin_group(beth, firm, "By keyboard")
    begin_review(beth, firm)
    faults = []
    for address in walk(beth, starts(BETH, firm)):
        beth.open(address)
        if beth.page.locator("#search").count():
            # A list of fifty rows says no more than one of three.
            beth.open(f"{address.partition('?')[0]}?search=fo")
        if beth.page.locator(".govuk-error-summary").count():
            # Where something else must be told too, the summary has the focus.
            beth.open(address)
        # The frame is the same on all of them.
        faults += keyboard_faults(beth.page, whole=address == "/")
    assert not faults, "\n".join(faults)


def test_the_skip_link_leads_past_the_navigation(person: Open) -> None:
    beta = person(BETA)
    beta.open("/")
    beta.page.keyboard.press("Tab")
    beta.page.keyboard.press("Enter")
    beta.page.keyboard.press("Tab")
    assert beta.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_signing_in_and_naming_a_group_needs_no_mouse(person: Open, firm: str) -> None:
    beth = person()
    beth.open("/sign-in")
    tab_to(beth, beth.page.get_by_label("E-mail address"))
    beth.page.keyboard.type(BETH)
    tab_to(beth, beth.page.get_by_label("Password", exact=True))
    beth.page.keyboard.type(PASSWORD)
    enter(beth)
    assert beth.heading == "Choose a firm"
    for link in (ACE, "Manage account"):
        tab_to(beth, beth.page.get_by_role("link", name=link, exact=True).first)
        enter(beth)
    tab_to(beth, beth.page.get_by_role("button", name="Create an access group"))
    enter(beth)
    tab_to(beth, beth.page.get_by_role("radio", name="Custom access group"))
    beth.page.keyboard.press("Space")
    enter(beth)
    field = beth.page.get_by_label("Name of the access group")
    tab_to(beth, field)
    beth.page.keyboard.press("Control+a")
    beth.page.keyboard.type("Without a mouse")
    enter(beth)
    assert beth.heading == "Select clients"
    tab_to(beth, beth.boxes.first)
    beth.page.keyboard.press("Space")
    enter(beth)
    assert beth.boxes.first.is_checked()


def tab_to(person: Person, control: Locator) -> None:
    """Press Tab until the control has the focus."""
    for _ in range(MOST_TABS):
        if control.evaluate("e => e === document.activeElement"):
            return
        person.page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} times Tab did not reach {control}")


def enter(person: Person) -> None:
    """Press Enter, which leads to another page."""
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
