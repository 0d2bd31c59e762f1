"""Which thread answers a request: whoever waits for a lock or checks a password keeps no reader waiting.

A view that asks for another lane than its method says is marked with `in_lane`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TypeVar

from django.urls import Resolver404, resolve


class Lane(Enum):
    """Threads that requests share. Each lane goes on while another one waits."""

    READING = auto()
    """Pages that change nothing."""
    WRITING = auto()
    """Whatever may wait for another writer: forms, and records, whose opening is written first."""
    PASSWORDS = auto()
    """Whatever checks or sets a password, which takes the processor for long."""
    PROVIDERS = auto()
    """Whatever waits for a firm's identity provider, which may be slow or away."""
    PROVISIONING = auto()
    """What firms' directories change, which may send at once whatever has changed in a day."""


View = TypeVar("View", bound=Callable[..., object])


def in_lane(lane: Lane, *methods: str) -> Callable[[View], View]:
    """Mark a view: requests with these methods are answered in the lane."""

    def mark(view: View) -> View:
        lanes: dict[str, Lane] = {**getattr(view, "lanes", {}), **dict.fromkeys(methods, lane)}
        view.lanes = lanes  # type: ignore[attr-defined]  # a function takes any attribute
        return view

    return mark


def takes_files(most: int) -> Callable[[View], View]:
    """Mark a view whose forms send a file of up to so many bytes; all others take short bodies."""

    def mark(view: View) -> View:
        view.most_bytes = most  # type: ignore[attr-defined]  # a function takes any attribute
        return view

    return mark


SCIM = "/scim/v2"
"""What begins so is answered in front of the pages, and is no view."""
SCIM_BYTES = 8 * 2**20
"""A whole group of tens of thousands."""


def most_file_bytes(path: str) -> int:
    """How large a file the view at an address takes; 0 for one that takes none."""
    if path.startswith(SCIM):
        return SCIM_BYTES
    try:
        view = resolve(path).func
    except Resolver404:
        return 0
    most: int = getattr(view, "most_bytes", 0)
    return most


def lane_of(method: str, path: str) -> Lane:
    """The lane of a request: as its view says, else by whether the method may change something."""
    usual = Lane.READING if method in {"GET", "HEAD"} else Lane.WRITING
    if path.startswith(SCIM):
        return Lane.PROVISIONING if usual is Lane.WRITING else usual
    try:
        view = resolve(path).func
    except Resolver404:
        return Lane.READING
    if getattr(view, "opens_records", False):
        return Lane.WRITING
    lanes: dict[str, Lane] = getattr(view, "lanes", {})
    return lanes.get(method, usual)
