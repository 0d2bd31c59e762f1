"""Texts in the reader's language and in the words of the firm they belong to (rules.md 3, "words", "levels").

Outside `in_words_of`, as on the command line, it is the words of the rules: group, member, client, Editor.
Words are put in their places before any name is filled in, so that nothing that people wrote is ever changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ringfence.core.settings import Profile, Settings

from .catalogue import language_spoken, translated, translated_number, translated_within
from .forms import in_words
from .sentences import Sentence

_SETTINGS: ContextVar[Settings | None] = ContextVar("settings", default=None)
"""Of the firm for which a text is being made."""


@contextmanager
def in_words_of(settings: Settings) -> Iterator[None]:
    """Within it, texts are in the words of this firm."""
    token = _SETTINGS.set(settings)
    try:
        yield
    finally:
        _SETTINGS.reset(token)


def profile_spoken() -> Profile | None:
    """Whose words texts are in; None for the words of the rules."""
    settings = _SETTINGS.get()
    return settings.profile if settings is not None else None


def four_levels() -> bool:
    """Whether texts name the four levels, as they do unless the firm's screens show one (rules.md 1)."""
    settings = _SETTINGS.get()
    return settings is None or settings.levels == "four"


class LazyText:
    """A text of a table: `str()` puts it into the language and words of that moment."""

    __slots__ = ("_message",)

    def __init__(self, message: str) -> None:
        self._message = message

    def __str__(self) -> str:
        return gettext(self._message)

    def __repr__(self) -> str:
        return f"LazyText({self._message!r})"


def gettext(message: str) -> str:
    """The text in the reader's language and the firm's words."""
    return _said(translated(message))


def pgettext(context: str, message: str) -> str:
    """The text as it stands in that place of a sentence: `pgettext("by whom", "Everyone")`."""
    return _said(translated_within(context, message))


def ngettext(singular: str, plural: str, number: int) -> str:
    """The same for a number of things."""
    return _said(translated_number(singular, plural, number))


def gettext_lazy(message: str) -> LazyText:
    """For tables: a text that is put into words each time it is read."""
    return LazyText(message)


def _said(text: str) -> str:
    said = in_words(text, language_spoken(), profile_spoken()) if "[" in text else text
    return Sentence(said) if ")s." in said else said
