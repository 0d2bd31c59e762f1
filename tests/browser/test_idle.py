"""Nobody is signed out without a warning, one press puts it off, and a note in writing is not lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.office import ACE, BETA, PASSWORD
from tests.browser.people import Person
from tests.browser.serving import Instance

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.database

Open = Callable[..., Person]
WARNED = "You will soon be signed out"


@pytest.fixture(scope="module")
def form(served: Instance) -> str:
    """Where a note is added to the first client of Ace Agents."""
    firm = next(each["firm"] for each in served.ask("firm", "list") if each["name"] == ACE)
    return f"/firms/{firm}/clients/1/engagements/1/add-note"


@pytest.fixture
def beta(person: Open, form: str) -> Person:
    """Beta, who has begun to write a note; her clock can be put forward."""
    # Signed in anew: each of these ends a session.
    writing = person()
    writing.page.clock.install()
    writing.sign_in(BETA)
    writing.open(form)
    writing.fill("Title", "Call")
    writing.fill("Note", "She rang about the loan.")
    return writing


def idle(person: Person, seconds: int) -> None:
    """Let the time pass in which the person asks for nothing."""
    age(person, seconds)
    person.page.clock.fast_forward(seconds * 1000)


def age(person: Person, seconds: int) -> None:
    """Have the server told that the person was last here so much earlier."""
    context = person.page.context
    cookies = {each["name"]: each for each in context.cookies()}
    seen = int(cookies["seen"]["value"].partition(":")[0]) - seconds
    value = person.instance.run_module("tests.browser.ageing", cookies["sessionid"]["value"], str(seen))
    context.add_cookies([{"name": "seen", "value": value.strip(), "url": person.instance.address}])


def test_who_is_idle_is_warned_and_one_press_keeps_them_signed_in(beta: Person) -> None:
    warning = beta.page.get_by_role("dialog", name=WARNED)
    assert not warning.is_visible()
    idle(beta, 790)
    warning.wait_for(state="visible")
    warning.get_by_role("button", name="Stay signed in").click()
    warning.wait_for(state="hidden")
    assert beta.page.get_by_label("Note", exact=True).input_value() == "She rang about the loan."
    idle(beta, 790)
    warning.wait_for(state="visible")


def test_a_note_is_there_again_after_nobody_answered_the_warning(beta: Person, form: str) -> None:
    idle(beta, 790)
    beta.page.get_by_role("dialog", name=WARNED).wait_for(state="visible")
    age(beta, 200)
    with beta.page.expect_navigation(url="**/sign-in?**"):
        beta.page.clock.fast_forward(200_000)
    assert "because nothing was asked for in 15 minutes" in beta.text
    beta.fill("E-mail address", BETA)
    beta.fill("Password", PASSWORD)
    beta.press("Sign in")
    assert beta.page.url.endswith(form)
    assert "It is not saved yet." in beta.text
    assert beta.page.get_by_label("Note", exact=True).input_value() == "She rang about the loan."
    beta.press("Save note")
    assert "The note is saved." in beta.text


def test_a_note_is_there_again_after_the_computer_slept(beta: Person, form: str) -> None:
    age(beta, 5_000)
    with beta.page.expect_navigation(url="**/sign-in?**"):
        beta.page.clock.fast_forward(5_000_000)
    beta.fill("E-mail address", BETA)
    beta.fill("Password", PASSWORD)
    beta.press("Sign in")
    assert beta.page.get_by_label("Note", exact=True).input_value() == "She rang about the loan."
    beta.press("Discard it")
    assert beta.page.get_by_label("Note", exact=True).input_value() == ""


def test_without_scripts_a_note_that_is_sent_too_late_is_there_again(
    browser: Browser, served: Instance, form: str
) -> None:
    plain = Person(browser, served, width=320, scripts=False)
    plain.sign_in(BETA)
    plain.open(form)
    assert "You are signed out after 15 minutes." in plain.text
    plain.fill("Title", "Call")
    plain.fill("Note", "She rang about the loan.")
    age(plain, 1_000)
    plain.press("Save note")
    assert "What you were writing is kept" in plain.text
    plain.fill("E-mail address", BETA)
    plain.fill("Password", PASSWORD)
    plain.press("Sign in")
    assert plain.page.get_by_label("Note", exact=True).input_value() == "She rang about the loan."
    plain.close()
