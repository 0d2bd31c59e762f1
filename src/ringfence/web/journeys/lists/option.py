"""A choice of a list that drops down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of them."""

    value: str
    text: str
