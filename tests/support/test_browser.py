"""The browser that tests get, and what they hear when there is none."""

from typing import TYPE_CHECKING

import pytest

from tests.support.browser import find_chromium
from tests.support.debian import ProgramMissing

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGE = "<title>Quiet</title><h1>Quiet</h1><script>document.title = 'Spoken'</script>"


def test_chromium_runs_scripts(page: "Page") -> None:
    page.set_content(PAGE)
    assert page.title() == "Spoken"


def test_a_plain_page_runs_no_scripts_on_a_narrow_screen(plain_page: "Page") -> None:
    plain_page.set_content(PAGE)
    assert plain_page.title() == "Quiet"
    assert plain_page.viewport_size == {"width": 320, "height": 640}


def test_a_missing_chromium_is_an_error_that_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ProgramMissing, match="package `chromium-headless-shell`"):
        find_chromium()
