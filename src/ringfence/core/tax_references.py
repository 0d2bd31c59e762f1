"""Which kind of tax reference a text is, and whether it can be right: by its form and its check digit.

Nothing is refused here and nothing compared: a doubt is shown to whoever brings the reference, and by what
references are the same is `directory.tax_key`. Forms are those that HMRC and Companies House publish; check
digits are python-stdnum's, but those that all rows of a list have are summed here, and tested against it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum, auto
from functools import cache, lru_cache

import msgspec
from stdnum.gb import vat

from .directory import tax_key, unique_key, unique_keys


class TaxKind(StrEnum):
    """What a tax reference may be."""

    UTR = auto()
    VAT = auto()
    NINO = auto()
    PAYE = auto()
    ACCOUNTS_OFFICE = auto()
    COMPANY = auto()
    HMRC = auto()
    """One that says by its letters what it is of: capital gains, packaging, trusts, groups of companies."""


class Doubt(StrEnum):
    """Why a tax reference can hardly be right."""

    LETTERS_ALONE = auto()
    TAX_CHECK_DIGIT = auto()
    TAX_ZERO_MISSING = auto()
    TAX_OTHER_KIND = auto()
    TAX_NO_FORM = auto()


class Doubted(msgspec.Struct, frozen=True):
    """A doubt, the kinds that it is measured by, and the kind that the reference is instead."""

    doubt: Doubt
    kinds: tuple[TaxKind, ...] = ()
    found: TaxKind | None = None


# --- What it is

_NINO = re.compile("(?!bg|gb|nk|kn|tn|nt|zz)[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z][0-9]{6}[a-d]?")
_PAYE = re.compile("[0-9]{3} ?/ ?[a-z0-9 ]{1,12}")
_PAYE_WITHOUT_STROKE = re.compile("[0-9]{3}[a-z]{1,2}[0-9]{1,8}[a-z]?")
_ACCOUNTS_OFFICE = re.compile("[0-9]{3}p[a-z][0-9]{7}[0-9x]")
_COMPANY = re.compile("[0-9]{8}|[a-z]{2}(?:[0-9]{6}|[0-9]{5}r)|r[0-9]{7}")
_HMRC = re.compile("x[a-z](?:it|cgtp|ppt|cbc|plr)[0-9]{8,12}|[a-z]{2}trust[0-9]{8}")
_UTR_LENGTH = 10
_VAT_LENGTHS = (9, 12)
_COMPANY_LENGTH = 8
_UTR_WEIGHTS, _VAT_WEIGHTS = (6, 7, 8, 9, 10, 5, 4, 3, 2), (8, 7, 6, 5, 4, 3, 2, 10, 1)
_UTR_DIGITS = "21987654321"
"""By what the sum leaves when divided by 11, the first digit of a UTR."""
_VAT_FROM_100, _VAT_BELOW_100 = (0, 42, 55), (0,)
"""What the check sum of a VAT number may be, by its first three digits."""


def tax_kinds(reference: str) -> frozenset[TaxKind]:
    """What the reference is by its form, its check digit included; a form may be of more than one kind."""
    written, key = unique_key(reference), tax_key(reference)
    return frozenset(kind for kind, fits in _FITS.items() if fits(written, key))


def _is_utr(_written: str, key: str) -> bool:
    # Without its K, which the library knows in front alone.
    if len(key) != _UTR_LENGTH:
        return False
    total = _weighed(key[1:], _UTR_WEIGHTS)
    return total >= 0 and _UTR_DIGITS[total % 11] == key[0]


def _is_vat(_written: str, key: str) -> bool:
    # What most are: nine digits, summed as the library does, in less than half of the time.
    total = _weighed(key, _VAT_WEIGHTS) if len(key) == _VAT_LENGTHS[0] else -1
    if total < 0:
        return bool(vat.is_valid(key))
    return total % 97 in (_VAT_FROM_100 if key[0] != "0" else _VAT_BELOW_100)


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    """The sum of nine digits, each by its weight; -1 where they are not all digits."""
    front, middle, end = _thirds(weights)
    try:
        return front[digits[:3]] + middle[digits[3:6]] + end[digits[6:]]
    except KeyError:
        return -1


@cache
def _thirds(weights: tuple[int, ...]) -> tuple[dict[str, int], ...]:
    """What each three digits come to, in front, in the middle and at the end of nine."""
    thirds = (weights[:3], weights[3:6], weights[6:])
    return tuple(
        {f"{n:03}": n // 100 * a + n // 10 % 10 * b + n % 10 * c for n in range(1000)} for a, b, c in thirds
    )


def _is_paye(written: str, key: str) -> bool:
    return bool(_PAYE.fullmatch(written) or _PAYE_WITHOUT_STROKE.fullmatch(key))


def _by(form: re.Pattern[str]) -> Callable[[str, str], bool]:
    return lambda _written, key: form.fullmatch(key) is not None


def _digits(key: str) -> bool:
    return key.isascii() and key.isdigit()


_FITS: Mapping[TaxKind, Callable[[str, str], bool]] = {
    TaxKind.UTR: _is_utr,
    TaxKind.VAT: _is_vat,
    TaxKind.NINO: _by(_NINO),
    TaxKind.ACCOUNTS_OFFICE: _by(_ACCOUNTS_OFFICE),
    TaxKind.PAYE: _is_paye,
    TaxKind.COMPANY: _by(_COMPANY),
    TaxKind.HMRC: _by(_HMRC),
}
"""Whether a reference is of a kind: how it is written, and its letters and digits."""

# --- What it should be

_TELLING: tuple[tuple[tuple[str, ...], tuple[TaxKind, ...]], ...] = (
    (("vat", "value added tax", "taw", "treth ar werth"), (TaxKind.VAT,)),
    (
        ("corporation tax", "ct600", "treth gorfforaeth", "treth gorfforaethol", "partnership tax", "sa800"),
        (TaxKind.UTR,),
    ),
    (
        (
            *("income tax", "self assessment", "personal tax", "sa100", "itsa"),
            *("treth incwm", "hunanasesiad", "treth bersonol"),
        ),
        (TaxKind.UTR, TaxKind.NINO),
    ),
    (("paye", "twe"), (TaxKind.PAYE, TaxKind.ACCOUNTS_OFFICE)),
    (("trusts", "trust tax", "trust registration service"), (TaxKind.UTR, TaxKind.HMRC)),
    (("companies house", "company number", "tŷ r cwmnïau"), (TaxKind.COMPANY,)),
)
"""Words in the name of a service that say of which kinds its references are. A service's name is the firm's
own: where none of these is in it, every reference that has the form of any kind is as good as another."""
_ELSEWHERE = frozenset({"oss", "ioss", "moss"})
"""VAT that is declared by numbers of other countries."""


@lru_cache(maxsize=1000)
def kinds_for(service: str) -> tuple[TaxKind, ...]:
    """Of which kinds the references of a service are, where its name says so; none where it does not."""
    words = re.sub(r"[\W_]+", " ", unique_key(service)).split()
    if _ELSEWHERE.intersection(words):
        return ()
    name = f" {' '.join(words)} "
    found = [kinds for telling, kinds in _TELLING if any(f" {each} " in name for each in telling)]
    return tuple(dict.fromkeys(kind for kinds in found for kind in kinds))


def doubted(reference: str, kinds: tuple[TaxKind, ...], key: str = "") -> Doubted | None:
    """Why the reference can hardly be right where one of these kinds is expected; None where it can.

    Where no kind is (`kinds_for` a name that says nothing), only what looks like a UTR or a VAT number and is
    none is doubted, and what has no digit. `key` is its `tax_key`, where that is known.
    """
    key = key or tax_key(reference)
    if len(key) == _UTR_LENGTH and TaxKind.UTR in kinds and _is_utr(key, key):
        # What most references of a list are.
        return None
    if (doubt := _by_check_digit(key, kinds)) is not _ASK:
        return doubt
    written = unique_key(reference)
    for kind in kinds:
        if _FITS[kind](written, key):
            return None
    if not any(map(str.isdigit, reference)):
        return Doubted(Doubt.LETTERS_ALONE)
    found = tax_kinds(reference)
    if found and not kinds:
        return None
    looks = kinds or _looks_like(key)
    if TaxKind.COMPANY in kinds and _digits(key) and len(key) == _COMPANY_LENGTH - 1:
        return Doubted(Doubt.TAX_ZERO_MISSING, (TaxKind.COMPANY,))
    if wrong := [kind for kind in looks if _length_fits(kind, key)]:
        return Doubted(Doubt.TAX_CHECK_DIGIT, tuple(wrong))
    if not kinds or (TaxKind.PAYE in kinds and not found and _ANY_PAYE.fullmatch(key)):
        return None
    if certain := found.difference(_UNCERTAIN) or found:
        return Doubted(Doubt.TAX_OTHER_KIND, kinds, min(certain))
    return Doubted(Doubt.TAX_NO_FORM, kinds)


def doubts_among(keys: Mapping[str, str], kinds: tuple[TaxKind, ...]) -> dict[str, Doubted]:
    """What is `doubted` of many references, each with its `tax_key`; nothing of those that can be right."""
    sure = _proved(keys.values(), kinds)
    others = [(reference, key) for reference, key in keys.items() if key not in sure]
    if TaxKind.PAYE in kinds:
        written = unique_keys([reference for reference, _ in others])
        others = [pair for pair, each in zip(others, written, strict=True) if not _PAYE.fullmatch(each)]
    return {each: doubt for each, key in others if (doubt := doubted(each, kinds, key))}


def _proved(keys: Iterable[str], kinds: tuple[TaxKind, ...]) -> set[str]:
    """The keys that a check digit proves to be of one of these kinds, summed as `_weighed` does it."""
    proved: set[str] = set()
    if TaxKind.UTR in kinds:
        front, middle, end = _thirds(_UTR_WEIGHTS)
        for key in keys:
            if len(key) == _UTR_LENGTH:
                total = front.get(key[1:4], _NONE) + middle.get(key[4:7], _NONE) + end.get(key[7:], _NONE)
                if total >= 0 and _UTR_DIGITS[total % 11] == key[0]:
                    proved.add(key)
    if TaxKind.VAT in kinds:
        front, middle, end = _thirds(_VAT_WEIGHTS)
        for key in keys:
            if len(key) == _VAT_LENGTHS[0]:
                total = front.get(key[:3], _NONE) + middle.get(key[3:6], _NONE) + end.get(key[6:], _NONE)
                if total >= 0 and total % 97 in (_VAT_FROM_100 if key[0] != "0" else _VAT_BELOW_100):
                    proved.add(key)
    return proved


_NONE = -10_000
"""In place of what three signs come to that are not all digits: less than the digits of any key make up."""
_ASK = Doubted(Doubt.TAX_NO_FORM)
_WRONG_UTR = Doubted(Doubt.TAX_CHECK_DIGIT, (TaxKind.UTR,))
_WRONG_VAT = Doubted(Doubt.TAX_CHECK_DIGIT, (TaxKind.VAT,))


def _by_check_digit(key: str, kinds: tuple[TaxKind, ...]) -> Doubted | None:
    """What only a check digit can be wrong in is told at once; `_ASK` for all others."""
    if not _digits(key):
        return _ASK
    if len(key) == _UTR_LENGTH and TaxKind.UTR in kinds and TaxKind.PAYE not in kinds:
        return _WRONG_UTR
    if len(key) == _VAT_LENGTHS[0] and TaxKind.VAT in kinds and TaxKind.PAYE not in kinds:
        return None if _is_vat(key, key) else _WRONG_VAT
    return _ASK


_UNCERTAIN = frozenset({TaxKind.COMPANY, TaxKind.PAYE})
"""Kinds without a check digit, which other numbers look like."""
_ANY_PAYE = re.compile("[0-9]{3}[a-z0-9]{2,10}")


def _looks_like(key: str) -> tuple[TaxKind, ...]:
    """What digits alone can have been meant for."""
    return (TaxKind.UTR, TaxKind.VAT) if _digits(key) else ()


def _length_fits(kind: TaxKind, key: str) -> bool:
    """Whether only the check digit can be wrong."""
    if not _digits(key):
        return False
    return (
        len(key) == _UTR_LENGTH if kind is TaxKind.UTR else kind is TaxKind.VAT and len(key) in _VAT_LENGTHS
    )
