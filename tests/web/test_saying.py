"""Each profile's pages speak its own words, in both languages, and change nothing that people wrote."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.core.commands.definitions import CreateGroup, On, TurnOn
from ringfence.core.settings import PROFILES, Profile
from ringfence.firms.models import Draft
from ringfence.web.queries.drafts import GROUP, start_draft
from tests.web.cast import CAI, DILYS, FORTUNE, FORTUNE_VAT, OWEN, VAT_GROUP, do, make_cast
from tests.web.reading import heading, names, text

if TYPE_CHECKING:
    from tests.web.cast import Cast
    from tests.web.checks import PageClient


PAGES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("clients", ()),
    ("manage", ()),
    ("client-access-list", ()),
    ("client-access", (FORTUNE,)),
    ("why-member", (FORTUNE, CAI)),
    ("why-member", (FORTUNE, DILYS)),
    ("turn-off", ()),
    ("confirm-turn-off", ()),
    ("groups", ()),
    ("group", (VAT_GROUP,)),
    ("group-members", (VAT_GROUP,)),
    ("rename-group", (VAT_GROUP,)),
    ("delete-group", (VAT_GROUP,)),
    ("group-created", (VAT_GROUP,)),
    ("create-group", ()),
)
OWN: dict[tuple[str, Profile], str] = {
    ("en", "agency"): r"access groups?|team members?|clients?",
    ("en", "kyc"): r"groups?|users?|client relationships?|client access",
    ("en", "planning"): r"teams?|users?|clients?|Reader|Editor|Owner",
    ("en", "practice"): r"teams?|practice members?|clients?",
    ("cy", "agency"): r"(grŵp|grwpiau) mynediad|h?aelod(au)? tîm|(c|g|ch)leient(iaid)?",
    ("cy", "kyc"): r"grŵp|grwpiau|dd?efnydd(iwr|wyr)|(c|g|ch)ysylltiad(au)? cleient|"
    r"mynediad at gleientiaid",
    ("cy", "planning"): r"(t|d|th)(îm|imau)|dd?efnydd(iwr|wyr)|(c|g|ch)leient(iaid)?|"
    r"Golygydd|Darllenydd|[PB]erchennog",
    ("cy", "practice"): r"(t|d|th)(îm|imau)|h?aelod(au)? practis|(c|g|ch)leient(iaid)?",
}
"""What a profile says."""
ANY = {
    "en": r"\b(group|team|member|user|client|adviser|reader|editor|owner)s?\b",
    "cy": r"gr[ŵw]p|[td]h?(îm|imau)\b|aelod|efnydd(iwr|wyr)|leient|cysylltiad|Darllenydd|Golygydd|erchennog",
}
"""What any of them says."""
SAME = {"en": "client (reference|record)s?", "cy": r"cyfeirnod cleient|cofnodion cleientiaid|yn gysylltiedig"}


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("profile", PROFILES)
def test_the_pages_of_a_firm_say_no_word_of_another_profile(
    profile: Profile, language: str, db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast(profile)
    do(cast.firm, CreateGroup(name="VAT people", members=frozenset({CAI}), on=On.engagement(FORTUNE_VAT)))
    if not PROFILES[profile].control:
        do(cast.firm, TurnOn())
    owen = signed_in(cast, "Owen")
    owen.post(reverse("set_language"), {"language": language})
    # As though Owen had made the group just now, on the pages.
    start_draft(cast.firm, OWEN, GROUP)
    Draft.objects.update(values={"created": VAT_GROUP})
    for route, numbers in PAGES:
        said = text(owen.get(reverse(route, args=[cast.firm, *numbers])))
        for own in (SAME[language], OWN[language, profile]):
            said = re.sub(rf"\b({own})", "", said, flags=re.IGNORECASE)
        assert not re.search(ANY[language], said, re.IGNORECASE), f"{route}: {said}"


def test_the_pages_of_a_planning_firm_speak_of_teams_and_leave_names_alone(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    cast = make_cast("planning")
    do(cast.firm, CreateGroup(name="The access group"))
    owen = signed_in(cast, "Owen")
    response = owen.get(reverse("groups", args=[cast.firm]))
    assert heading(response) == "Teams"
    assert [cell for cell in names(response) if cell.startswith("The access group")]
    assert "Create a team" in text(response)


def test_the_next_page_of_an_agency_speaks_its_own_words_again(
    db: None, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    planning, agency = make_cast("planning"), make_cast(mark="2")
    signed_in(planning, "Owen").get(reverse("groups", args=[planning.firm]))
    response = signed_in(agency, "Owen").get(reverse("groups", args=[agency.firm]))
    assert heading(response) == "Access groups"
