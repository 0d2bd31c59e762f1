"""Chromium for the tests: found on the PATH or installed with apt, driven by Playwright.

`python -m tests.support.browser` makes sure that there is one (`make test` does so first). A missing browser
is an error that names the package, never a skipped test. Not here: what a page must look like.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.debian import ProgramMissing, can_install, install

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# The headless shell does two thirds of the work: the whole browser draws windows that nobody sees.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# Fonts, or every screenshot shows boxes.
PACKAGES = ("chromium-headless-shell", "fonts-liberation")
# The tests speak to 127.0.0.1 only: nothing that Chromium does for its own sake may reach the network.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str:
    """The path of the browser, or ProgramMissing."""
    for name in NAMES:
        path = shutil.which(name)
        if path is not None:
            return path
    raise ProgramMissing(f"Chromium is missing on the PATH: install Debian's package `{PACKAGES[0]}`")


def ensure_chromium() -> str:
    """The path of the browser, installed first where this is root on a machine with apt."""
    try:
        return find_chromium()
    except ProgramMissing:
        if not can_install():
            raise
    install(PACKAGES)
    return find_chromium()


@contextmanager
def running_browser(*also: str) -> "Iterator[Browser]":
    """Chromium as all tests use it, and with these arguments, until the block ends."""
    # Imported here: it takes as long as the whole of most test modules.
    from playwright.sync_api import sync_playwright

    arguments = [*QUIET, *also, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One Chromium for the whole run."""
    # Playwright keeps an event loop running in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def context(browser: "Browser") -> "Iterator[BrowserContext]":
    """A fresh session: no cookies, the desktop's width, British English."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def page(context: "BrowserContext") -> "Page":
    """A page with JavaScript."""
    return context.new_page()


@pytest.fixture
def plain_page(browser: "Browser") -> "Iterator[Page]":
    """A page without JavaScript, 320 pixels wide: nothing may need more."""
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, locale="en-GB", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


if __name__ == "__main__":
    try:
        ensure_chromium()
    except ProgramMissing as fault:
        sys.exit(str(fault))
