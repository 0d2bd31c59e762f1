"""The daily look at domains, and the notice about one that was lost: to administrators, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import override_settings

from ringfence.access import Actor
from ringfence.access.domains import add_domain, check_domain, domain_numbered, proved_firm
from ringfence.access.domains.keeping import DAY, GRACE
from ringfence.firms.models import Firm, FirmDomain
from ringfence.jobs.domains import recheck_domains
from ringfence.jobs.enqueue import enqueue
from tests.notices.people import everybody_came_in
from tests.support.jobs import do_waiting
from tests.support.name_server import NameServer, name_server
from tests.web.cast import OWEN, make_cast


@pytest.fixture
def server() -> Iterator[NameServer]:
    settings = override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example")
    with name_server() as found, settings, override_settings(DNS_SERVERS=(found.address,)):
        yield found


@pytest.fixture
def firm(db: None, server: NameServer) -> int:
    found = make_cast().firm
    everybody_came_in()
    domain = add_domain(found, "pike-marlow.wales", actor=Actor(OWEN))
    server.set(domain.record_name, domain.record_text)
    check_domain(found, 1, actor=Actor(OWEN), asked=[server.address])
    return found


def days_later() -> None:
    row = FirmDomain.objects.get()
    row.checked_at -= DAY
    if row.missing_since:
        row.missing_since -= GRACE
    row.save()
    enqueue(recheck_domains)
    do_waiting()


def lost(server: NameServer) -> None:
    server.set("_ringfence.pike-marlow.wales")
    for _ in range(3):
        days_later()


def test_administrators_are_told_once_that_a_domain_is_lost(firm: int, server: NameServer) -> None:
    days_later()
    assert proved_firm("cai@pike-marlow.wales") == firm
    lost(server)
    assert proved_firm("cai@pike-marlow.wales") is None
    (letter,) = mail.outbox
    assert letter.to == ["owen@pike.example"]
    assert letter.subject == "pike-marlow.wales is no longer proved to be Pike & Marlow’s"
    assert "_ringfence.pike-marlow.wales" in letter.body
    assert f"https://ringfence.example/firms/{firm}/manage/domains/1" in letter.body


def test_it_is_told_in_the_readers_language(firm: int, server: NameServer) -> None:
    Firm.objects.update(language="cy")
    lost(server)
    (letter,) = mail.outbox
    assert letter.subject == "Nid yw wedi’i brofi mwyach mai Pike & Marlow biau pike-marlow.wales"


def test_a_domain_that_stands_is_looked_at_once_a_day(firm: int, server: NameServer) -> None:
    before = len(server.asked)
    for _ in range(2):
        enqueue(recheck_domains)
        do_waiting()
    assert len(server.asked) == before
    days_later()
    assert len(server.asked) == before + 1
    assert domain_numbered(firm, 1) is not None
    assert mail.outbox == []
