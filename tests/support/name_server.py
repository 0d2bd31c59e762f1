"""A DNS server of the tests on loopback, over UDP and TCP, with the TXT records that a test sets."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dnslib import QTYPE, RCODE, RR, TXT, DNSRecord
from dnslib.server import BaseResolver, DNSHandler, DNSLogger, DNSServer

Server = tuple[str, int]
QUIET = DNSLogger("-request,-reply,-truncated,-error,-recv,-send,-data")


@dataclass
class NameServer:
    """What it answers: `texts` by name, each record as its parts; for any name in `failing`, SERVFAIL."""

    address: Server = ("", 0)
    texts: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def set(self, name: str, *records: str) -> None:
        """Let a name have these TXT records; none takes the name away."""
        self.texts.pop(name, None)
        if records:
            self.texts[name] = [(record,) for record in records]


class _Answers(BaseResolver):  # type: ignore[misc]  # dnslib is not typed
    def __init__(self, server: NameServer) -> None:
        self.server = server

    def resolve(self, request: DNSRecord, handler: DNSHandler) -> DNSRecord:
        name = str(request.q.qname).rstrip(".").lower()
        self.server.asked.append(name)
        reply = request.reply()
        if name in self.server.failing:
            reply.header.rcode = RCODE.SERVFAIL
        elif name not in self.server.texts:
            reply.header.rcode = RCODE.NXDOMAIN
        elif request.q.qtype == QTYPE.TXT:
            for parts in self.server.texts[name]:
                data = TXT([part.encode() for part in parts])
                reply.add_answer(RR(request.q.qname, QTYPE.TXT, rdata=data, ttl=60))
        return reply


@contextmanager
def name_server() -> Iterator[NameServer]:
    """Answers until the block ends."""
    server = NameServer()
    over_udp, over_tcp = _on_one_port(_Answers(server))
    server.address = over_udp.server.server_address[:2]
    for each in (over_udp, over_tcp):
        each.start_thread()
    try:
        yield server
    finally:
        for each in (over_udp, over_tcp):
            each.stop()
            each.server.server_close()
            each.thread.join()


def _on_one_port(answers: _Answers) -> tuple[DNSServer, DNSServer]:
    """Over UDP and over TCP. What is free for the one may be taken for the other: then the next port."""
    while True:
        over_udp = DNSServer(answers, address="127.0.0.1", port=0, logger=QUIET)
        port = over_udp.server.server_address[1]
        try:
            return over_udp, DNSServer(answers, address="127.0.0.1", port=port, tcp=True, logger=QUIET)
        except OSError as taken:
            over_udp.server.server_close()
            if taken.errno != errno.EADDRINUSE:
                raise


@contextmanager
def silent_server() -> Iterator[Server]:
    """An address that takes questions and never answers one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        yield ear.getsockname()
