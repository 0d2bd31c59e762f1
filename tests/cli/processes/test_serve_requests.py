"""What `ringfence serve` takes from its connections: whole requests, in time, while nobody else waits."""

import select
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from socket import socket

import pytest

from ringfence.cli.processes.pages import THREADS
from ringfence.web.shell.lanes import Lane
from tests.cli.processes.site import CLIENT, EMAIL, NOTE, OTHER_CLIENT, PASSWORD, Site, Visitor, site
from tests.cli.processes.test_supervisor import SECONDS
from tests.support.databases import Databases

SLOW = 2 * (1 + sum(THREADS.values()))
"""Twice as many connections as there are processes and threads."""
HALF_A_FORM = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nlogin="
HALF_A_HEAD = b"GET /sign-in HTTP/1.1\r\nHost: local"


@pytest.fixture(scope="module")
def served(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all tests here."""
    with site(databases.migrated(), tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture(scope="module")
def slow(served: Site) -> Iterator[list[socket]]:
    """Outsiders who have begun a form, and never send the rest."""
    begun = [served.connect(HALF_A_FORM) for _each in range(SLOW)]
    yield begun
    for each in begun:
        each.close()


@pytest.fixture(scope="module")
def alphie(served: Site, slow: list[socket]) -> Visitor:
    """Signed in, with the slow ones there."""
    return served.visitor().sign_in()


TICKED = " checked"


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_forms_that_outsiders_do_not_finish_keep_nobody_waiting(served: Site, alphie: Visitor) -> None:
    unfinished = [served.connect(half) for half in (HALF_A_FORM, HALF_A_HEAD) for _each in range(SLOW)]
    for _page in range(20):
        assert "Fortune 500" in alphie.get("/firms/1/clients")
    for each in unfinished:
        each.close()


def notes(alphie: Visitor) -> int:
    return alphie.get(CLIENT).count(f"{CLIENT}/notes/")


def test_half_a_note_is_refused_whole(served: Site, alphie: Visitor) -> None:
    alphie.get(NOTE)
    whole = alphie.posting(NOTE, {"title": "Call", "text": "Agreed on Monday, but not on Tuesday."})
    answer = served.exchange(whole[:-12], finish=True)
    assert answer == b"" or status(answer) == 400
    assert notes(alphie) == 0
    assert status(served.exchange(whole)) == 302
    assert notes(alphie) == 1


def test_half_of_the_ticks_are_refused_whole(served: Site, alphie: Visitor) -> None:
    create = "/firms/1/manage/groups/create"
    for step, answer in ((create, {"kind": "custom"}), (f"{create}/name", {"name": "Big"})):
        alphie.get(step)
        assert alphie.ask("POST", step, answer)[0] == 302
    alphie.get(f"{create}/clients")
    whole = alphie.posting(f"{create}/clients", {"shown": "1", "tick": "1", "search": "nobody"})
    served.exchange(whole[:-3], finish=True)
    assert TICKED not in alphie.get(f"{create}/clients")
    served.exchange(whole)
    assert TICKED in alphie.get(f"{create}/clients")


def test_a_form_in_chunks_is_refused(served: Site, slow: list[socket]) -> None:
    head = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    chunked = b"Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n"
    assert status(served.exchange(head + chunked)) == 411


def test_a_form_that_is_too_large_is_refused_with_what_to_do(served: Site, alphie: Visitor) -> None:
    told, page = alphie.ask("POST", NOTE, {"title": "Call", "text": "x" * 2**20})
    assert told == 413
    assert "What you sent is too large" in page
    alphie.connection.close()


def test_two_forms_are_taken_over_one_connection(alphie: Visitor) -> None:
    for _each in range(2):
        assert alphie.ask("POST", "/session", {})[0] == 200


def test_head_is_answered_without_a_body(served: Site) -> None:
    asked = b"HEAD /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answer = served.exchange(asked + asked.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    heads = answer.split(b"\r\n\r\n")
    assert [status(each) for each in heads[:-1]] == [200, 200]
    assert heads[-1] == b""


def test_http_2_is_not_spoken(served: Site) -> None:
    answer = served.exchange(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, 4, 0, 0, 0, 0, 0)))
    assert answer.startswith(b"HTTP/1.1 400") or answer == b""
    upgrade = (
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
    )
    with served.connect(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n" + upgrade) as connection:
        assert connection.recv(12) == b"HTTP/1.1 200"


def test_other_methods_than_those_of_pages_are_refused(served: Site) -> None:
    for method in (b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"BREW"):
        head = (
            method
            + b" /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        assert status(served.exchange(head)) == 405


def test_whether_it_works_is_told_without_a_host(served: Site) -> None:
    answer = served.exchange(b"GET /health HTTP/1.0\r\n\r\n")
    assert status(answer) == 200
    assert answer.endswith(b"\r\n\r\nok\n")


def test_who_waits_for_another_writer_keeps_no_reader_waiting(served: Site, alphie: Visitor) -> None:
    told: list[int] = []

    def open_record() -> None:
        visitor = served.visitor()
        visitor.cookies = dict(alphie.cookies)
        told.append(visitor.ask("GET", OTHER_CLIENT)[0])

    writer = sqlite3.connect(served.database.removeprefix("sqlite:///"), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    opening = [threading.Thread(target=open_record) for _each in range(2 * THREADS[Lane.WRITING])]
    for each in opening:
        each.start()
    try:
        for _page in range(5):
            assert "Fortune 500" in alphie.get("/firms/1/clients")
            served.visitor().get("/sign-in")
        assert told == []
    finally:
        writer.execute("ROLLBACK")
        writer.close()
        for each in opening:
            each.join(SECONDS)
    assert told == [200] * len(opening)


def test_those_who_sign_in_keep_no_reader_waiting(served: Site, alphie: Visitor) -> None:
    people = [served.visitor() for _each in range(3 * THREADS[Lane.PASSWORDS])]
    for each in people:
        each.get("/sign-in")
    form = {"login": EMAIL, "password": PASSWORD}
    signing_in = [served.connect(each.posting("/sign-in", form)) for each in people]
    assert "Fortune 500" in alphie.get("/firms/1/clients")
    answered, _, _ = select.select(signing_in, [], [], 0)
    assert len(answered) < len(people)
    for connection in signing_in:
        with connection:
            assert status(connection.recv(65536)) == 302


def sessions(served: Site) -> int:
    with closing(sqlite3.connect(served.database.removeprefix("sqlite:///"))) as reader:
        return int(reader.execute("SELECT count(*) FROM django_session").fetchone()[0])


def test_who_has_gone_before_their_turn_is_not_checked(served: Site, alphie: Visitor) -> None:
    before = sessions(served)
    people = [served.visitor() for _each in range(4 * THREADS[Lane.PASSWORDS])]
    for each in people:
        each.get("/sign-in")
    form = {"login": EMAIL, "password": PASSWORD}
    for connection in [served.connect(each.posting("/sign-in", form)) for each in people]:
        connection.close()
    served.visitor().sign_in()
    assert sessions(served) - before <= THREADS[Lane.PASSWORDS] + 1


def test_who_sends_nothing_for_long_is_told_so(served: Site, slow: list[socket]) -> None:
    for each in slow:
        answer = b"".join(iter(lambda each=each: each.recv(65536), b""))  # type: ignore[misc]
        assert status(answer) == 408
        assert b"What you sent did not arrive whole" in answer
    assert "408 POST /sign-in: the body took too long" in served.said
