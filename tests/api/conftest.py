"""The cast of the pages' tests, and callers of the API that act as each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.api.caller import Caller
    from tests.web.cast import Cast

# Imported where they are used: pytest reads this file before Django's settings are known.


@pytest.fixture(autouse=True)
def new_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tokens of another test asked counts for nothing: their numbers are the same."""
    from ringfence.access.rates import RATES

    monkeypatch.setattr(RATES, "_counts", {})


@pytest.fixture
def cast(db: None) -> Cast:
    """Pike & Marlow, an agency with control off, and another firm."""
    from tests.web.cast import make_cast

    return make_cast()


@pytest.fixture
def caller(cast: Cast) -> Callable[[int], Caller]:
    """A caller with a token of a member of Pike & Marlow, by number."""
    from tests.api.caller import caller_as

    return lambda member: caller_as(cast.firm, member)


@pytest.fixture
def owen(caller: Callable[[int], Caller]) -> Caller:
    """The administrator's software."""
    from tests.web.cast import OWEN

    return caller(OWEN)


@pytest.fixture
def ada(caller: Callable[[int], Caller]) -> Caller:
    """The auditor's."""
    from tests.web.cast import ADA

    return caller(ADA)


@pytest.fixture
def cai(caller: Callable[[int], Caller]) -> Caller:
    """Of somebody who works there."""
    from tests.web.cast import CAI

    return caller(CAI)
