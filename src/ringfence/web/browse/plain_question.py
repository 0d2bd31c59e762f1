"""Yes or no to what is no command, so that there is nothing to preview: the page that asks."""

from __future__ import annotations

from dataclasses import dataclass, field

from ringfence.web.shell.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainQuestion(Page):
    """A question; a template that extends `shared/plain_question.html` may show more above it."""

    caption: str
    lead: tuple[str, ...]
    """Paragraphs that say what yes means."""
    question: str
    answer_error: str
    kept: dict[str, str] = field(default_factory=dict)
    """Fields that the answer sends along."""
