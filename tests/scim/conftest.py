"""Pike & Marlow, whose directory provisions it with a token of Owen's, and Larks with one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.scim.directory import Directory
    from tests.web.cast import Cast

# Imported where they are used: pytest reads this file before Django's settings are known.


@pytest.fixture(autouse=True)
def new_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tokens of another test asked counts for nothing: their numbers are the same."""
    from ringfence.access.rates import RATES

    monkeypatch.setattr(RATES, "_counts", {})


@pytest.fixture
def cast(db: None) -> Cast:
    from tests.web.cast import make_cast

    return make_cast()


@pytest.fixture
def planners(db: None) -> Cast:
    """A firm in which every client keeps an Owner."""
    from tests.web.cast import make_cast

    return make_cast("planning")


@pytest.fixture
def entra(cast: Cast) -> Directory:
    from tests.scim.directory import directory_of
    from tests.web.cast import OWEN

    return directory_of(cast.firm, OWEN)
