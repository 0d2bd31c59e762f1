"""Each profile's pages speak its own words, in both languages, and change nothing that people wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.core.commands.words import CreateGroup
from ringfence.core.settings import Profile
from ringfence.web.saying import spoken
from tests.web.cast import make_cast
from tests.web.reading import heading, names, text
from tools.messages import present

if TYPE_CHECKING:
    from tests.web.cast import Cast
    from tests.web.checks import PageClient

OTHERS: tuple[Profile, ...] = ("kyc", "planning", "practice")
AGENCY_WORDS = {
    "en": re.compile(r"access group|team member", re.IGNORECASE),
    "cy": re.compile(r"gr[wŵ]p(iau)? mynediad|aelod(au)? o’r tîm|aelodau’r tîm", re.IGNORECASE),
}
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def messages(language: str) -> Iterator[str]:
    """Every text of the pages in a language."""
    for message in present():
        for part in (message.id,) if isinstance(message.id, str) else message.id:
            if language == "en":
                yield part
        found = message.string
        if language == "cy" and message.id:
            yield from [found] if isinstance(found, str) else found or ()


@pytest.mark.parametrize("profile", OTHERS)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_word_of_the_agency_is_left(language: str, profile: Profile) -> None:
    left = [
        said
        for message in messages(language)
        if AGENCY_WORDS[language].search(said := spoken(message, language, profile))
    ]
    assert not left, f"tell {profile}’s words for these in web/saying.py: {left}"


@pytest.mark.parametrize("profile", OTHERS)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_placeholders_survive(language: str, profile: Profile) -> None:
    for message in messages(language):
        said = spoken(message, language, profile)
        assert PLACEHOLDER.findall(said) == PLACEHOLDER.findall(message)


def test_the_agency_speaks_as_the_pages_are_written() -> None:
    assert spoken("Create an access group", "en", "agency") == "Create an access group"


@pytest.mark.parametrize(
    ("language", "profile", "written", "said"),
    [
        ("en", "kyc", "Create an access group", "Create a group"),
        ("en", "planning", "Create an access group", "Create a team"),
        ("en", "practice", "Select at least one team member", "Select at least one practice member"),
        ("en", "planning", "group", "team"),
        ("en", "kyc", "group", "group"),
        ("cy", "planning", "Ni chafwyd hyd i grwpiau mynediad", "Ni chafwyd hyd i dimau"),
        ("cy", "planning", "Pa aelodau o’r tîm sydd yn %(name)s?", "Pa ddefnyddwyr sydd yn %(name)s?"),
        ("en", "kyc", "Access groups are turned on", "Access control is turned on"),
        ("cy", "kyc", "Creu grŵp mynediad", "Creu grŵp"),
        ("cy", "kyc", "Mae grwpiau mynediad wedi’u diffodd", "Mae rheoli mynediad wedi’i ddiffodd"),
        ("cy", "practice", "Aelodau’r tîm", "Aelodau’r practis"),
    ],
)
def test_a_text_in_the_words_of_a_profile(language: str, profile: Profile, written: str, said: str) -> None:
    assert spoken(written, language, profile) == said


def test_the_pages_of_a_planning_firm_speak_of_teams_and_leave_names_alone(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    from tests.web.cast import do

    cast = make_cast("planning")
    do(cast.firm, CreateGroup(name="The access group"))
    owen = signed_in(cast, "Owen")
    response = owen.get(reverse("groups", args=[cast.firm]))
    assert heading(response) == "Teams"
    assert "The access group" in names(response)
    assert "Create team" in text(response)


def test_the_next_page_of_an_agency_speaks_its_own_words_again(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    planning, agency = make_cast("planning"), make_cast(mark="2")
    signed_in(planning, "Owen").get(reverse("groups", args=[planning.firm]))
    response = signed_in(agency, "Owen").get(reverse("groups", args=[agency.firm]))
    assert heading(response) == "Access groups"
