"""A list on its way in: the page of every stage is held to what all pages are held to, also at 320 px."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.browser.office import ACE, BETH
from tests.browser.people import Person
from tests.browser.serving import Instance
from tests.browser.walking import page_faults

pytestmark = pytest.mark.database

Open = Callable[..., Person]
HEADER = "Client reference,Client name,Service,Unique taxpayer reference (UTR) of the taxpayer\n"
UNFOLDED = "unfolded"
"""Here what is drawn moves by somebody's own doing."""
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2


@pytest.fixture(scope="module")
def firm(served: Instance) -> str:
    return next(f"/firms/{each['firm']}" for each in served.ask("firm", "list") if each["name"] == ACE)


def send(person: Person, firm: str, content: str, kind: str = "clients", name: str = "a-list.csv") -> None:
    person.open(f"{firm}/lists/add/{kind}")
    person.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )
    press(person, "")


def press(person: Person, go: str) -> None:
    """Press the button that sends this, and wait until the background has done its part."""
    button = f"main button[name=go][value={go}]" if go else "main form button"
    person.go(person.page.locator(button).first)
    person.page.wait_for_selector("main:not(:has(#progress))")


def unfold(person: Person) -> None:
    """Open all that is folded."""
    for each in person.page.locator("main details > summary").all():
        if each.evaluate("summary => !summary.parentElement.open"):
            each.click()


def stages(person: Person, firm: str) -> Iterator[str]:
    """The name of each stage, once its page is open."""
    page = person.page
    send(person, firm, f"{HEADER}N1,{LONG},Payroll{LONG[:42]},1234567890\nN1,Other {LONG},VAT,abc\n")
    yield "columns"
    unfold(person)
    yield UNFOLDED
    press(person, "columns")
    yield "faults"
    unfold(person)
    yield UNFOLDED
    person.go(page.locator("main button[name=go][value=settle]"))
    yield "nothing chosen on the page of faults"
    page.locator("input[name=service]").check()
    page.locator("input[name=settled]").first.check()
    press(person, "settle")
    yield "preview"
    send(person, firm, f"{HEADER}BRA001,Bramble Farm 01,,\nN2,{LONG},,\n")
    unfold(person)
    page.locator("input[name=whole]").check()
    press(person, "columns")
    yield "what is gone"
    person.go(page.locator("main button[name=go][value=remove]"))
    yield "no number written"
    page.locator("input[name=at-most]").fill(page.locator("label[for=at-most]").inner_text().split()[-1])
    press(person, "remove")
    yield "what is gone goes"
    send(person, firm, "no,list\nat,all\n", name=f"{LONG}.csv")
    yield "columns of no list"
    person.open(f"{firm}/lists")
    yield "lists"


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("cy", 320)], ids=["english", "welsh-narrow"])
def test_a_list_on_its_way_in_has_no_page_with_a_fault(
    person: Open, firm: str, language: str, width: int
) -> None:
    beth = person(BETH, language=language, width=width)
    beth.open("/")
    beth.choose_language()
    found = [f"{stage}: {fault}" for stage in stages(beth, firm) for fault in page_faults(beth, narrower=320)]
    found = [each for each in found if not (each.startswith(UNFOLDED) and "what is drawn moves" in each)]
    assert not found, "\n".join(found)


def test_a_file_that_is_too_large_is_told_as_any_error_before_it_is_sent(person: Open, firm: str) -> None:
    beth = person(BETH)
    page = beth.page
    beth.open(f"{firm}/lists/add/clients")
    most = int(page.locator("#send").get_attribute("data-most") or 0)
    page.locator("input[type=file]").set_input_files(
        {"name": "all.csv", "mimeType": "text/csv", "buffer": bytes(most + 1)}
    )
    page.get_by_role("button", name=beth.say("Send the file")).click()
    assert page.title().startswith("Error: Bring in a list")
    page.get_by_role("alert").get_by_role("link", name="The file is larger than 20 MB.").click()
    assert page.evaluate("document.activeElement.id") == "file"
    assert not page_faults(beth)
