"""The page that says what turning on or off means, before anything is asked."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.web.shell.page import Link, Page

from .options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePage(Page):
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()
    warning: str = ""
    help: Link
    """The help page that says more."""
    go_on: str
    options: Options | None = None
    """What else may be chosen there; None for nothing."""
    options_open: bool = False
    """Whether these are shown at once."""
