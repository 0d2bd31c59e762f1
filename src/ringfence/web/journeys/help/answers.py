"""What a help page says of one question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ringfence.core.settings import Settings
from ringfence.wording.saying import LazyText


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpText:
    """What a help page says; `points` are listed below the paragraphs."""

    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()
    names_people: bool = False
    """Whether the firm's administrators are named below."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A question, its answer, and in which firms it is one."""

    question: LazyText
    answer: Callable[[Settings], HelpText]
    arises: Callable[[Settings], bool] = lambda _settings: True
