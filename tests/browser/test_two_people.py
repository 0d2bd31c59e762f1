"""Two people at work at once, forms that are sent twice or too late, and what is bad in them.

Each test makes a group of its own name, so that one server does for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.office import ACE, BETA, BETH, LARKS
from tests.browser.people import Person
from tests.browser.serving import Instance
from tests.browser.walking import walk

pytestmark = pytest.mark.database

Open = Callable[..., Person]
MEANWHILE = "Something was changed in the firm while you were reading: look at the numbers again"
ONE_SELECTED = "1 selected across all searches"


@pytest.fixture(scope="module")
def firms(served: Instance) -> dict[str, str]:
    """The path that the pages of each firm begin with, by the firm's name; control is on in Ace Agents."""
    served.do(ACE, "control.turn_on")
    return {each["name"]: f"/firms/{each['firm']}" for each in served.ask("firm", "list")}


@pytest.fixture
def firm(firms: dict[str, str]) -> str:
    return firms[ACE]


@pytest.fixture
def beth(person: Open) -> Person:
    """The administrator who makes groups here."""
    return person(BETH)


def begin(person: Person, firm: str, name: str) -> None:
    """Begin a group with one client and one member, up to the page that makes it."""
    person.name_a_group(firm, name)
    person.filter("bramble farm 09")
    person.boxes.first.check()
    person.press("Continue")
    person.row(BETH).get_by_role("checkbox").check()
    person.press("Continue")
    assert person.heading == "Check your answers"


def write_note(person: Person, firm: str, title: str) -> None:
    """A note on the first service of Fortune 500, and back to its record."""
    person.open(f"{firm}/clients/1")
    person.go(person.page.get_by_role("link", name="Add a note").first)
    person.fill("Title", title)
    person.fill("Note", "As it was")
    person.press("Save note")


def groups_called(person: Person, firm: str, name: str) -> int:
    """How many groups of the list are called so."""
    person.open(f"{firm}/manage/groups")
    return person.page.get_by_role("link", name=name, exact=True).count()


def form_of(person: Person) -> dict[str, Any]:
    """What the form of the page would send as it stands."""
    return dict(person.page.evaluate("Object.fromEntries(new FormData(document.querySelector('main form')))"))


# --- Stale forms


def test_a_change_by_somebody_else_is_shown_before_the_group_is_made(
    beth: Person, served: Instance, firm: str
) -> None:
    begin(beth, firm, "Overtaken")
    served.do(ACE, "member.change", "member=" + BETA, "name=Beta Sobeck-Ray")
    beth.press("Create [group]")
    assert MEANWHILE in beth.text
    assert "What was changed meanwhile" in beth.text
    assert beth.page.title().startswith("Error: ")
    beth.press("Create [group]")
    assert beth.heading == "Access group created"


def test_a_name_that_somebody_else_took_meanwhile_is_told_and_can_be_changed(
    beth: Person, served: Instance, firm: str
) -> None:
    begin(beth, firm, "Wanted twice")
    served.do(ACE, "group.create", "group=wanted TWICE")
    beth.press("Create [group]")
    summary = beth.page.get_by_role("alert")
    assert "There is an access group with this name already" in summary.inner_text()
    beth.follow("Change the name")
    beth.fill("Name of the [group]", "Wanted once")
    beth.press("Continue")
    beth.press("Continue")
    beth.press("Continue")
    beth.press("Create [group]")
    assert beth.heading == "Access group created"


def test_a_group_renamed_by_somebody_else_is_renamed_again_not_lost(
    beth: Person, served: Instance, firm: str
) -> None:
    begin(beth, firm, "Renamed by two")
    beth.press("Create [group]")
    beth.follow("See the [group]")
    beth.press("Rename")
    served.do(ACE, "group.rename", "group=Renamed by two", "to=Renamed by one")
    beth.fill("Name of the [group]", "Renamed by Beth")
    beth.press("Save")
    summary = beth.page.get_by_role("alert")
    assert "Somebody has renamed it to Renamed by one meanwhile" in summary.inner_text()
    assert beth.page.get_by_label("Name of the access group").input_value() == "Renamed by Beth"
    beth.press("Save")
    assert beth.heading == "Renamed by Beth"
    assert groups_called(beth, firm, "Renamed by one") == 0


def test_a_group_deleted_by_somebody_else_is_page_not_found(
    beth: Person, served: Instance, firm: str
) -> None:
    begin(beth, firm, "Deleted meanwhile")
    beth.press("Create [group]")
    beth.follow("See the [group]")
    served.do(ACE, "group.delete", "group=Deleted meanwhile")
    beth.press("Rename")
    assert beth.heading == "Page not found"


def test_turning_access_groups_off_meanwhile_discards_the_half_made_group(
    beth: Person, served: Instance, firm: str
) -> None:
    begin(beth, firm, "Half made")
    served.do(ACE, "control.turn_off")
    served.do(ACE, "control.turn_on")
    beth.press("Create [group]")
    assert beth.heading == "What kind of access group do you want to create?"
    assert "Whoever runs Ringfence turned off access groups" in beth.text
    assert groups_called(beth, firm, "Half made") == 0


def test_a_note_that_somebody_else_changed_is_shown_and_not_written_over(
    person: Open, beth: Person, firm: str
) -> None:
    write_note(beth, firm, "Shared note")
    beth.follow("Shared note")
    beth.press("Change the note")
    beta = person(BETA)
    beta.open(beth.page.url)
    beta.fill("Note", "What Beta found")
    beta.press("Save note")
    beth.fill("Note", "What Beth found")
    beth.press("Save note")
    assert "What Beta found" in beth.text
    assert beth.page.get_by_label("Note", exact=True).input_value() == "What Beth found"
    beth.press("Save note")
    assert "What Beth found" in beth.text
    assert "What Beta found" in beth.text


# --- Twice


def test_a_double_click_makes_one_group(beth: Person, firm: str) -> None:
    begin(beth, firm, "Clicked twice")
    with beth.page.expect_navigation():
        beth.page.get_by_role("button", name="Create access group").dblclick()
    assert beth.heading == "Access group created"
    assert groups_called(beth, firm, "Clicked twice") == 1


def test_the_same_form_sent_three_times_leads_to_the_one_group(beth: Person, firm: str) -> None:
    begin(beth, firm, "Sent thrice")
    address, form = beth.page.url, form_of(beth)
    answers = {beth.page.request.post(address, form=form).url for _ in range(3)}
    assert len(answers) == 1
    assert answers.pop().endswith("/created")
    assert groups_called(beth, firm, "Sent thrice") == 1


def test_going_back_after_the_group_is_made_and_sending_again_makes_no_other(beth: Person, firm: str) -> None:
    begin(beth, firm, "Gone back")
    beth.press("Create [group]")
    made = beth.page.url
    beth.page.go_back()
    if beth.page.get_by_role("button", name="Create access group").count():
        beth.press("Create [group]")
        assert beth.page.url == made
    assert groups_called(beth, firm, "Gone back") == 1


def test_going_back_through_the_steps_keeps_what_was_chosen(beth: Person, firm: str) -> None:
    begin(beth, firm, "Back and forth")
    beth.follow("Back")
    assert beth.row(BETH).get_by_role("checkbox").is_checked()
    beth.follow("Back")
    assert beth.selected == ONE_SELECTED
    beth.follow("Back")
    assert beth.page.get_by_label("Name of the access group").input_value() == "Back and forth"
    beth.follow("Back")
    assert beth.page.get_by_role("radio", name="Custom access group").is_checked()


def test_turning_off_twice_is_turning_off(beth: Person, served: Instance, firm: str) -> None:
    beth.open(f"{firm}/manage/turn-off/confirm")
    beth.fill("To turn off [access control], type the name of the firm", ACE)
    address, form = beth.page.url, form_of(beth)
    answers = {beth.page.request.post(address, form=form).url for _ in range(2)}
    assert len(answers) == 1
    assert answers.pop().endswith("/turned-off")
    served.do(ACE, "control.turn_on")


def test_deleting_twice_is_deleting(beth: Person, served: Instance, firm: str) -> None:
    begin(beth, firm, "Deleted twice")
    beth.press("Create [group]")
    beth.follow("See the [group]")
    beth.press("Delete")
    beth.choose("Yes")
    address, form = beth.page.url, form_of(beth)
    answers = {beth.page.request.post(address, form=form).url for _ in range(2)}
    assert len(answers) == 1
    assert answers.pop().endswith("/groups")
    assert groups_called(beth, firm, "Deleted twice") == 0


def test_a_note_sent_twice_is_kept_once(beth: Person, firm: str) -> None:
    beth.open(f"{firm}/clients/1")
    beth.go(beth.page.get_by_role("link", name="Add a note").first)
    beth.fill("Title", "Sent twice")
    beth.fill("Note", "Once is enough.")
    address, form = beth.page.url, form_of(beth)
    for _ in range(2):
        assert beth.page.request.post(address, form=form).ok
    beth.open(f"{firm}/clients/1")
    assert beth.page.get_by_role("link", name="Sent twice").count() == 1


def test_going_back_and_writing_something_else_adds_another_note(beth: Person, firm: str) -> None:
    beth.open(f"{firm}/clients/1")
    beth.go(beth.page.get_by_role("link", name="Add a note").first)
    beth.fill("Title", "First thought")
    beth.fill("Note", "The one")
    address, form = beth.page.url, form_of(beth)
    for title in ("First thought", "Second thought"):
        assert beth.page.request.post(address, form=form | {"title": title}).ok
    beth.open(f"{firm}/clients/1")
    assert beth.page.get_by_role("link", name="First thought").count() == 1
    assert beth.page.get_by_role("link", name="Second thought").count() == 1


# --- The session


def test_a_session_that_ends_on_the_way_asks_to_sign_in_and_keeps_the_choice(
    person: Open, served: Instance, firm: str
) -> None:
    beth = person()
    # A session of its own: the others go on with theirs.
    beth.sign_in(BETH)
    begin(beth, firm, "Signed out")
    beth.context.clear_cookies(name="sessionid")
    beth.press("Create [group]")
    assert beth.heading == "Sign in"
    beth.sign_in(BETH)
    assert beth.heading == "Check your answers"
    assert "Signed out" in beth.text
    beth.press("Create [group]")
    assert beth.heading == "Access group created"


def test_a_form_without_its_token_is_refused(beth: Person, firm: str) -> None:
    begin(beth, firm, "Forged")
    form = form_of(beth)
    del form["csrfmiddlewaretoken"]
    assert beth.page.request.post(beth.page.url, form=form).status == 403
    assert groups_called(beth, firm, "Forged") == 0


# --- Another firm


def test_every_address_of_another_firm_is_page_not_found(person: Open, firms: dict[str, str]) -> None:
    beth, beta = person(BETH), person(BETA)
    larks = firms[LARKS]
    begun = [f"{larks}/manage/groups/create", f"{larks}/manage/groups/2/created"]
    addresses = [each for each in walk(beth, [larks + "/", *begun]) if each.startswith(larks)]
    assert len(addresses) > 15, addresses
    found = {each: beta.page.request.get(each).status for each in addresses}
    assert set(found.values()) == {404}, found


def test_numbers_of_another_firm_name_nothing_in_ones_own(beth: Person, served: Instance, firm: str) -> None:
    """Client 60 is here and not in Larks; member 900 is in neither."""
    paths = ("clients/900", "clients/900/why", "manage/clients/900", "manage/clients/1/members/900")
    more = ("manage/groups/900", "manage/groups/900/rename", "manage/groups/900/delete")
    note = "clients/1/notes/7d444840-9dc0-11d1-b245-5ffdce74fad2"
    found = {each: beth.page.request.get(f"{firm}/{each}").status for each in (*paths, *more, note)}
    assert set(found.values()) == {404}, found


def test_what_is_ticked_must_be_in_the_firm(beth: Person, firm: str) -> None:
    """A form may name anything; what the firm does not have is passed over."""
    begin(beth, firm, "Ticked by hand")
    address = f"{firm}/manage/groups/create/clients"
    beth.open(address)
    token = form_of(beth)["csrfmiddlewaretoken"]
    form = {"csrfmiddlewaretoken": token, "shown": "90210", "tick": "90210", "go": "search"}
    assert beth.page.request.post(address, form=form).ok
    beth.open(address)
    assert beth.selected == ONE_SELECTED


# --- Bad names and odd ones


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("", "Enter a name for the access group"),
        ("x" * 51, "50 characters"),
        ("Line\x01feed", "control characters"),
        ("everyone", "with this name already"),
    ],
    ids=["empty", "51 characters", "control character", "built in"],
)
def test_a_bad_name_is_told_beside_the_field_and_in_the_summary(
    beth: Person, firm: str, name: str, complaint: str
) -> None:
    beth.begin_a_group(firm)
    beth.fill("Name of the [group]", name)
    beth.press("Continue")
    assert beth.page.title().startswith("Error: ")
    summary = beth.page.get_by_role("alert")
    assert complaint in summary.inner_text()
    summary.get_by_role("link").click()
    field = beth.page.get_by_label("Name of the access group")
    assert field.evaluate("e => e === document.activeElement")
    assert complaint in beth.page.locator("#name-error").inner_text()


@pytest.mark.parametrize(
    "name",
    ["\"Quoted\" & 'single' <b>", "🦊🐻‍❄️ Llŷr", "<script>alert(1)</script>", '=HYPERLINK("x","y")', "x" * 50],
    ids=["quotes", "emoji", "script", "formula", "50 characters"],
)
def test_an_odd_name_is_shown_as_it_was_written(beth: Person, firm: str, name: str) -> None:
    begin(beth, firm, name)
    assert name in beth.text
    beth.press("Create [group]")
    beth.follow("See the [group]")
    assert beth.heading == name
    assert groups_called(beth, firm, name) == 1
    beth.search(name, label="Name of the [group]")
    assert beth.page.locator("tbody tr").count() == 1
    assert not beth.said


def test_a_search_with_control_characters_is_told_what_to_leave_out(beth: Person, firm: str) -> None:
    assert beth.open(f"{firm}/clients?search=a%00b%07").status == 422
    assert "Leave out line breaks and control characters" in beth.text
