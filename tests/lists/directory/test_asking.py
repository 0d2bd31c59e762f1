"""A server that is asked as a directory and never ends: given up in time, whatever it sends."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import msgspec
import pytest

from ringfence.lists.directory import asking
from ringfence.lists.directory.asking import Failure, WhyNoAnswer, session
from ringfence.lists.directory.directory_settings import DirectorySettings

LONG = b"\x30\x84\x7f\xff\xff\xff"
"""The head of an answer of two gigabytes."""


@contextmanager
def server(answer: Callable[[socket.socket], None]) -> Iterator[DirectorySettings]:
    """A server that answers its one connection so, once it was asked something."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.recv(10_000)
            answer(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    place = f"ldap://127.0.0.1:{listener.getsockname()[1]}"
    kept = {"kind": "openldap", "server": place, "user": "cn=reader", "people_base": "dc=firm"}
    yield msgspec.convert(kept, DirectorySettings)
    thread.join(5)
    listener.close()


def drip(to: socket.socket) -> None:
    to.sendall(LONG)
    while True:
        to.sendall(b"x")
        time.sleep(0.02)


def pour(to: socket.socket) -> None:
    to.sendall(LONG)
    while True:
        to.sendall(b"x" * 1000)


def why_not(settings: DirectorySettings) -> WhyNoAnswer:
    with pytest.raises(Failure) as failed, session(settings, "open sesame"):
        pass
    return failed.value.why


def test_a_directory_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "WHOLE_SECONDS", 0.3)
    began = time.monotonic()
    with server(drip) as settings:
        assert why_not(settings) is WhyNoAnswer.TOO_SLOW
    assert time.monotonic() - began < 1.5


def test_a_directory_that_pours_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_BYTES", 100_000)
    with server(pour) as settings:
        assert why_not(settings) is WhyNoAnswer.TOO_MANY


def test_a_directory_that_never_ends_its_greeting_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "CONNECT_SECONDS", 0.3)

    def greet(to: socket.socket) -> None:
        # The head of a record of TLS that is long, and then its bytes one by one.
        to.sendall(b"\x16\x03\x03\x40\x00")
        while True:
            to.sendall(b"\x02")
            time.sleep(0.02)

    began = time.monotonic()
    with server(greet) as settings:
        encrypted = msgspec.structs.replace(settings, server=settings.server.replace("ldap:", "ldaps:"))
        why_not(encrypted)
    assert time.monotonic() - began < 1.5
