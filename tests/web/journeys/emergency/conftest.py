"""A company of which one client has been narrowed, and which lets its members in in an emergency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.cast import Cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Pike & Marlow as `narrowed` makes it."""
    from tests.support.once import made_once
    from tests.web.narrowed import narrowed

    return made_once("a client for an emergency", narrowed)
