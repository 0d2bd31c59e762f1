"""The firms of the browser tests, served by the real `ringfence serve`, and the people who sit at a browser.

Every module marks itself `database`: what is served lies in the database under test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from ringfence.core.settings import Profile
    from tests.browser.office import Office
    from tests.browser.people import Person
    from tests.browser.serving import Instance
    from tests.support.databases import Databases

# What these find wrong is told in full, as in a test; so nobody may have imported them before.
pytest.register_assert_rewrite("tests.browser.journey", "tests.browser.people", "tests.browser.walking")


@pytest.fixture(scope="session")
def office(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Ace Agents and Larks as the command line made them; nobody serves this database."""
    from tests.browser.office import make_office

    return make_office(databases, tmp_path_factory.mktemp("office"))


@pytest.fixture
def fresh(office: Office) -> Iterator[Instance]:
    """A server for this test alone."""
    with office.copy() as instance:
        yield instance


@pytest.fixture(scope="module")
def served(office: Office) -> Iterator[Instance]:
    """A server for all tests of a module."""
    with office.copy() as instance:
        yield instance


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, str], list[Any]]:
    """The cookies of those who have signed in already, by e-mail address and language."""
    return {}


@pytest.fixture
def person(
    browser: Browser, served: Instance, known: dict[tuple[str, str], list[Any]]
) -> Iterator[Callable[..., Person]]:
    """Opens a browser for somebody, signed in where an e-mail address is given: by the form once a module."""
    from tests.browser.people import Person

    with ExitStack() as closing:

        def open_for(
            email: str = "", *, language: str = "en", width: int = 1280, profile: Profile = "agency"
        ) -> Person:
            made = Person(browser, served, language=language, width=width, profile=profile)
            closing.callback(made.close)
            if email and (email, language) in known:
                made.cookies = known[email, language]
            elif email:
                made.sign_in(email)
                known[email, language] = made.cookies
            return made

        yield open_for
