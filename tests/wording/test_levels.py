"""Levels are said as the rules name them, or in the words of screens that offer one choice (rules.md 1)."""

import pytest
from msgspec.structs import replace

from ringfence.core.commands import Problem
from ringfence.core.decision.moment import at
from ringfence.core.explanation.explanation import explain
from ringfence.core.refusals import Refusal
from ringfence.core.remedies.remedies import remedies
from ringfence.core.scenario.bridge import state_of
from ringfence.core.settings import PROFILES, Profile
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Level, group_subject, member_subject
from ringfence.core.values import Delegation
from ringfence.wording import (
    for_administrator,
    for_member,
    in_words_of,
    level_name,
    problem_text,
    refusal_text,
    remedy_text,
)
from ringfence.wording.catalogue import in_language
from tests.core.firms import ACME, ACME_VAT, ADA, BEN, NOW, TEAM, grant, on_client, on_service, small_firm
from tests.wording.cast import CAST

ada, ben, team = member_subject(ADA), member_subject(BEN), group_subject(TEAM)
acme = on_client(ACME)
SINGLE: tuple[Profile, ...] = ("agency", "kyc", "practice")
TERMS = ("Reader", "Editor", "Owner", "Blocked")


def proof(facts: Facts, profile: Profile, member: int = ADA) -> list[str]:
    explanation = explain(at(state_of(facts), NOW), member, ACME_VAT)
    with in_words_of(PROFILES[profile]):
        return [line.text for line in for_administrator(explanation, CAST)]


def test_without_a_firm_levels_have_the_names_of_the_rules() -> None:
    assert [level_name(level) for level in Level][1:] == list(TERMS)


def test_a_firm_with_four_levels_names_them() -> None:
    assert proof(small_firm(grant(ada, acme)), "planning")[0] == "Ada for Acme · VAT: Editor"


@pytest.mark.parametrize("profile", SINGLE)
def test_a_firm_with_one_choice_says_what_one_may_do(profile: Profile) -> None:
    assert proof(small_firm(grant(team, acme)), profile)[0] == "Ada for Acme · VAT: can view and manage"


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("profile", PROFILES)
def test_each_level_has_words_of_its_own_so_that_a_proof_is_exact(profile: Profile, language: str) -> None:
    with in_language(language), in_words_of(PROFILES[profile]):
        assert len({level_name(level) for level in Level}) == len(Level)
        assert len({level_name(level, own=True) for level in Level}) == len(Level)


def test_a_setting_goes_before_the_profile() -> None:
    with in_words_of(replace(PROFILES["practice"], levels="four")):
        assert level_name(Level.OWNER, own=True) == "Owner"


def test_a_practice_member_with_an_owner_grant_is_a_linked_adviser() -> None:
    assert proof(small_firm(grant(ada, acme, Level.OWNER)), "practice")[:4] == [
        "Ada for Acme · VAT: linked adviser",
        "Ada has been given access personally.",
        "Ada → Acme: linked adviser",
        "Ada on Acme: linked adviser. This decided.",
    ]


def test_only_a_practice_has_linked_advisers() -> None:
    assert proof(small_firm(grant(ada, acme, Level.OWNER)), "kyc")[0].endswith(
        ": can view, manage and remove"
    )


def test_a_group_is_no_linked_adviser() -> None:
    assert proof(small_firm(grant(team, acme, Level.OWNER)), "practice")[2].endswith(
        "→ Acme: can view, manage and remove"
    )


def test_who_owns_by_a_service_is_no_linked_adviser() -> None:
    firm = small_firm(grant(ada, on_service(2), Level.OWNER))
    assert not [line for line in proof(firm, "practice") if "adviser" in line]


def test_a_delegate_of_a_linked_adviser_is_none() -> None:
    firm = small_firm(grant(ben, acme, Level.OWNER), delegations={(BEN, ADA): Delegation()})
    lines = proof(firm, "practice")
    assert lines[0] == "Ada for Acme · VAT: can view, manage and remove"
    assert lines[2].endswith("→ Acme: linked adviser")


def test_a_member_is_told_their_level_in_the_words_of_the_screens() -> None:
    explanation = explain(at(state_of(small_firm(grant(ada, acme, Level.OWNER))), NOW), ADA, ACME_VAT)
    with in_words_of(PROFILES["practice"]):
        assert for_member(explanation, CAST, PROFILES["practice"])[1] == "linked adviser"


def test_a_remedy_gives_what_the_screens_offer() -> None:
    state = state_of(small_firm(grant(team, acme)))
    with in_words_of(PROFILES["kyc"]):
        texts = [
            remedy_text(each, BEN, CAST, at(state, NOW)) for each in remedies(at(state, NOW), BEN, ACME_VAT)
        ]
    assert "Give Ben access to Acme: can view and manage." in [each.steps[0].text for each in texts]
    assert {each.level for each in texts} == {"can view and manage"}


@pytest.mark.parametrize("profile", SINGLE)
def test_no_refusal_names_a_level_where_screens_show_none(profile: Profile) -> None:
    with in_words_of(PROFILES[profile]):
        said = [problem_text(each) for each in Problem] + [refusal_text(each) for each in Refusal]
    assert not [text for text in said if any(term in text for term in TERMS)]


def test_refusals_name_the_four_levels_where_they_are_shown() -> None:
    with in_words_of(PROFILES["planning"]):
        assert "an Editor of the whole client" in problem_text(Problem.ONLY_EDITORS)
        assert refusal_text(Refusal.LAST_OWNER) == "A client would be left without an Owner."
