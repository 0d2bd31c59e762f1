"""A picture on a page with the table that says the same to whoever does not see it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """Shown by `shared/pictured.html`."""

    title: str
    picture: Markup
    label: str
    """What the picture shows, in a sentence."""
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    rest: str = ""
    """The words for rows that are not shown."""
