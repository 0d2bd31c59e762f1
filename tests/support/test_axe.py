"""The accessibility check finds what is wrong, and nothing where nothing is."""

from typing import TYPE_CHECKING

from tests.support.axe import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

GOOD = "<!doctype html><html lang=en><title>Clients</title><main><h1>Clients</h1></main></html>"


def test_a_good_page_has_no_violations(page: "Page") -> None:
    page.set_content(GOOD)
    assert violations(page) == []


def test_a_picture_without_a_text_is_named(page: "Page") -> None:
    page.set_content(GOOD.replace("</main>", "<img id=logo src=data:,></main>"))
    assert any(line.startswith("image-alt") and "#logo" in line for line in violations(page))
