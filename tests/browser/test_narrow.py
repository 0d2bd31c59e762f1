"""Lists at 320 pixels: rows are cards that show each cell with its heading, and rows still to who listens."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.office import ACE, BETH
from tests.browser.people import Person
from tests.browser.serving import Instance

Open = Callable[..., Person]
LISTS = ("clients", "manage/clients", "manage/clients/1", "manage/groups")
OFF_SCREEN = """() => [...document.querySelectorAll('table :is(th, td) *')]
    .filter(each => each.checkVisibility() && !each.classList.contains('govuk-visually-hidden'))
    .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth)
    .map(each => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def firm(served: Instance) -> str:
    """The path that all pages of Ace Agents begin with."""
    return next(f"/firms/{each['firm']}" for each in served.ask("firm", "list") if each["name"] == ACE)


@pytest.mark.parametrize("path", LISTS)
def test_no_cell_of_a_list_is_off_a_narrow_screen(path: str, person: Open, firm: str) -> None:
    beth = person(BETH, width=320)
    beth.open(f"{firm}/{path}")
    assert beth.page.evaluate(OFF_SCREEN) == []


def test_the_services_of_a_client_are_ticked_one_by_one(person: Open, firm: str) -> None:
    beth = person(BETH, width=320)
    beth.name_a_group(firm, "On a telephone")
    beth.filter("fortune")
    assert beth.page.evaluate(OFF_SCREEN) == []
    for service in ("VAT", "PAYE", "Corporation Tax"):
        assert beth.row("Fortune 500", service).get_by_role("checkbox", name="Fortune 500").count() == 1
    beth.row("Fortune 500", "VAT").get_by_role("checkbox").check()
    assert beth.selected == "1 selected across all searches"
    beth.page.get_by_role("checkbox", name="Select all on this page").check()
    assert all(box.is_checked() for box in beth.boxes.all())


def test_choosing_clients_takes_fewer_than_6000_pixels_of_a_telephone(person: Open, firm: str) -> None:
    beth = person(BETH, width=320)
    beth.name_a_group(firm, "On a telephone")
    assert beth.page.evaluate("document.documentElement.scrollHeight") < 6000


def test_the_cells_of_a_card_bear_their_headings_and_are_cells_still(person: Open, firm: str) -> None:
    beth = person(BETH, width=320)
    beth.open(f"{firm}/clients?search=fortune")
    row = beth.page.get_by_role("row").filter(has=beth.page.get_by_role("rowheader", name="Fortune 500"))
    cells = row.get_by_role("cell").all_inner_texts()
    assert [each.split("\n")[0] for each in cells] == ["Client reference", "Services"]


def test_a_wide_table_shows_its_headings_once(person: Open, firm: str) -> None:
    beth = person(BETH)
    beth.open(f"{firm}/clients?search=fortune")
    assert beth.page.get_by_role("columnheader").count() == 3
    assert beth.page.get_by_text("Client reference", exact=True).filter(visible=True).count() == 1
