"""Domains on pages: added, proved by the record that the page shows, and removed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from django.urls import reverse

from ringfence.access import OPERATOR, Actor
from ringfence.access.domains import (
    RecordFound,
    WhyNotYet,
    WhyUnfitDomain,
    add_domain,
    domains_of,
    proved_firm,
    vouch_for_domain,
)
from ringfence.firms.models import FirmDomain
from ringfence.wording.domains import FOUND, NOT_TAKEN, UNFIT
from tests.support.name_server import NameServer, name_server
from tests.web.cast import OWEN, Cast
from tests.web.reading import errors, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


@pytest.fixture
def server() -> Iterator[NameServer]:
    with name_server() as found, override_settings(DNS_SERVERS=(found.address,)):
        yield found


@pytest.fixture
def domain(cast: Cast) -> int:
    return add_domain(cast.firm, "pike-marlow.wales", actor=Actor(OWEN)).number


def test_a_domain_is_added_and_proved_by_the_record_that_the_page_shows(
    cast: Cast, owen: PageClient, server: NameServer
) -> None:
    shown = text(owen.post(reverse("add-domain", args=[cast.firm]), {"domain": "@Tŷ.cymru"}, follow=True))
    (made,) = domains_of(cast.firm)
    assert "tŷ.cymru" in shown
    assert made.record_name in shown
    assert made.record_text in shown
    here = reverse("domain", args=[cast.firm, made.number])
    assert errors(owen.post(here)) == [(str(FOUND[RecordFound.ABSENT]), "#check")]
    server.set(made.record_name, "ringfence=another")
    refused = owen.post(here)
    assert errors(refused) == [(str(FOUND[RecordFound.OTHER]), "#check")]
    assert "ringfence=another" in text(refused)
    server.set(made.record_name, made.record_text)
    assert "is proved to be your firm’s" in text(owen.post(here, follow=True))
    assert proved_firm("siân@tŷ.cymru") == cast.firm
    assert rows(owen.get(reverse("domains", args=[cast.firm]))) == [["tŷ.cymru", "Proved"]]
    assert "by Owen" in text(owen.get(here))


def test_a_server_that_fails_is_told(cast: Cast, owen: PageClient, server: NameServer, domain: int) -> None:
    server.failing.add("_ringfence.pike-marlow.wales")
    shown = owen.post(reverse("domain", args=[cast.firm, domain]))
    assert errors(shown) == [(str(FOUND[RecordFound.NO_ANSWER]), "#check")]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", UNFIT[WhyUnfitDomain.MALFORMED]),
        ("gmail.com", UNFIT[WhyUnfitDomain.PUBLIC]),
        ("gmai1.com", UNFIT[WhyUnfitDomain.LOOKS_LIKE_PUBLIC]),
        ("co.uk", UNFIT[WhyUnfitDomain.SUFFIX]),
        ("g\u043e\u043egle.com", UNFIT[WhyUnfitDomain.MIXED]),
        ("Pike-Marlow.wales", NOT_TAKEN[WhyNotYet.THERE]),
        ("larks.example", NOT_TAKEN[WhyNotYet.ANOTHERS]),
        ("1arks.example", UNFIT[WhyUnfitDomain.LOOKS_LIKE_ANOTHERS]),
    ],
)
def test_a_domain_that_is_not_taken_is_told_at_its_field(
    cast: Cast, owen: PageClient, domain: int, given: str, why: object
) -> None:
    vouch_for_domain(cast.other, "larks.example", actor=OPERATOR)
    shown = owen.post(reverse("add-domain", args=[cast.firm]), {"domain": given})
    assert errors(shown) == [(str(why), "#domain")]
    assert FirmDomain.objects.filter(firm=cast.firm).count() == 1


def test_a_domain_is_removed_by_a_yes_alone(cast: Cast, owen: PageClient, domain: int) -> None:
    here = reverse("remove-domain", args=[cast.firm, domain])
    assert errors(owen.post(here)) == [("Select yes if you want to remove it", "#answer")]
    owen.post(here, {"answer": "no"})
    assert len(domains_of(cast.firm)) == 1
    assert "is removed" in text(owen.post(here, {"answer": "yes"}, follow=True))
    assert domains_of(cast.firm) == ()
    assert owen.post(here, {"answer": "yes"}).status_code == 404


def test_an_auditor_sees_domains_and_changes_none(
    cast: Cast, ada: PageClient, domain: int, server: NameServer
) -> None:
    here = reverse("domain", args=[cast.firm, domain])
    shown = text(ada.get(here))
    assert "Not proved yet" in shown
    assert "Look for the record now" not in shown
    assert ada.post(here).status_code == 403
    assert ada.post(reverse("remove-domain", args=[cast.firm, domain]), {"answer": "yes"}).status_code == 403
    assert ada.get(reverse("add-domain", args=[cast.firm])).status_code == 403
    assert server.asked == []


def test_another_firms_domain_is_not_found(cast: Cast, owen: PageClient) -> None:
    vouch_for_domain(cast.other, "larks.example", actor=OPERATOR)
    assert owen.get(reverse("domain", args=[cast.firm, 1])).status_code == 404
