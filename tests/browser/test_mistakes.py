"""What a page says when something is wrong: forms with errors, pages one cannot have, no database any more.

Each is held to what every page is held to (`walking.page_faults`).
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.browser.office import ACE, BETA, BETH, Office
from tests.browser.people import Person
from tests.browser.serving import MOST_SECONDS, Instance
from tests.browser.walking import page_faults, picture
from tests.support.databases import SERVER_VARIABLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.database

Open = Callable[..., Person]

EMPTY_FORMS = {
    "manage/groups/create": ("", "Continue"),
    "manage/groups/2/rename": ("Name of the [group]", "Save"),
    "manage/groups/2/delete": ("", "Continue"),
    "manage/turn-off/confirm": ("", "Turn off [access control]"),
    "clients/1/engagements/1/add-note": ("Title", "Save note"),
}
"""Forms inside a firm: the field to empty, and the button."""


@pytest.fixture(scope="module")
def firm(served: Instance) -> str:
    """Ace Agents with control on and a group; the path that its pages begin with."""
    served.do(ACE, "group.create", "group=Farms", f"members={BETH}", "on=BRA001,FOR001")
    served.do(ACE, "control.turn_on")
    return next(f"/firms/{each['firm']}" for each in served.ask("firm", "list") if each["name"] == ACE)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mistakes")


@pytest.fixture(params=[("en", 1280), ("cy", 320)], ids=["english", "welsh-narrow"])
def reader(request: pytest.FixtureRequest) -> tuple[str, int]:
    """A language and a width."""
    language, width = request.param
    return str(language), int(width)


def complaint_faults(person: Person, where: str, pictures: Path) -> list[str]:
    """What is wrong with a page that complains: its title, its summary, and where the summary leads."""
    page = person.page
    faults = page_faults(person)
    if not page.title().startswith(person.say("Error:")):
        faults.append(f"the title does not say that there is an error: {page.title()}")
    summary = page.get_by_role("alert")
    if not summary.evaluate("e => e.closest('.govuk-error-summary') === document.activeElement"):
        faults.append("the summary has not the focus")
    for link in summary.get_by_role("link").all():
        link.click()
        if page.evaluate("document.activeElement === document.body"):
            faults.append(f"{link.inner_text()!r} leads to no field")
    picture(person, pictures)
    return [f"{where}: {fault}" for fault in faults]


def test_a_form_sent_empty_says_what_is_missing_and_leads_there(
    person: Open, firm: str, reader: tuple[str, int], pictures: Path
) -> None:
    language, width = reader
    beth = person(BETH, language=language, width=width)
    beth.open("/")
    beth.choose_language()
    begin_anew(beth, firm)
    faults = []
    for path, (field, button) in EMPTY_FORMS.items():
        beth.open(f"{firm}/{path}")
        if field:
            beth.fill(field, "")
        beth.press(button)
        faults += complaint_faults(beth, path, pictures)
    beth.begin_a_group(firm)
    beth.press("Continue")
    faults += complaint_faults(beth, "no name", pictures)
    beth.name_a_group(firm, "Nobody and nothing")
    beth.press("Continue")
    faults += complaint_faults(beth, "no clients chosen", pictures)
    beth.boxes.first.check()
    beth.press("Continue")
    beth.press("Continue")
    faults += complaint_faults(beth, "no members chosen", pictures)
    assert not faults, "\n".join(faults)


def begin_anew(person: Person, firm: str) -> None:
    """What was begun before is discarded."""
    person.open(f"{firm}/manage/groups/create")
    discard = "Discard what you have begun"
    if person.page.get_by_role("button", name=person.say(discard)).count():
        person.press(discard)


def test_the_forms_of_who_is_not_signed_in_say_what_is_wrong(
    person: Open, office: Office, reader: tuple[str, int], pictures: Path
) -> None:
    language, width = reader
    visitor = person(language=language, width=width)
    faults = []
    for path, button in (
        ("/sign-in", "Sign in"),
        ("/password-link", "Send the link"),
        (office.link, "Set password"),
    ):
        visitor.open(path)
        visitor.choose_language()
        faults += page_faults(visitor)
        visitor.press(button)
        faults += complaint_faults(visitor, path, pictures)
    assert not faults, "\n".join(faults)


def test_pages_that_cannot_be_had_say_so_and_lead_on(
    person: Open, firm: str, reader: tuple[str, int], pictures: Path
) -> None:
    language, width = reader
    beta = person(BETA, language=language, width=width)
    beta.open("/")
    beta.choose_language()
    faults = []
    for path, status in (
        (f"{firm}/manage", 403),
        (f"{firm}/nowhere", 404),
        (f"{firm}/clients/4711", 404),
        ("/set-password/1/dif-0123456789", 404),
    ):
        answer = beta.open(path)
        assert answer.status == status, path
        faults += page_faults(beta)
        picture(beta, pictures)
        assert beta.page.get_by_role("main").get_by_role("link").count(), f"{path} leads nowhere"
    assert not faults, "\n".join(faults)


def test_a_database_that_is_gone_is_said_to_be_gone_and_nothing_is_shown(
    browser: Browser, fresh: Instance, pictures: Path
) -> None:
    beta = Person(browser, fresh)
    beta.sign_in(BETA)
    take_away(fresh)
    assert first_refusal(beta, "/firms/1/clients") == 503
    assert beta.heading == "Ringfence cannot answer at the moment"
    assert "Bramble" not in beta.page.content()
    assert not page_faults(beta)
    picture(beta, pictures)
    beta.close()


def first_refusal(person: Person, path: str) -> int:
    """The status of the first answer that shows nothing; until then the last worker goes on."""
    from playwright.sync_api import Error

    deadline = time.monotonic() + MOST_SECONDS
    while time.monotonic() < deadline:
        try:
            answer = person.open(path)
        except Error as fault:
            # On a slow machine the old worker is gone before the new one listens.
            if "ERR_CONNECTION" not in fault.message:
                raise
        else:
            if not answer.ok:
                return answer.status
    raise AssertionError("the pages are answered without a database")


def take_away(instance: Instance) -> None:
    """Make the database of a running server unreachable."""
    if instance.database.startswith("sqlite"):
        folder = Path(urlsplit(instance.database).path[1:]).parent
        shutil.rmtree(folder)
        # What has the file open goes on with it; the next worker finds nothing.
        instance.renew()
        return
    name = sql.Identifier(instance.database.rpartition("/")[2])
    with psycopg.connect(os.environ[SERVER_VARIABLE], autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
