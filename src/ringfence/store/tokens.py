"""Which firm a token is of, and where it is taken: found by its digest, in any database.

What it may is asked of the firm's state (`core.authority.tokens`), which is proved current; a row here never
changes but by being revoked and by its last use, which is written now and then, and never by a question.
"""

import ipaddress
import threading
from collections.abc import Callable, Iterable
from typing import NamedTuple

from .sources import Source

MINUTE = 60_000_000
"""Microseconds."""


class TokenPlace(NamedTuple):
    """A token by the firm that it is of."""

    firm: int
    number: int
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    """From where alone it is taken; from anywhere where there is none."""

    def takes(self, address: str) -> bool:
        """Whether it is taken from this IP address; one that is not known is taken where any is."""
        if not self.networks:
            return True
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return any(found in network for network in self.networks)


def token_place(source: Source, digest: bytes) -> TokenPlace | None:
    """The token of this digest, also one that was revoked or has expired; None where there never was one.

    Lets the driver's errors through.
    """
    found = source.rows("SELECT firm_id, number, addresses FROM firms_token WHERE digest = ?", digest)
    if not found:
        return None
    firm, number, addresses = found[0]
    return TokenPlace(firm, number, tuple(map(ipaddress.ip_network, addresses.split())))


def note_tokens_used(source: Source, used: Iterable[tuple[int, int]], at: int) -> None:
    """Write down that these tokens, by firm and number, were used at `at`, microseconds since 1970 UTC.

    Outside the answer to a request, and for each token once a minute at most: what is earlier than a minute
    after the last is passed over. It is no change of the firm. Lets the driver's errors through.
    """
    for firm, number in sorted(set(used)):
        source.rows(
            "UPDATE firms_token SET used = ?"
            " WHERE firm_id = ? AND number = ? AND (used IS NULL OR used <= ?)",
            at,
            firm,
            number,
            at - MINUTE,
        )


class LastUses:
    """Which tokens a process has taken lately and not written down yet. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: set[tuple[int, int]] = set()

    def note(self, firm: int, number: int) -> None:
        """The token was taken. Costs a request next to nothing."""
        use = (firm, number)
        if use not in self._used:
            with self._lock:
                self._used.add(use)

    def taken(self) -> frozenset[tuple[int, int]]:
        """Those noted since this was asked last."""
        with self._lock:
            found, self._used = self._used, set()
        return frozenset(found)

    def keep_writing(
        self, write: Callable[[frozenset[tuple[int, int]]], None], every: float = 60.0
    ) -> threading.Thread:
        """A thread of its own that writes them so many seconds apart, as long as the process lives."""

        def work() -> None:
            pause = threading.Event()
            while not pause.wait(every):
                if used := self.taken():
                    write(used)

        thread = threading.Thread(target=work, name="last-uses", daemon=True)
        thread.start()
        return thread
