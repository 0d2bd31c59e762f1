"""Firms for the tests of `access`: one to act on, and another that must never notice."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.access.cast import Cast

# Imported where they are used: pytest reads this file before Django's settings are known.


@pytest.fixture
def firm(db: None) -> "Cast":
    """An agency with one administrator, control off."""
    from tests.access.cast import found

    return found()


@pytest.fixture
def other_firm(db: None) -> "Cast":
    """Another firm in the same database."""
    from tests.access.cast import found

    return found("Other & Co", "practice")
