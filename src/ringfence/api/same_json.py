"""Whether two values of JSON are the same, as the draft AuthZEN profile of access requests compares them."""

from collections.abc import Mapping
from typing import Any


def same_json(one: Any, other: Any) -> bool:
    """By type and value: ``true`` is no 1, 1 is 1.0, and what is missing is not null."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(
            same_json(value, other[name]) for name, value in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return type(one) is type(other) and bool(one == other)
