"""What DNS says of a domain, asked of a real server on loopback; without a database."""

from __future__ import annotations

import pytest

from ringfence.access.domains.records import RecordFound, look, record_text
from tests.support.name_server import NameServer, silent_server

HERE = "_ringfence.example.com"


def test_the_record_is_found_among_others(server: NameServer) -> None:
    server.set(HERE, "v=spf1 -all", record_text("abc"), "something else")
    assert look("example.com", "abc", [server.address]).found is RecordFound.THERE
    assert server.asked == [HERE]


def test_a_record_in_two_parts_is_one(server: NameServer) -> None:
    server.texts[HERE] = [("ringfence=", "abc")]
    assert look("example.com", "abc", [server.address]).found is RecordFound.THERE


def test_a_record_too_long_for_udp_is_read_over_tcp(server: NameServer) -> None:
    server.set(HERE, *("x" * 250 for _ in range(8)), record_text("abc"))
    assert look("example.com", "abc", [server.address]).found is RecordFound.THERE


@pytest.mark.parametrize("said", ["ringfence=abcd", "ringfence=ABC", "abc", "ringfence = abc"])
def test_another_text_proves_nothing_and_is_told(server: NameServer, said: str) -> None:
    server.set(HERE, said)
    assert look("example.com", "abc", [server.address]) == (RecordFound.OTHER, (said,))


def test_the_right_text_at_another_name_proves_nothing(server: NameServer) -> None:
    server.set("example.com", record_text("abc"))
    server.set("_ringfence.mail.example.com", record_text("abc"))
    assert look("example.com", "abc", [server.address]).found is RecordFound.ABSENT


def test_a_name_without_texts_is_absent(server: NameServer) -> None:
    server.texts[HERE] = []
    assert look("example.com", "abc", [server.address]).found is RecordFound.ABSENT


def test_a_server_that_fails_says_nothing(server: NameServer) -> None:
    server.failing.add(HERE)
    assert look("example.com", "abc", [server.address]).found is RecordFound.NO_ANSWER


def test_the_second_server_is_asked_where_the_first_says_nothing(
    server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.set(HERE, record_text("abc"))
    with silent_server() as silent:
        assert look("example.com", "abc", [silent, server.address]).found is RecordFound.THERE


def test_a_server_that_is_silent_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.access.domains.records.SECONDS", 0.3)
    with silent_server() as silent:
        assert look("example.com", "abc", [silent]).found is RecordFound.NO_ANSWER


def test_a_domain_in_other_letters_is_asked_for_as_dns_has_it(server: NameServer) -> None:
    server.set("_ringfence.xn--mnchen-3ya.de", record_text("abc"))
    assert look("xn--mnchen-3ya.de", "abc", [server.address]).found is RecordFound.THERE
