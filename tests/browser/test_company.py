"""The client access document, walked by an administrator, an owner and a user who is left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.company import HARBOUR
from tests.browser.office import BETA, BETH, NOOR
from tests.browser.people import Person
from tests.browser.serving import Instance
from tests.browser.walking import page_faults

pytestmark = pytest.mark.database

Open = Callable[..., Person]
WHY = "I am to renew their screening this month."


@pytest.fixture(scope="module")
def firm(served: Instance) -> str:
    """The path that all pages of the company begin with."""
    served.run_module("tests.browser.company")
    return next(f"/firms/{each['firm']}" for each in served.ask("firm", "list") if each["name"] == HARBOUR)


def answer(person: Person, english: str) -> None:
    person.choose(english)
    person.press("Continue")


def test_a_case_is_narrowed_asked_for_granted_and_handed_over(person: Open, firm: str) -> None:
    ingrid, nils = person(BETH, profile="kyc"), person(NOOR, profile="kyc")
    mads = person(BETA, language="cy", width=320, profile="kyc")

    # Turning on takes nothing away; requesting is allowed with it.
    ingrid.open(f"{firm}/manage/turn-on")
    ingrid.page.get_by_label("Allow requesting access").check()
    ingrid.press("Continue")
    assert not ingrid.page.get_by_role("heading", name="Who loses access").count()
    answer(ingrid, "Yes")
    mads.open(f"{firm}/clients")
    mads.go(mads.page.get_by_role("link", name="Aurora Shipping"))
    assert mads.heading == "Aurora Shipping"
    aurora = mads.page.url

    # Its owner narrows it to a group.
    nils.open(f"{firm}/clients")
    nils.follow("Aurora Shipping")
    nils.follow("[Sharing options]")
    assert nils.row("Nils Brandt", "Case owner").count() == 1
    faults = page_faults(nils, narrower=320)
    nils.press("Share with [a group] or [member]")
    nils.follow("Onboarding")
    nils.press("Continue")
    answer(nils, "Yes")
    nils.go(nils.page.get_by_role("link", name="Remove the access of Everyone"))
    assert "Mads Holm: Aurora Shipping" in nils.text
    answer(nils, "Yes")
    assert nils.row("Onboarding", "Can view and manage").count() == 1

    # Who is out sees the name, groups by name only and single users, and asks.
    assert mads.open(aurora).status == 403
    faults += page_faults(mads)
    mads.follow("[Sharing options]")
    assert "Onboarding" in mads.text
    assert "Nils Brandt" in mads.text
    assert "Sofie Lund" not in mads.text
    faults += page_faults(mads)
    mads.press("Request access")
    faults += page_faults(mads)
    mads.fill("Why do you need access?", WHY)
    mads.press("Send the request")
    assert mads.row("Aurora Shipping", mads.say("Waiting")).count() == 1
    faults += page_faults(mads)

    # The owner is led to it and grants it for a time.
    nils.open(f"{firm}/clients")
    nils.go(nils.page.get_by_role("link", name="1 request for access waits for your answer."))
    faults += page_faults(nils, narrower=320)
    nils.go(nils.page.get_by_role("link", name="Answer Mads Holm: Aurora Shipping"))
    faults += page_faults(nils, narrower=320)
    assert WHY in nils.text
    asked_for = nils.page.url
    nils.choose("Grant it")
    for part, text in (("Day", "31"), ("Month", "3"), ("Year", "2125")):
        nils.fill(part, text)
    nils.press("Continue")
    answer(nils, "Yes")
    assert mads.open(aurora).status == 200
    mads.open(f"{firm}/your-account/requests")
    assert mads.row("Aurora Shipping", mads.say("Granted")).count() == 1
    assert mads.open(asked_for).status == 403

    # He hands the case over and leaves it.
    nils.open(aurora)
    nils.follow("[Sharing options]")
    nils.press("Add [a owner] or hand over")
    faults += page_faults(nils, narrower=320)
    nils.follow("Sofie Lund")
    faults += page_faults(nils, narrower=320)
    nils.choose("Their own access is removed")
    nils.press("Continue")
    answer(nils, "Yes")
    assert nils.open(aurora).status == 403
    ingrid.open(asked_for)
    assert "Granted by Nils Brandt" in ingrid.text
    ingrid.follow("[Sharing options]")
    assert ingrid.row("Sofie Lund", "Case owner").count() == 1
    assert not faults, "\n".join(faults)
    assert [*ingrid.said, *nils.said, *mads.said] == []


def test_groups_come_and_go_and_a_digest_is_chosen(person: Open, firm: str) -> None:
    ingrid = person(BETH, profile="kyc")
    mads = person(BETA, language="cy", width=320, profile="kyc")
    ingrid.open(f"{firm}/manage/turn-on")
    if "turned-on" not in ingrid.page.url:
        ingrid.press("Continue")
        assert "daily digest of every client relationship that they can open" in ingrid.text
        answer(ingrid, "Yes")

    # A group has a name and users who are searched for; then it is given a case.
    ingrid.open(f"{firm}/manage/groups/create")
    ingrid.choose("[Group] of [members]")
    ingrid.press("Continue")
    ingrid.fill("Name of the [group]", "Screening")
    ingrid.press("Continue")
    ingrid.filter("mads", label="Name or e-mail address")
    ingrid.boxes.check()
    ingrid.press("Continue")
    ingrid.press("Create [group]")
    assert "Screening is now active" in ingrid.text
    ingrid.open(f"{firm}/clients")
    ingrid.follow("Bluefin Capital")
    ingrid.follow("[Sharing options]")
    panel = ingrid.page.url
    ingrid.press("Share with [a group] or [member]")
    ingrid.follow("Screening")
    ingrid.press("Continue")
    answer(ingrid, "Yes")
    ingrid.go(ingrid.page.get_by_role("link", name="Remove the access of Everyone"))
    answer(ingrid, "Yes")

    # Of the case Mads wants no digest; it stands among those that are left out.
    mads.open(panel)
    box = mads.page.get_by_label(mads.say("Receive daily digest"), exact=True)
    box.uncheck()
    mads.press("Save for your digest")
    assert not box.is_checked()
    mads.follow("Your daily digest of all [clients]")
    assert mads.row("Bluefin Capital").count() == 1
    mads.follow("See your next daily digest, as it is now")
    assert "Bluefin Capital" not in mads.text

    # Deleting the group warns who loses what; sharing all cases with a user gives it back.
    ingrid.open(f"{firm}/manage/groups")
    ingrid.follow("Screening")
    ingrid.press("Delete")
    assert "Mads Holm: Bluefin Capital" in ingrid.text
    answer(ingrid, "Yes")
    assert mads.open(panel).status == 200
    assert box.count() == 0
    ingrid.open(f"{firm}/manage/team-members")
    ingrid.follow("Mads Holm")
    ingrid.press("Share all [clients] with them")
    ingrid.press("Continue")
    answer(ingrid, "Yes")
    mads.open(panel)
    assert not box.is_checked()
    assert [*ingrid.said, *mads.said] == []
