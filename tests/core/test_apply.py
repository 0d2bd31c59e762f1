"""Every event has one function that says what it does to a state."""

from typing import get_args

from ringfence.core import events as e
from ringfence.core.apply.apply import HANDLERS


def test_every_event_has_a_handler_and_every_handler_an_event() -> None:
    assert set(HANDLERS) == set(get_args(e.Event))
