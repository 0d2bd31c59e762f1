"""Texts in the reader's language and in the words of the firm they belong to (rules.md 3, "words", "levels").

Outside `in_words_of`, as on the command line, it is the words of the rules: group, member, client, Editor.
Words are put in their places before any name is filled in, so that nothing that people wrote is ever changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

from django.utils import translation
from django.utils.functional import Promise, lazy

from ringfence.core.settings import Profile, Settings

from .forms import in_words

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


def gettext(message: str) -> str:
    """The text in the reader's language and the firm's words."""
    return _said(translation.gettext(message))


def ngettext(singular: str, plural: str, number: int) -> str:
    """The same for a number of things."""
    return _said(translation.ngettext(singular, plural, number))


def gettext_lazy(message: str) -> Promise:
    """For tables: a text that is put into words each time it is read."""
    return cast(Promise, _lazily(message))


_lazily = lazy(gettext, str)


def _said(text: str) -> str:
    language = translation.get_language() or "en"
    return in_words(text, language, profile_spoken()) if "[" in text else text
