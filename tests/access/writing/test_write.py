"""Every event has one function that says what it does to the tables."""

from typing import get_args

from ringfence.access.writing.tables.write import HANDLERS
from ringfence.core import events as e


def test_every_event_has_a_handler_and_every_handler_an_event() -> None:
    assert set(HANDLERS) == set(get_args(e.Event))
