"""One HTTP exchange with a server that somebody of a firm named: to the very address that was looked at.

All of it has an end: how long it takes, how much is read. No redirect is followed and no proxy of the
environment asked. Which addresses are fit is said in `webhooks.addresses`.
"""

import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from .webhooks.addresses import Network, look_at

CONNECT_SECONDS = 5.0


class TooLong(ValueError):
    """The answer is longer than whoever asks wants to read."""


class Received(NamedTuple):
    """What came back. Without any byte asked for, `body` is empty."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def exchange(
    method: str,
    address: str,
    headers: Mapping[str, str],
    body: bytes | None = None,
    *,
    own: Iterable[Network],
    seconds: float,
    most: int = 0,
) -> Received:
    """Send a request and read up to `most` bytes of its answer, within so many seconds in all.

    `own` are networks to which may be sent besides. Raises `UnfitAddress`, `TooLong`, `socket.gaierror`,
    `ssl.SSLCertVerificationError`, `TimeoutError`, `http.client.HTTPException`, `OSError`.
    """
    began = time.monotonic()
    try:
        answer = _exchanged(method, address, headers, body, tuple(own), seconds, most)
    except (http.client.HTTPException, OSError) as fault:
        # A server that goes on for ever is cut off, which looks like an answer that breaks off …
        if time.monotonic() - began >= seconds:
            raise TimeoutError from fault
        raise
    if time.monotonic() - began >= seconds:
        # … or, where it did not say how long it would be, like one that has ended.
        raise TimeoutError
    return answer


def _exchanged(
    method: str,
    address: str,
    headers: Mapping[str, str],
    body: bytes | None,
    own: tuple[Network, ...],
    seconds: float,
    most: int,
) -> Received:
    parts = urlsplit(address)
    assert parts.hostname is not None
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=CONNECT_SECONDS)
    plain = _connected(parts.hostname, port, parts.scheme, own, time.monotonic() + seconds)
    connection.sock = plain
    try:
        with ending(plain, seconds):
            return _answered(connection, method, parts, headers, body, seconds, most)
    finally:
        connection.close()
        plain.close()


def _answered(
    connection: http.client.HTTPConnection,
    method: str,
    parts: SplitResult,
    headers: Mapping[str, str],
    body: bytes | None,
    seconds: float,
    most: int,
) -> Received:
    if parts.scheme == "https":
        connection.sock = _trusting().wrap_socket(connection.sock, server_hostname=parts.hostname)
    connection.sock.settimeout(seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request(method, target, body, dict(headers))
    answer = connection.getresponse()
    read = answer.read(most + 1) if most else b""
    if len(read) > most:
        raise TooLong
    return Received(answer.status, answer.headers, read)


@contextmanager
def ending(connection: socket.socket, seconds: float) -> Iterator[None]:
    """Within it, the connection is cut once it has lasted so long: whatever reads from it finds its end.

    Each answer by itself may come in time, and all of them never end.
    """
    # A handle of our own: TLS takes the socket's away, and what is wrapped is another object.
    held = socket.socket(fileno=os.dup(connection.fileno()))
    end = threading.Timer(seconds, _cut, [held])
    end.daemon = True
    end.start()
    try:
        yield
    finally:
        end.cancel()
        # It may be cutting at this moment, and another connection must not get the number that it cuts.
        end.join()
        held.close()


@lru_cache(maxsize=1)
def _trusting() -> ssl.SSLContext:
    return ssl.create_default_context()


def _connected(host: str, port: int, scheme: str, own: tuple[Network, ...], until: float) -> socket.socket:
    """A connection to the first address of the host that answers. All of them must be fit.

    A name may have any number of addresses: those beyond the instant `until`, of `monotonic`, are not tried.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for _family, _kind, _protocol, _name, place in found:
        look_at(str(place[0]), scheme, own)
    fault: OSError = OSError("no address")
    for family, kind, protocol, _name, place in found:
        left = until - time.monotonic()
        if left <= 0:
            break
        one = socket.socket(family, kind, protocol)
        one.settimeout(min(CONNECT_SECONDS, left))
        try:
            one.connect(place)
        except OSError as problem:
            one.close()
            fault = problem
            continue
        return one
    raise fault


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It has ended by itself.
        return
