"""Firms for the tests of `access`: one to act on, and another that must never notice."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

    from tests.access.cast import Cast
    from tests.access.child import Start

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


@pytest.fixture
def shared(transactional_db: None) -> "Cast":
    """A firm that other processes can see: what is written here is committed."""
    from tests.access.cast import found

    return found()


@pytest.fixture
def start() -> "Iterator[Start]":
    """Starts processes of this test, and ends those that it leaves."""
    from tests.access import child

    started: list[ForkServerProcess] = []

    def begin(target: Any, *arguments: Any) -> "ForkServerProcess":
        started.append(child.start(target, *arguments))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.join(child.WAIT)
