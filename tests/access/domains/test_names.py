"""Which domains can be a firm's, without a database."""

from __future__ import annotations

import pytest

from ringfence.access.domains.names import (
    UnfitDomain,
    WhyUnfitDomain,
    domain_key,
    domain_of,
    domain_text,
    fitting_domain,
    seeming,
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("example.com", "example.com"),
        (" @Example.COM. ", "example.com"),
        ("mail.smith.co.uk", "mail.smith.co.uk"),
        ("morgan-lloyd.wales", "morgan-lloyd.wales"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("MÜNCHEN.de", "xn--mnchen-3ya.de"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("tŷ.cymru", "xn--t-foa.cymru"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_a_domain_has_one_form(given: str, kept: str) -> None:
    assert fitting_domain(given) == kept


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", WhyUnfitDomain.MALFORMED),
        ("localhost", WhyUnfitDomain.MALFORMED),
        ("10.0.0.1", WhyUnfitDomain.MALFORMED),
        ("a..b", WhyUnfitDomain.MALFORMED),
        ("-a.com", WhyUnfitDomain.MALFORMED),
        ("a_b.com", WhyUnfitDomain.MALFORMED),
        ("anna@example.com", WhyUnfitDomain.MALFORMED),
        ("https://example.com", WhyUnfitDomain.MALFORMED),
        ("*.example.com", WhyUnfitDomain.MALFORMED),
        ("a" * 64 + ".com", WhyUnfitDomain.MALFORMED),
        ("a." * 127 + "com", WhyUnfitDomain.MALFORMED),
        ("co.uk", WhyUnfitDomain.SUFFIX),
        ("github.io", WhyUnfitDomain.SUFFIX),
        ("gmail.com", WhyUnfitDomain.PUBLIC),
        ("GMail.Com.", WhyUnfitDomain.PUBLIC),
        ("smith.gmail.com", WhyUnfitDomain.PUBLIC),
        ("hotmail.co.uk", WhyUnfitDomain.PUBLIC),
        ("btinternet.com", WhyUnfitDomain.PUBLIC),
        ("gmx.co.uk", WhyUnfitDomain.PUBLIC),
        ("smith.onmicrosoft.com", WhyUnfitDomain.PUBLIC),
        ("gmai1.com", WhyUnfitDomain.LOOKS_LIKE_PUBLIC),
        ("hotrnail.com", WhyUnfitDomain.LOOKS_LIKE_PUBLIC),
        ("0utlook.com", WhyUnfitDomain.LOOKS_LIKE_PUBLIC),
        # With letters of Cyrillic: two o, and all of it.
        ("g\u043e\u043egle.com", WhyUnfitDomain.MIXED),
        ("\u0430\u0440\u0440\u04cf\u0435.com", WhyUnfitDomain.MIXED),
    ],
)
def test_what_is_no_domain_of_a_firm_is_refused_with_its_reason(given: str, why: WhyUnfitDomain) -> None:
    with pytest.raises(UnfitDomain) as refused:
        fitting_domain(given)
    assert refused.value.why is why


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("anna@example.com", "example.com"),
        ('"a@b"@example.com', "example.com"),
        ("anna@EXAMPLE.com", "example.com"),
        ("anna@münchen.de", "xn--mnchen-3ya.de"),
        ("anna@mail.example.com", "mail.example.com"),
        ("anna@example.com.", "example.com"),
        ("example.com", None),
        ("@example.com", None),
        ("anna@", None),
        ("", None),
    ],
)
def test_the_domain_of_an_address_is_what_stands_behind_its_last_at(address: str, domain: str | None) -> None:
    assert domain_of(address) == domain


def test_what_nobody_can_tell_apart_seems_the_same() -> None:
    assert seeming("smith.com") == seeming("srnith.com") == seeming("smlth.com") == seeming("sm1th.com")
    assert seeming("smith.com") != seeming("smyth.com")


def test_a_domain_is_shown_in_its_own_letters() -> None:
    assert domain_text("xn--mnchen-3ya.de") == "münchen.de"
    assert domain_text("example.com") == "example.com"


def test_what_cannot_be_read_is_no_key() -> None:
    assert domain_key("xn--a.com") is None
