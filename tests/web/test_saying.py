"""Each profile's pages speak its own words, in both languages, and change nothing that people wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.urls import reverse

from ringfence.core.commands.words import CreateGroup
from tests.web.cast import do, make_cast
from tests.web.reading import heading, names, text

if TYPE_CHECKING:
    from tests.web.cast import Cast
    from tests.web.checks import PageClient


def test_the_pages_of_a_planning_firm_speak_of_teams_and_leave_names_alone(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
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
