"""The one function that the themes of this folder fill in, event by event. Nothing is said here of any."""

from functools import singledispatch
from typing import TYPE_CHECKING

from .patch import Step

if TYPE_CHECKING:
    from ringfence.core.state.state import State


@singledispatch
def step_of(event: object, state: "State") -> Step:
    """What the event does. Raises `TypeError` for what is no event."""
    raise TypeError(f"{type(event).__name__} is no event")
