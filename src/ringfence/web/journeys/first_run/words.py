"""How the four profiles (rules.md 3) and the languages are offered, in plain words."""

from __future__ import annotations

from typing import NamedTuple

from ringfence.core.settings import PROFILES
from ringfence.wording.settings_text import profile_meaning, profile_name


class Offer(NamedTuple):
    """One radio button."""

    value: str
    text: str
    hint: str = ""


def profiles() -> tuple[Offer, ...]:
    """The kinds of firm, each with what its members will see, in the words of its own pages."""
    return tuple(Offer(each, profile_name(each), profile_meaning(each)) for each in PROFILES)


def languages() -> tuple[Offer, ...]:
    """Each in its own words."""
    return (Offer("en", "English"), Offer("cy", "Cymraeg"))


def language_name(language: str) -> str:
    return next(each.text for each in languages() if each.value == language)
