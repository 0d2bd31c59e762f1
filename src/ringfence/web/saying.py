"""The texts of the pages in the reader's language and the words of the firm's profile (rules.md 3, "words").

Pages are written, and translated, in the words of the `agency` profile: access group, team member. Other
profiles' words are put in their place here, before any name is filled in, so that nothing that people wrote
is ever changed. In Welsh the words around them decide how they begin, so these are told with them.

What is still the same everywhere: a client is called client.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.utils import translation

from ringfence.core.settings import Profile

PROFILE: ContextVar[Profile] = ContextVar("profile", default="agency")
"""The profile of the firm whose page is being made."""

Pairs = tuple[tuple[str, str], ...]

# Only an agency turns its groups on and off; elsewhere it is the control of access that is turned.
EN_CONTROL: Pairs = (
    ("Turn on access groups", "Turn on access control"),
    ("Turn off access groups", "Turn off access control"),
    ("turn on access groups", "turn on access control"),
    ("turn off access groups", "turn off access control"),
    ("Access groups are turned", "Access control is turned"),
    ("access groups are turned", "access control is turned"),
    ("With access groups you", "With access control you"),
    ("Turning them on", "Turning access control on"),
    ("you turn them on", "you turn it on"),
)
EN_TEAM: Pairs = (
    ("an access group", "a team"),
    ("access group", "team"),
    ("Access group", "Team"),
    ("Groups can", "Teams can"),
    ("several groups", "several teams"),
    ("no group", "no team"),
    ("the group", "the team"),
    ("This group", "This team"),
    ("A group", "A team"),
)
EN_GROUP: Pairs = (("an access group", "a group"), ("access group", "group"), ("Access group", "Group"))
EN_USER: Pairs = (("team member", "user"), ("Team member", "User"))
EN_PRACTICE: Pairs = (("team member", "practice member"), ("Team member", "Practice member"))

CY_CONTROL: Pairs = (
    ("Troi grwpiau mynediad", "Troi rheoli mynediad"),
    ("droi grwpiau mynediad", "droi rheoli mynediad"),
    ("Diffodd grwpiau mynediad", "Diffodd rheoli mynediad"),
    ("ddiffodd grwpiau mynediad", "ddiffodd rheoli mynediad"),
    ("grwpiau mynediad wedi’u troi", "rheoli mynediad wedi’i droi"),
    ("grwpiau mynediad wedi’u diffodd", "rheoli mynediad wedi’i ddiffodd"),
    ("hyd nes i chi eu troi", "hyd nes i chi ei droi"),
    ("drowch grwpiau mynediad", "drowch reoli mynediad"),
    ("drowch nhw", "drowch reoli mynediad"),
    ("Gyda grwpiau mynediad, chi", "Gyda rheoli mynediad, chi"),
    ("Nid yw eu troi ymlaen", "Nid yw ei droi ymlaen"),
    ("Bydd eu troi ymlaen", "Bydd troi rheoli mynediad ymlaen"),
)
CY_TEAM: Pairs = (
    ("%(total)s grŵp mynediad", "%(total)s o dimau"),
    ("hyd i grwpiau mynediad", "hyd i dimau"),
    ("unrhyw grŵp", "unrhyw dîm"),
    ("grŵp mynediad", "tîm"),
    ("Grŵp mynediad", "Tîm"),
    ("grwpiau mynediad", "timau"),
    ("Grwpiau mynediad", "Timau"),
    ("grwpiau", "timau"),
    ("grŵp", "tîm"),
)
CY_GROUP: Pairs = (
    ("grŵp mynediad", "grŵp"),
    ("Grŵp mynediad", "Grŵp"),
    ("grwpiau mynediad", "grwpiau"),
    ("Grwpiau mynediad", "Grwpiau"),
)
CY_USER: Pairs = (
    ("o aelodau’r tîm", "o ddefnyddwyr"),
    ("%(count)s aelod o’r tîm", "%(count)s o ddefnyddwyr"),
    ("%(total)s aelod o’r tîm", "%(total)s o ddefnyddwyr"),
    ("hyd i aelodau o’r tîm", "hyd i ddefnyddwyr"),
    ("pa aelodau o’r tîm", "pa ddefnyddwyr"),
    ("Pa aelodau o’r tîm", "Pa ddefnyddwyr"),
    ("unrhyw aelod unigol o’r tîm", "unrhyw ddefnyddiwr unigol"),
    ("aelod o’r tîm", "defnyddiwr"),
    ("Aelod o’r tîm", "Defnyddiwr"),
    ("Aelodau’r tîm", "Defnyddwyr"),
    ("aelodau’r tîm", "y defnyddwyr"),
)
CY_PRACTICE: Pairs = (
    ("aelod o’r tîm", "aelod o’r practis"),
    ("Aelod o’r tîm", "Aelod o’r practis"),
    ("aelod unigol o’r tîm", "aelod unigol o’r practis"),
    ("aelodau o’r tîm", "aelodau o’r practis"),
    ("aelodau’r tîm", "aelodau’r practis"),
    ("Aelodau’r tîm", "Aelodau’r practis"),
)

WORDS: dict[tuple[str, Profile], Pairs] = {
    ("en", "kyc"): EN_CONTROL + EN_GROUP + EN_USER,
    ("en", "planning"): EN_CONTROL + EN_TEAM + EN_USER,
    ("en", "practice"): EN_CONTROL + EN_TEAM + EN_PRACTICE,
    ("cy", "kyc"): CY_CONTROL + CY_GROUP + CY_USER,
    ("cy", "planning"): CY_CONTROL + CY_TEAM + CY_USER,
    ("cy", "practice"): CY_CONTROL + CY_TEAM + CY_PRACTICE,
}
"""What takes the place of what, in the order in which it is looked for."""

ALONE: dict[tuple[str, str], str] = {("en", "group"): "team"}
"""Texts that are one word."""


@contextmanager
def in_words_of(profile: Profile) -> Iterator[None]:
    """Within it, texts are in the words of this profile."""
    token = PROFILE.set(profile)
    try:
        yield
    finally:
        PROFILE.reset(token)


def gettext(message: str) -> str:
    """The text in the reader's language and the firm's words."""
    return spoken(translation.gettext(message), translation.get_language() or "en", PROFILE.get())


def ngettext(singular: str, plural: str, number: int) -> str:
    """The same for a number of things."""
    found = translation.ngettext(singular, plural, number)
    return spoken(found, translation.get_language() or "en", PROFILE.get())


@cache
def spoken(text: str, language: str, profile: Profile) -> str:
    """A text of the agency in the words of another profile."""
    pairs = WORDS.get((language, profile))
    if pairs is None:
        return text
    if profile != "kyc" and (language, text) in ALONE:
        return ALONE[(language, text)]
    words = dict(pairs)
    return _pattern(pairs).sub(lambda found: words[found.group()], text)


@cache
def _pattern(pairs: Pairs) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(old) for old, _ in pairs))
