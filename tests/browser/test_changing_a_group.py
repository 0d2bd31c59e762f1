"""A group changed as its administrator does it: people and clients in and out, what it does said first.

On a narrow screen and in Welsh. What is said is what the command line finds a moment later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.office import ACE, BETA, BETH, SION
from tests.browser.people import Person
from tests.browser.serving import Instance
from tests.support.axe import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.database

GROUP, FARM = "Farms", "Bramble Farm 01"


def answers_yes(person: Person) -> None:
    """Yes to the check on the page, which everybody can use."""
    assert violations(person.page) == []
    person.choose("Yes")
    person.press("Continue")


def opens(instance: Instance, email: str) -> bool:
    """Whether the command line says that they can open the farm."""
    who = instance.ask("who", "BRA001", "--firm", ACE)["members"]
    return email in {member["email"] for member in who}


def turns_to(person: Person, one: str, many: str) -> None:
    """Follow the link of the group's page that counts one of these."""
    counted = person.words.count(one, many, 1)
    person.go(person.page.get_by_role("main").get_by_role("link", name=counted, exact=True))


def test_people_and_clients_are_put_into_a_group_and_taken_out(browser: Browser, fresh: Instance) -> None:
    fresh.run("do", "group.create", f"group={GROUP}", f"members={BETH}", "on=BRA001", "--firm", ACE)
    fresh.run("do", "control.turn_on", "--firm", ACE)
    beth = Person(browser, fresh, language="cy", width=320)
    beth.sign_in(BETH)
    firm = next(each["firm"] for each in fresh.ask("firm", "list") if each["name"] == ACE)
    beth.open(f"/firms/{firm}/manage/groups")
    beth.choose_language()
    beth.go(beth.page.get_by_role("link", name=GROUP, exact=True))
    # Siôn joins.
    assert not opens(fresh, SION)
    turns_to(beth, "%(count)s [member]", "%(count)s [members]")
    beth.press("Add [members]")
    beth.page.get_by_role("checkbox", name="Siôn").check()
    beth.press("Continue")
    assert "Siôn" in beth.text
    assert FARM in beth.text
    answers_yes(beth)
    assert opens(fresh, SION)
    # He leaves.
    beth.go(beth.page.get_by_role("link", name=beth.say("Take out")).filter(has_text="Siôn"))
    answers_yes(beth)
    assert not opens(fresh, SION)
    # The farm leaves, and everybody opens it again.
    turns_to(beth, "%(count)s [client]", "%(count)s [clients]")
    beth.go(beth.page.get_by_role("link", name=beth.say("Take out")).filter(has_text=FARM))
    assert beth.say("will be open to everybody") in beth.text
    answers_yes(beth)
    assert opens(fresh, BETA)
    fresh.run("ledger", "verify", "--firm", ACE)
    assert not beth.said
    beth.close()
