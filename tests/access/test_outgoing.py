"""One HTTP exchange with a server that somebody named: it ends in time and goes where it may alone."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest

from ringfence.access import outgoing
from ringfence.access.outgoing import TooLong, exchange
from ringfence.access.webhooks import UnfitAddress
from tests.support.certificates import certificates

OWN = (ip_network("127.0.0.0/8"),)


@contextmanager
def server(answer: Callable[[socket.socket], None], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server on this machine that does with its one connection what `answer` says; its address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with tls.wrap_socket(connection, server_side=True) if tls is not None else connection as connection:
            connection.recv(10_000)
            try:
                answer(connection)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"{'http' if tls is None else 'https'}://127.0.0.1:{listener.getsockname()[1]}/"
    thread.join(5)
    listener.close()


def asked(address: str, *, seconds: float = 5.0, most: int = 100) -> tuple[int, bytes]:
    answer = exchange("GET", address, {}, own=OWN, seconds=seconds, most=most)
    return answer.status, answer.body


def test_what_is_answered_is_read() -> None:
    with server(lambda to: to.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nhi")) as address:
        assert asked(address) == (404, b"hi")


def test_a_redirect_is_not_followed() -> None:
    told = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    with server(lambda to: to.sendall(told)) as address:
        assert asked(address) == (302, b"")


def test_an_answer_that_is_too_long_is_not_read_to_its_end() -> None:
    with (
        server(lambda to: to.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 101)) as address,
        pytest.raises(TooLong),
    ):
        asked(address)


def drip(to: socket.socket) -> None:
    """Send a little, for as long as anybody reads."""
    to.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        to.sendall(b"x")
        time.sleep(0.02)


@pytest.mark.parametrize("answer", [drip, lambda to: time.sleep(0.8)])
def test_whoever_is_slow_is_cut_off(answer: Callable[[socket.socket], None]) -> None:
    began = time.monotonic()
    with server(answer) as address:
        with pytest.raises(TimeoutError):
            asked(address, seconds=0.3, most=2**20)
        assert time.monotonic() - began < 1.5


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of a server whose certificate is trusted."""
    trusting = ssl.create_default_context(cadata=certificates(tmp_path))
    monkeypatch.setattr(outgoing, "_trusting", lambda: trusting)
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    return found


def test_whoever_is_slow_behind_tls_is_cut_off_too(tls: ssl.SSLContext) -> None:
    began = time.monotonic()
    with server(drip, tls) as address, pytest.raises(TimeoutError):
        asked(address, seconds=0.3, most=2**20)
    assert time.monotonic() - began < 1.5


def test_whoever_never_ends_the_greeting_of_tls_is_cut_off(tls: ssl.SSLContext) -> None:
    def greet(to: socket.socket) -> None:
        # The head of a record that is long, and then its bytes one by one.
        to.sendall(b"\x16\x03\x03\x40\x00")
        while True:
            to.sendall(b"\x02")
            time.sleep(0.02)

    began = time.monotonic()
    with server(greet) as address, pytest.raises(TimeoutError):
        asked(address.replace("http", "https"), seconds=0.3)
    assert time.monotonic() - began < 1.5


def test_what_is_answered_over_tls_is_read(tls: ssl.SSLContext) -> None:
    told = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    with server(lambda to: to.sendall(told), tls) as address:
        assert asked(address) == (200, b"hi")


def test_a_name_with_many_addresses_that_do_not_answer_is_given_up_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Whoever connects to a listener that takes nobody waits for it.
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        place = listener.getsockname()
        for taken in (first, second):
            taken.setblocking(False)
            taken.connect_ex(place)
        many = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place)] * 30
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: many)
        monkeypatch.setattr(outgoing, "CONNECT_SECONDS", 0.1)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            asked(f"http://many.example:{place[1]}/", seconds=0.2)
        assert time.monotonic() - began < 1.0


def test_an_address_within_the_operators_own_machines_is_asked_only_where_it_is_allowed() -> None:
    with pytest.raises(UnfitAddress):
        exchange("GET", "http://127.0.0.1:9/", {}, own=(), seconds=1.0)
    with pytest.raises(UnfitAddress):
        exchange("GET", "https://localhost:9/", {}, own=(ip_network("10.0.0.0/8"),), seconds=1.0)
