"""Texts that a command changes: only those that are another now (rules.md 6)."""

from collections.abc import Sequence

from ringfence.core import events as e
from ringfence.core.refusals import conflict
from ringfence.core.terms import Thing

from .context import Context

EventsAndTexts = tuple[list[e.Event], Sequence[e.Text]]
"""What a handler gives back where texts change: events and texts."""


def text_changes(context: Context, thing: Thing, number: int, fields: dict[str, str]) -> EventsAndTexts:
    """The event and the text for the fields that differ; nothing where none does."""
    differing = {
        name: text for name, text in fields.items() if context.directory.text(thing, number, name) != text
    }
    if not differing:
        return [], []
    text = e.Text(thing=thing, number=number, fields=differing)
    return [e.Described(thing=thing, number=number)], [text]


def described(context: Context, thing: Thing, number: int, fields: dict[str, str]) -> EventsAndTexts:
    """The same for a command that changes nothing but texts: refused where none differs."""
    events, texts = text_changes(context, thing, number, fields)
    if not events:
        conflict()
    return events, texts
