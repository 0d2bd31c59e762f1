"""The cast of the pages' tests, and a client for each of them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.cast import Cast
    from tests.web.checks import PageClient

# Imported where they are used: pytest reads this file before Django's settings are known.


@pytest.fixture(autouse=True)
def the_default_language() -> Iterator[None]:
    """A page that was asked for in Welsh leaves Welsh behind in the process."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def every_view_is_there() -> None:
    """A view that is first imported while a test has patched a name would keep what stood in its place."""
    importlib.import_module("ringfence.web.urls")


@pytest.fixture
def cast(db: None) -> Cast:
    """Pike & Marlow, an agency with control off, and another firm."""
    from tests.web.cast import make_cast

    return make_cast()


@pytest.fixture
def visitor(db: None) -> PageClient:
    """Nobody who is signed in."""
    from tests.web.checks import PageClient

    return PageClient()


@pytest.fixture
def signed_in() -> Callable[[Cast, str], PageClient]:
    """A client for a user of the cast, by name."""
    from tests.web.checks import PageClient

    def sign_in(cast: Cast, name: str) -> PageClient:
        client = PageClient()
        client.force_login(cast.users[name])
        return client

    return sign_in


@pytest.fixture
def owen(cast: Cast, signed_in: Callable[[Cast, str], PageClient]) -> PageClient:
    """The administrator."""
    return signed_in(cast, "Owen")


@pytest.fixture
def cai(cast: Cast, signed_in: Callable[[Cast, str], PageClient]) -> PageClient:
    return signed_in(cast, "Cai")


@pytest.fixture
def dilys(cast: Cast, signed_in: Callable[[Cast, str], PageClient]) -> PageClient:
    return signed_in(cast, "Dilys")


@pytest.fixture
def ada(cast: Cast, signed_in: Callable[[Cast, str], PageClient]) -> PageClient:
    """The auditor."""
    return signed_in(cast, "Ada")
