"""Asking an LDAP server: connecting, signing in, searching by pages. What comes back whole, or a failure.

A list that broke off would look like people who left, so anything but a complete answer is a `Failure`.
Referrals are counted and not followed: the password would go to whatever server the directory names.
"""

import socket
import ssl
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import StrEnum
from ipaddress import ip_address
from typing import Any

import msgspec
from ldap3 import NONE, SUBTREE, SYNC, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException, LDAPPasswordIsMandatoryError, LDAPSocketReceiveError

from ringfence.access.outgoing import ending
from ringfence.access.webhooks.addresses import Network, public
from ringfence.lists.directory.directory_settings import DirectorySettings

CONNECT_SECONDS = 10
ANSWER_SECONDS = 60
"""For which nothing at all may come."""
WHOLE_SECONDS = 600
"""For everything that is asked: a server that never ends would keep lists of other firms waiting."""
MOST_BYTES = 2**28
"""Of all that it answers."""
PAGE = 1_000
"""Entries in one answer: Active Directory gives no more."""
MOST_ENTRIES = 100_000
_PAGED = "1.2.840.113556.1.4.319"
SUCCESS, SIZE_LIMIT, TIME_LIMIT, ADMIN_LIMIT = 0, 4, 3, 11

Entry = tuple[str, Mapping[str, list[bytes]]]
"""The name of an entry, and its attributes by their names in small letters."""


class WhyNoAnswer(StrEnum):
    """Why nothing came back; `wording.directories` has the sentences."""

    NO_ADDRESS = "no_address"
    PRIVATE = "private"
    NO_ANSWER = "no_answer"
    CERTIFICATE = "certificate"
    TLS = "tls"
    CREDENTIALS = "credentials"
    SIGN_IN = "sign_in"
    TOO_SLOW = "too_slow"
    NO_BASE = "no_base"
    NOT_ALLOWED = "not_allowed"
    LIMIT = "limit"
    TOO_MANY = "too_many"
    ELSEWHERE = "elsewhere"
    PARTS = "parts"
    NOBODY = "nobody"
    PASSWORD_LOST = "password_lost"
    CHANGES = "changes"
    MISSING = "missing"
    OTHER = "other"


class Failure(Exception):
    """The directory did not answer as it must."""

    def __init__(self, why: WhyNoAnswer, said: str = "", about: str = "") -> None:
        super().__init__(f"{why}: {said}")
        self.why = why
        self.said = said
        """What the server or the network said, in its own words."""
        self.about = about
        """The host, or the entry that was asked for."""


class DirectorySession(msgspec.Struct, kw_only=True):
    """A connection on which one may search, and what was found out about it."""

    connection: Any
    encrypted_as: str
    """``TLSv1.3``; empty for a connection in the clear."""
    referrals: set[str] = msgspec.field(default_factory=set)
    """Where else the directory sent us, which was not followed."""

    def search(self, base: str, words: str, attributes: Collection[str]) -> Iterator[Entry]:
        """All entries below the base that fit, page by page. Raises `Failure`."""
        cookie: Any = None
        count = 0
        while True:
            found = self._page(base, words, attributes, cookie)
            for each in found[1]:
                if each["type"] == "searchResRef":
                    self.referrals.update(each["uri"])
                    continue
                count += 1
                if count > MOST_ENTRIES:
                    raise Failure(WhyNoAnswer.TOO_MANY, about=base)
                yield _entry(each)
            cookie = found[0]["controls"].get(_PAGED, {}).get("value", {}).get("cookie")
            if not cookie:
                return

    def _page(self, base: str, words: str, attributes: Collection[str], cookie: Any) -> tuple[Any, Any]:
        try:
            self.connection.search(
                base, words, SUBTREE, attributes=list(attributes), paged_size=PAGE, paged_cookie=cookie
            )
            result, response = self.connection.result, self.connection.response
        except LDAPSocketReceiveError as error:
            raise Failure(WhyNoAnswer.TOO_SLOW, str(error), base) from error
        except (LDAPException, OSError) as error:
            raise Failure(WhyNoAnswer.OTHER, str(error), base) from error
        if result["result"] != SUCCESS:
            raise _refused(result, base)
        return result, response


_REFUSED = {
    SIZE_LIMIT: WhyNoAnswer.LIMIT,
    TIME_LIMIT: WhyNoAnswer.LIMIT,
    ADMIN_LIMIT: WhyNoAnswer.LIMIT,
    10: WhyNoAnswer.ELSEWHERE,
    32: WhyNoAnswer.NO_BASE,
    50: WhyNoAnswer.NOT_ALLOWED,
}


def _refused(result: Mapping[str, Any], base: str) -> Failure:
    why = _REFUSED.get(result["result"], WhyNoAnswer.OTHER)
    said = result["message"] or result["description"]
    if why is WhyNoAnswer.ELSEWHERE:
        said = ", ".join(result["referrals"] or ())
    return Failure(why, said, base)


def _entry(found: Mapping[str, Any]) -> Entry:
    values = {name.lower(): value for name, value in found["raw_attributes"].items()}
    for name in values:
        if ";range=" in name:
            # Active Directory gives long lists of members in parts, which ldap3 asks for one after another.
            raise Failure(WhyNoAnswer.PARTS, name, found["dn"])
    return found["dn"], values


@contextmanager
def session(
    settings: DirectorySettings, password: str, *, own: Collection[Network] | None = None
) -> Iterator[DirectorySession]:
    """A connection that is signed in, closed at the end. Raises `Failure`.

    `own`: networks beyond the internet into which it may lead; None for any, which is the operator's word.
    """
    server = Server(
        # The address that was looked at is the one that is called, whatever the name leads to a moment later.
        _address(settings, own),
        port=settings.port,
        use_ssl=settings.encrypted,
        tls=_Verified(settings.host, settings.certificates),
        get_info=NONE,
        connect_timeout=CONNECT_SECONDS,
    )
    connection = Connection(
        server,
        user=settings.user or None,
        password=password or None,
        # Asked by one thread: the strategy for several copies all that came, value by value.
        client_strategy=SYNC,
        auto_referrals=False,
        read_only=True,
        check_names=False,
        receive_timeout=ANSWER_SECONDS,
        return_empty_attributes=False,
    )
    try:
        _connect(connection, settings)
        with _ending(connection, settings):
            _sign_in(connection, settings)
            yield DirectorySession(connection=connection, encrypted_as=_tls_version(connection))
    finally:
        _close(connection)


@contextmanager
def _ending(connection: Any, settings: DirectorySettings) -> Iterator[None]:
    """Within it, whatever is asked fails once all of it has lasted too long."""
    end = time.monotonic() + WHOLE_SECONDS
    try:
        with ending(connection.socket, WHOLE_SECONDS):
            yield
    except Failure as failure:
        if time.monotonic() < end:
            raise
        raise Failure(WhyNoAnswer.TOO_SLOW, failure.said, settings.host) from failure


class _Bounded:
    """A socket from which no more than so many bytes are read: an answer is kept in memory, however long."""

    def __init__(self, held: Any) -> None:
        self._held = held
        self._left = MOST_BYTES

    def recv(self, most: int) -> bytes:
        read: bytes = self._held.recv(most)
        self._left -= len(read)
        if self._left < 0:
            raise Failure(WhyNoAnswer.TOO_MANY, f"more than {MOST_BYTES} bytes")
        return read

    def __getattr__(self, name: str) -> Any:
        return getattr(self._held, name)


def _close(connection: Any) -> None:
    """Say good-bye where it is still listened to, and let go of the socket whatever became of it."""
    held = connection.socket
    with suppress(LDAPException, OSError):
        connection.unbind()
    if held is not None:
        held.close()


def _connect(connection: Any, settings: DirectorySettings) -> None:
    try:
        connection.open(read_server_info=False)
    except (LDAPException, OSError) as error:
        raise _of_opening(error, settings) from error


def _sign_in(connection: Any, settings: DirectorySettings) -> None:
    try:
        if settings.start_tls:
            connection.start_tls(read_server_info=False)
        connection.socket = _Bounded(connection.socket)
        signed_in, result = connection.bind(read_server_info=False), connection.result
    except (LDAPException, OSError) as error:
        raise _of_opening(error, settings) from error
    if not signed_in:
        why = WhyNoAnswer.CREDENTIALS if result["result"] in (49, 48, 53, 32, 34) else WhyNoAnswer.SIGN_IN
        raise Failure(why, result["message"] or result["description"], settings.user)


def _of_opening(error: Exception, settings: DirectorySettings) -> Failure:
    said = str(error)
    if isinstance(error, LDAPPasswordIsMandatoryError):
        return Failure(WhyNoAnswer.CREDENTIALS, said, settings.user)
    if "CERTIFICATE_VERIFY_FAILED" in said:
        words = said.rpartition("verify failed: ")[2].partition(" (_ssl")[0]
        return Failure(WhyNoAnswer.CERTIFICATE, words, settings.host)
    if "ssl" in said.lower() or "tls" in said.lower():
        return Failure(WhyNoAnswer.TLS, said, settings.host)
    if isinstance(error, LDAPSocketReceiveError):
        return Failure(WhyNoAnswer.TOO_SLOW, said, settings.host)
    return Failure(WhyNoAnswer.NO_ANSWER, said, settings.host)


def _tls_version(connection: Any) -> str:
    found = getattr(connection.socket, "version", None)
    return str(found()) if found is not None else ""


def _address(settings: DirectorySettings, own: Collection[Network] | None) -> str:
    """The first address that the host has, where all of them may be called."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Failure(WhyNoAnswer.NO_ADDRESS, str(error), settings.host) from error
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    for address in addresses if own is not None else ():
        ip = ip_address(address)
        if not public(ip) and not any(ip in network for network in own or ()):
            raise Failure(WhyNoAnswer.PRIVATE, address, settings.host)
    return addresses[0]


class _Verified(Tls):
    """TLS as Python's own module verifies it, the host's name included; ldap3 compares names by itself."""

    def __init__(self, host: str, certificates: str) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._host = host
        self._context = ssl.create_default_context(cadata=certificates or None)

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        with ending(connection.socket, CONNECT_SECONDS):
            connection.socket = self._context.wrap_socket(
                connection.socket, do_handshake_on_connect=True, server_hostname=self._host
            )
