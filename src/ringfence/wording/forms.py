"""The words of each profile for group, member and client (rules.md 3), in the form that a sentence needs.

A sentence marks them in brackets: `Create [a group]`. English marks say number, article and capital. Welsh
marks add how the word before changes the beginning: `Dewiswch [meddal grŵp]`, `[yr aelodau]`, `[ac aelodau]`.
All Welsh words here are masculine, so that what agrees with them is right in every profile. No sentence
stands here.
"""

import re
from functools import cache

from ringfence.core.settings import Profile

Forms = dict[str, str]
"""What stands in the place of each noun of rules.md 1."""

_NO_TAX_AGENT: Forms = {
    "tax reference": "reference",
    "tax references": "references",
    "at the tax office": "elsewhere",
}
"""Firms that act at no tax office have references of other kinds."""

ENGLISH: dict[Profile | None, Forms] = {
    None: {},
    "agency": {
        "group": "access group",
        "groups": "access groups",
        "member": "team member",
        "members": "team members",
        # Only an agency turns its groups on and off; elsewhere it is the control of access that is turned.
        "access control": "access groups",
        "access control is": "access groups are",
    },
    "kyc": {
        "owner": "case owner",
        "owners": "case owners",
        "member": "user",
        "members": "users",
        "client": "client relationship",
        "clients": "client relationships",
        "whole firm": "whole company",
        "access control": "client access",
        "access control is": "client access is",
        **_NO_TAX_AGENT,
    },
    "planning": {
        "group": "team",
        "groups": "teams",
        "member": "user",
        "members": "users",
        "sharing options": "permissions",
        **_NO_TAX_AGENT,
    },
    "practice": {
        "group": "team",
        "groups": "teams",
        "member": "practice member",
        "members": "practice members",
        "owner": "linked adviser",
        "owners": "linked advisers",
        "sharing options": "relationships",
        "whole firm": "whole practice",
        **_NO_TAX_AGENT,
    },
}

_DIM_ASIANT_TRETH: Forms = {
    "cyfeirnod treth": "cyfeirnod",
    "cyfeirnodau treth": "cyfeirnodau",
    "yn y swyddfa dreth": "yn unman arall",
}

WELSH: dict[Profile | None, Forms] = {
    None: {},
    "agency": {
        "grŵp": "grŵp mynediad",
        "grwpiau": "grwpiau mynediad",
        "aelod": "aelod tîm",
        "aelodau": "aelodau tîm",
        "rheoli mynediad": "grwpiau mynediad",
        "wedi’i droi": "wedi’u troi",
        "wedi’i ddiffodd": "wedi’u diffodd",
    },
    "kyc": {
        "perchennog": "perchennog achos",
        "perchnogion": "perchnogion achos",
        "aelod": "defnyddiwr",
        "aelodau": "defnyddwyr",
        "cleient": "cysylltiad cleient",
        "cleientiaid": "cysylltiadau cleient",
        "rheoli mynediad": "mynediad at gleientiaid",
        **_DIM_ASIANT_TRETH,
    },
    "planning": {
        "grŵp": "tîm",
        "grwpiau": "timau",
        "aelod": "defnyddiwr",
        "aelodau": "defnyddwyr",
        "opsiynau rhannu": "caniatadau",
        **_DIM_ASIANT_TRETH,
    },
    "practice": {
        "grŵp": "tîm",
        "grwpiau": "timau",
        "aelod": "aelod practis",
        "aelodau": "aelodau practis",
        "perchennog": "cynghorydd cysylltiedig",
        "perchnogion": "cynghorwyr cysylltiedig",
        "opsiynau rhannu": "perthnasoedd",
        "cwmni cyfan": "practis cyfan",
        **_DIM_ASIANT_TRETH,
    },
}

MARK = re.compile(r"\[([^\]]+)\]")

NOUNS = ("group", "groups", "member", "members", "client", "clients", "owner", "owners")
PHRASES = ("access control", "access control is", "sharing options", "whole firm", *_NO_TAX_AGENT)
WELSH_NOUNS = (
    "grŵp",
    "grwpiau",
    "aelod",
    "aelodau",
    "cleient",
    "cleientiaid",
    "perchennog",
    "perchnogion",
)
WELSH_PHRASES = (
    "rheoli mynediad",
    "wedi’i droi",
    "wedi’i ddiffodd",
    "opsiynau rhannu",
    "cwmni cyfan",
    *_DIM_ASIANT_TRETH,
)

VOWELS = "aeiouwyâêîôûŵŷ"

MUTATIONS: dict[str, dict[str, str]] = {
    "meddal": {
        "p": "b", "t": "d", "c": "g", "b": "f", "d": "dd", "g": "", "m": "f", "ll": "l", "rh": "r",
    },
    "trwynol": {"p": "mh", "t": "nh", "c": "ngh", "b": "m", "d": "n", "g": "ng"},
    "llaes": {"p": "ph", "t": "th", "c": "ch"},
    "h": {vowel: f"h{vowel}" for vowel in VOWELS},
}  # fmt: skip
"""By the Welsh name of the mutation: what the beginning of a word becomes. `h` is the h before vowels."""

UNCHANGING = ("grŵp", "grwpiau")
"""Young loans keep their g."""

WHOLE = ("ch", "dd", "ff", "ll", "ph", "rh", "th", "ng")
"""Two signs that are one letter."""


def in_words(text: str, language: str, profile: Profile | None) -> str:
    """The text with the profile's words in place of its marks; without a profile in the words of the rules.

    Raises `KeyError` for a mark that the language does not know.
    """
    form = welsh if language == "cy" else english
    return MARK.sub(lambda found: form(found.group(1), profile), text)


@cache
def english(mark: str, profile: Profile | None) -> str:
    """`a group` is `an access group` in an agency; `Groups` is `Teams` in a planning firm."""
    wanted, capital = _lowered(mark)
    article, noun = ("a ", wanted[2:]) if wanted.startswith("a ") else ("", wanted)
    if noun not in NOUNS + PHRASES:
        raise KeyError(mark)
    said = ENGLISH[profile].get(noun, noun)
    if article and said[0] in "aeio":
        article = "an "
    return _raised(article + said, capital)


@cache
def welsh(mark: str, profile: Profile | None) -> str:
    """`meddal grŵp` is `dîm` in a planning firm, `yr aelodau` `y defnyddwyr`, `ac aelodau` `a defnyddwyr`."""
    wanted, capital = _lowered(mark)
    before, noun = "", wanted
    if wanted not in WELSH_PHRASES:
        before, _, noun = wanted.partition(" ") if " " in wanted else ("", "", wanted)
    if noun not in WELSH_NOUNS + WELSH_PHRASES or before not in ("", "yr", "ac", *MUTATIONS):
        raise KeyError(mark)
    said = WELSH[profile].get(noun, noun)
    if before == "yr":
        said = f"{'yr' if said[0] in VOWELS else 'y'} {said}"
    elif before == "ac":
        said = f"ac {said}" if said[0] in VOWELS else f"a {mutated(said, 'llaes')}"
    elif before:
        said = mutated(said, before)
    return _raised(said, capital)


def mutated(word: str, mutation: str) -> str:
    """The word as it begins after another that changes it."""
    if word.startswith(UNCHANGING):
        return word
    length = 2 if word[:2] in WHOLE else 1
    return MUTATIONS[mutation].get(word[:length], word[:length]) + word[length:]


def _lowered(mark: str) -> tuple[str, bool]:
    return mark[0].lower() + mark[1:], mark[0].isupper()


def _raised(text: str, capital: bool) -> str:
    return text[0].upper() + text[1:] if capital else text
