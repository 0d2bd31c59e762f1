"""Each profile's words stand where a sentence marks them, in the right form, in both languages."""

import re
from collections.abc import Iterator
from typing import get_args

import pytest

from ringfence.core.settings import Profile
from ringfence.wording.forms import ENGLISH, NOUNS, WELSH, english, in_words, mutated, welsh
from tools.messages import present

PROFILES: tuple[Profile, ...] = get_args(Profile)
SPEAKERS: tuple[Profile | None, ...] = (None, *PROFILES)
PLACEHOLDER = re.compile(r"%\(\w+\)s")
MARKED = re.compile(r"\[[^\]]*\]")
UNMARKED = {
    "en": re.compile(r"\b(group|team|member|user|client|adviser)s?\b", re.IGNORECASE),
    "cy": re.compile(r"\b(gr[ŵw]p|[td]h?îm|h?aelod|dd?efnydd(iwr|wyr)|n?[gc]?h?leient)", re.IGNORECASE),
}
TERMS = {
    "en": re.compile(
        r"client (reference|record)s?|client (id|secret)|"
        r"linked adviser|(HMRC|Penneo|CRM)’s [\w ]+|client list of a planning",
        re.IGNORECASE,
    ),
    "cy": re.compile(
        r"(c|g|ngh|ch)yfeirnod cleient|(ID|(c|g|ngh|ch)yfrinach) y cleient|g?c?h?ofnod(ion)? cleient(iaid)?|"
        r"rhestr \w+ (CThEF|Penneo|tanysgrifiad)",
        re.IGNORECASE,
    ),
}
"""What is called the same in every profile, lists of other software among it."""
QUOTED = "Permission Denied"
"""How the one sentence begins that rules.md 4 gives word for word, and that only a practice reads."""


def messages(language: str) -> Iterator[str]:
    """Every text of the catalogue in a language."""
    for message in present():
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        if not ids[0] or ids[0].startswith(QUOTED):
            continue
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        yield from ids if language == "en" else strings


@pytest.mark.parametrize("profile", SPEAKERS)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_mark_has_its_words_and_nothing_else_changes(language: str, profile: Profile | None) -> None:
    for message in messages(language):
        said = in_words(message, language, profile)
        assert "[" not in said
        assert PLACEHOLDER.findall(said) == PLACEHOLDER.findall(message)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_no_sentence_names_a_group_member_or_client_without_a_mark(language: str) -> None:
    bare = [
        message
        for message in messages(language)
        if UNMARKED[language].search(TERMS[language].sub("", PLACEHOLDER.sub("", MARKED.sub("", message))))
    ]
    assert not bare, f"mark the words in brackets, as in `Create [a group]` (wording/forms.py): {bare}"


@pytest.mark.parametrize(("profile", "group", "member", "client"), [
    ("agency", "access group", "team member", "client"),
    ("kyc", "group", "user", "client relationship"),
    ("planning", "team", "user", "client"),
    ("practice", "team", "practice member", "client"),
])  # fmt: skip
def test_profiles_call_things_as_the_rules_say(
    profile: Profile, group: str, member: str, client: str
) -> None:
    assert [english(each, profile) for each in ("group", "member", "client")] == [group, member, client]


@pytest.mark.parametrize("noun", NOUNS)
def test_without_a_profile_it_is_the_words_of_the_rules(noun: str) -> None:
    assert english(noun, None) == noun


def test_every_profile_has_its_words_in_both_languages() -> None:
    assert set(ENGLISH) == set(WELSH) == set(SPEAKERS)


@pytest.mark.parametrize(
    ("profile", "mark", "said"),
    [
        ("agency", "a group", "an access group"),
        ("agency", "A group", "An access group"),
        ("planning", "a group", "a team"),
        ("kyc", "a member", "a user"),
        ("kyc", "Clients", "Client relationships"),
        ("practice", "Members", "Practice members"),
        ("agency", "Access control is", "Access groups are"),
        ("practice", "Access control is", "Access control is"),
        ("agency", "Tax reference", "Tax reference"),
        ("kyc", "Tax reference", "Reference"),
    ],
)
def test_english_has_article_number_and_capital(profile: Profile, mark: str, said: str) -> None:
    assert english(mark, profile) == said


@pytest.mark.parametrize(
    ("profile", "mark", "said"),
    [
        ("agency", "grŵp", "grŵp mynediad"),
        ("agency", "meddal grŵp", "grŵp mynediad"),
        ("planning", "meddal grŵp", "dîm"),
        ("planning", "llaes grŵp", "thîm"),
        ("practice", "Grwpiau", "Timau"),
        ("kyc", "meddal aelodau", "ddefnyddwyr"),
        ("kyc", "yr aelodau", "y defnyddwyr"),
        ("agency", "yr aelodau", "yr aelodau tîm"),
        ("agency", "ac aelodau", "ac aelodau tîm"),
        ("kyc", "ac aelodau", "a defnyddwyr"),
        ("planning", "ac grwpiau", "a thimau"),
        ("practice", "h aelodau", "haelodau practis"),
        ("kyc", "h aelodau", "defnyddwyr"),
        ("kyc", "meddal cleient", "gysylltiad cleient"),
        ("kyc", "llaes cleientiaid", "chysylltiadau cleient"),
        ("agency", "trwynol cleient", "nghleient"),
        ("agency", "wedi’i ddiffodd", "wedi’u diffodd"),
        ("kyc", "meddal rheoli mynediad", "fynediad at gleientiaid"),
        ("planning", "meddal rheoli mynediad", "reoli mynediad"),
        ("practice", "llaes cyfeirnodau treth", "chyfeirnodau"),
    ],
)
def test_welsh_mutates_after_the_word_before(profile: Profile, mark: str, said: str) -> None:
    assert welsh(mark, profile) == said


@pytest.mark.parametrize(
    ("mutation", "changes"),
    [
        ("meddal", "pen ben, tad dad, cath gath, brawd frawd, drws ddrws, gardd ardd, mam fam, llaw law"),
        ("trwynol", "pen mhen, tad nhad, cath nghath, brawd mrawd, drws nrws, gardd ngardd, mam mam"),
        ("llaes", "pen phen, tad thad, cath chath, drws drws, chwaer chwaer"),
        ("h", "aelod haelod, enw henw, tad tad"),
    ],
)  # fmt: skip
def test_each_mutation_changes_what_it_changes(mutation: str, changes: str) -> None:
    for pair in changes.split(", "):
        plain, changed = pair.split()
        assert mutated(plain, mutation) == changed


@pytest.mark.parametrize("mark", ["grupp", "a clients group", "meddal", "yr", "meddal yr aelodau"])
def test_a_mark_that_is_none_is_an_error(mark: str) -> None:
    for form in (english, welsh):
        with pytest.raises(KeyError):
            form(mark, "kyc")
