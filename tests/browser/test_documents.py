"""Documents at the browser: two who change one plan at once, and an application form up to its end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.office import ACE, BETA, BETH, SION
from tests.browser.people import Person
from tests.browser.serving import Instance

pytestmark = pytest.mark.database

Open = Callable[..., Person]
PLAN = "Aims\nBuy the mill\nSteps\nSell the barn\nLook again in May"


@pytest.fixture(scope="module")
def firm(served: Instance) -> str:
    """The path that the pages of Ace Agents begin with."""
    return next(f"/firms/{each['firm']}" for each in served.ask("firm", "list") if each["name"] == ACE)


def typed(person: Person) -> str:
    return person.page.get_by_label("Plan", exact=True).input_value()


def test_two_who_change_one_plan_lose_no_line(person: Open, firm: str) -> None:
    beth, beta = person(BETH), person(BETA)
    beth.open(f"{firm}/clients/1")
    beth.follow("Plans")
    beth.go(beth.page.get_by_role("link", name="Add a plan to").first)
    beth.fill("Name of the plan", "The mill")
    beth.fill("Plan", PLAN)
    beth.press("Save plan")
    where = beth.page.url

    # Both begin from the same version.
    for each in (beth, beta):
        each.open(where)
        each.press("Change the plan")
    beta.fill("Plan", typed(beta).replace("the barn", "the barn to Siôn").replace("in May", "in June"))
    beta.press("Save plan")
    beth.fill("Plan", typed(beth).replace("Aims", "Our aims").replace("the barn", "the field"))
    beth.press("Save plan")

    # They changed one line alike: Beth decides, and her other change is put together with Beta's.
    assert beth.heading == "Decide what stays"
    assert "Sell the barn to Siôn" in beth.text
    assert "Sell the field" in beth.text
    beth.choose("Keep both, what is saved now first")
    beth.press("Save plan")
    assert beth.heading == "The mill"
    for line in ("Our aims", "Buy the mill", "Sell the barn to Siôn", "Sell the field", "Look again in June"):
        assert line in beth.text

    # Beta writes elsewhere in it meanwhile: nobody is asked anything.
    beta.open(where)
    beta.press("Change the plan")
    beth.press("Change the plan")
    beth.fill("Plan", typed(beth).replace("Buy the mill", "Buy the old mill"))
    beth.press("Save plan")
    beta.fill("Plan", typed(beta) + "\nTell the bank")
    beta.press("Save plan")
    assert "It was also saved while you were writing" in beta.text
    assert "Buy the old mill" in beta.text
    assert "Tell the bank" in beta.text
    beta.follow("Versions of this plan")
    beta.press("See what changed")
    assert beta.heading == "What changed"
    assert not beth.said
    assert not beta.said


def test_an_application_form_follows_the_splits_until_it_is_finalised(
    person: Open, served: Instance, firm: str
) -> None:
    beth = person(BETH)
    served.do(ACE, "settings.change", "fee_splits=true")
    for member, split in ((BETH, 50), (SION, 25)):
        served.do(ACE, "grant.set", f"to={member}", "on=FOR001", "level=owner", f"fee_split={split}")
    beth.open(f"{firm}/clients/1")
    beth.follow("Application forms")
    beth.go(beth.page.get_by_role("link", name="Add an application form to").first)
    beth.fill("Product", "Pension")
    beth.fill("Amount", "100.01")
    for part, text in (("Day", "29"), ("Month", "11"), ("Year", "2026")):
        beth.fill(part, text)
    beth.press("Save draft")
    assert "£50.01" in beth.row("Beth Conners").inner_text()
    assert "£25.00" in beth.row("Siôn Parry").inner_text()
    assert "£25.00" in beth.row("Not divided").inner_text()

    served.do(ACE, "grant.set", f"to={SION}", "on=FOR001", "level=owner", "fee_split=0")
    beth.page.reload()
    assert beth.row("Siôn Parry").count() == 0
    beth.press("Finalise")
    beth.choose("Yes")
    beth.press("Continue")
    assert "The application form is finalised." in beth.text

    served.do(ACE, "grant.set", f"to={BETH}", "on=FOR001", "level=owner", "fee_split=10")
    beth.page.reload()
    assert "50%" in beth.row("Beth Conners").inner_text()
    assert beth.page.get_by_role("button", name="Change", exact=True).count() == 0
    assert not beth.said
