"""Where a process listens: an address as the operator writes it, and the socket that stands there.

Sockets are made before anything else is done, so that an address that cannot be had stops the start; they are
handed to the processes that answer, which come and go while connections wait.
"""

import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

import msgspec

from ringfence.cli.faults import Fault

SILENT_SECONDS = 10
"""How long a connection may stay silent before a worker takes it all the same."""
UNREAD_MILLISECONDS = 30_000
"""How long an answer may lie unread."""
WAITING = 1024
"""Connections that may wait until a worker takes them."""
UNIX = "unix:"
SOCKET_RIGHTS = 0o660
"""Of a Unix socket: whoever may connect is of our group, as the proxy is."""
NEAR = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts at which nobody beyond this machine can connect."""
LONGEST_PATH = 100
"""Bytes of a Unix socket's path; systems take few more."""


class Bind(msgspec.Struct, frozen=True):
    """A TCP address (`host`, `port`), or a Unix socket (`path`, and no port)."""

    host: str = ""
    port: int = 0
    path: str = ""

    @property
    def near(self) -> bool:
        """Whether nobody beyond this machine can connect."""
        return bool(self.path) or self.host in NEAR

    @property
    def shown(self) -> str:
        """As the operator may write it."""
        return f"{UNIX}{self.path}" if self.path else f"{in_brackets(self.host)}:{self.port}"

    @property
    def reached(self) -> str:
        """The address at which this machine reaches it; of a Unix socket its path."""
        if self.path:
            return self.shown
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://{in_brackets(host)}:{self.port}"

    def beside(self, name: str, further: int) -> "Bind":
        """Where another role listens unless told: some ports further, or a socket in the same folder."""
        if self.path:
            return Bind(path=str(Path(self.path).with_name(f"{name}.sock")))
        return Bind(self.host, self.port + further)


def bind_of(text: str, option: str) -> Bind:
    """What `text` names: ``host:port``, ``[::]:port`` or ``unix:/path``. `option` is named in a `Fault`."""
    if text.startswith(UNIX):
        path = text[len(UNIX) :]
        if not path.startswith("/") or len(os.fsencode(path)) > LONGEST_PATH:
            raise Fault(
                f"{option} {text!r}: write a whole path of at most {LONGEST_PATH} characters, as in"
                " unix:/run/ringfence/web.sock."
            )
        return Bind(path=path)
    host, colon, port = text.rpartition(":")
    plain = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not colon or not plain or (":" in plain and plain == host) or not port.isascii():
        raise Fault(f"{option} {text!r}: write 127.0.0.1:8000, [::1]:8000 or unix:/run/ringfence/web.sock.")
    if not port.isdecimal() or not 1 <= int(port) <= 65_535:
        raise Fault(f"{option} {text!r}: its port is no number from 1 to 65535.")
    return Bind(plain, int(port))


def listening(bind: Bind, option: str) -> socket.socket:
    """A socket that has the address and does not listen yet; raises `Fault` where it cannot be had."""
    listener = _unix(bind, option) if bind.path else _tcp(bind, option)
    # Of two workers that wake up for one connection, the one that comes too late must not be kept waiting.
    listener.setblocking(False)
    return listener


def _tcp(bind: Bind, option: str) -> socket.socket:
    host, port = bind.host, bind.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as problem:
        told = getattr(problem, "strerror", None) or "it cannot be read"
        raise Fault(f"{option}: {host!r} is no address of this machine: {told}.") from problem
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_DEFER_ACCEPT"):
        # A worker gets a connection once something came over it: one that ends lets go of silent ones.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENT_SECONDS)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # Inherited by each connection: whoever takes nothing of an answer for so long is let go.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
    try:
        listener.bind(address)
    except OSError as problem:
        listener.close()
        raise Fault(
            f"Port {port} of {host} cannot be had: {problem.strerror}. Choose another with {option}."
        ) from problem
    return listener


def _unix(bind: Bind, option: str) -> socket.socket:
    path = Path(bind.path)
    _clear_away(path, option)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(bind.path)
        path.chmod(SOCKET_RIGHTS)
    except OSError as problem:
        listener.close()
        raise Fault(
            f"{option}: the socket {path} cannot be made: {problem.strerror}. Its folder must be there, and"
            " Ringfence's user be able to write in it."
        ) from problem
    return listener


def _clear_away(path: Path, option: str) -> None:
    """Remove a socket that a killed Ringfence has left; raises `Fault` for one in use, and for a file."""
    try:
        kind = path.lstat().st_mode
    except OSError:
        return
    if not stat.S_ISSOCK(kind):
        raise Fault(f"{option}: {path} is there and no socket: name another path.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(5)
        try:
            probe.connect(str(path))
        except OSError:
            with suppress(OSError):
                path.unlink()
        else:
            raise Fault(f"{option}: somebody answers at {path} already: stop it, or name another path.")


def let_go(bind: Bind, listener: socket.socket) -> None:
    """Close the socket, and take its file away."""
    listener.close()
    if bind.path:
        with suppress(OSError):
            Path(bind.path).unlink()


def in_brackets(host: str) -> str:
    """The host as it stands before a port."""
    return f"[{host}]" if ":" in host else host
