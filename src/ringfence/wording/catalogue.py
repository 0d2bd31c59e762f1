"""The language of the reader, and the Welsh of every English text from the compiled catalogue.

Whoever answers a reader says their language around the answer (`in_language`); outside it is English, as on
the command line. No framework here: pages, mails and services without pages speak the same sentences.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "cy")
"""English first: the sentences of the sources are English."""

_FOLDER = Path(__file__).parents[1] / "locale"
_LANGUAGE: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Within it, texts are in the language: ``cy``, ``en``, or one of their kinds such as ``en-gb``.

    A language that the catalogue lacks is English.
    """
    base = language.lower().partition("-")[0]
    token = _LANGUAGE.set(base if base in LANGUAGES else LANGUAGES[0])
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def language_spoken() -> str:
    """The language that texts are in: ``en`` or ``cy``."""
    return _LANGUAGE.get()


def translated(message: str) -> str:
    """The text in the reader's language; English where there is no other."""
    # An empty message is what the catalogue keeps its own header under.
    return _catalogue(language_spoken()).gettext(message) if message else ""


def translated_within(context: str, message: str) -> str:
    """The text as it stands in that place of a sentence, which in Welsh changes how it begins."""
    return _catalogue(language_spoken()).pgettext(context, message)


def translated_number(singular: str, plural: str, number: int) -> str:
    """The form for a number of things; Welsh has five."""
    return _catalogue(language_spoken()).ngettext(singular, plural, number)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == LANGUAGES[0]:
        return gettext.NullTranslations()
    return gettext.translation("django", _FOLDER, languages=[language])
