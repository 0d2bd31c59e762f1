"""Sending one event over HTTP, signed by Standard Webhooks: to the very address that was looked at.

What comes back is a status, or why nothing came. Nothing of the answer but that is read or kept, and no
redirect is followed.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from standardwebhooks import Webhook as Signer

from ringfence import __version__
from ringfence.access.changes import ChangeEvent, as_cloudevent
from ringfence.access.webhooks import KeptWebhook, Network, SendFault, Sent, UnfitAddress, signing_secrets
from ringfence.access.webhooks.addresses import look_at
from ringfence.firms.sealing import Unsealable

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
"""For everything from the connection to the answer's head."""


def post(hook: KeptWebhook, event: ChangeEvent, *, now: datetime, own: Iterable[Network]) -> Sent:
    """Send the event once. `now` is an aware time in UTC; `own` are networks to which may be sent besides."""
    body = as_cloudevent(event)
    began = time.monotonic()

    def after(status: int | None, fault: SendFault | None, retry_after: int = 0) -> Sent:
        return Sent(status, fault, int(1000 * (time.monotonic() - began)), retry_after)

    try:
        status, retry_after = _posted(hook.address, _headers(hook, event, body, now), body, tuple(own))
    except Unsealable:
        return after(None, SendFault.SECRET)
    except UnfitAddress:
        return after(None, SendFault.PRIVATE)
    except socket.gaierror:
        return after(None, SendFault.NAME)
    except ssl.SSLCertVerificationError:
        return after(None, SendFault.CERTIFICATE)
    except TimeoutError:
        return after(None, SendFault.TIMEOUT)
    except http.client.HTTPException:
        # A server that goes on for ever is cut off, which looks like an answer that breaks off.
        late = time.monotonic() - began >= WHOLE_SECONDS
        return after(None, SendFault.TIMEOUT if late else SendFault.ANSWER)
    except OSError:
        late = time.monotonic() - began >= WHOLE_SECONDS
        return after(None, SendFault.TIMEOUT if late else SendFault.CONNECTION)
    return after(status, None, retry_after)


def _headers(hook: KeptWebhook, event: ChangeEvent, body: bytes, now: datetime) -> dict[str, str]:
    secrets = signing_secrets(hook, int(now.timestamp() * 1_000_000))
    signed_at = now.astimezone(UTC).replace(microsecond=0)
    text = body.decode()
    return {
        "Content-Type": "application/cloudevents+json; charset=UTF-8",
        "User-Agent": f"Ringfence/{__version__}",
        "webhook-id": event.id,
        "webhook-timestamp": str(int(signed_at.timestamp())),
        "webhook-signature": " ".join(Signer(each).sign(event.id, signed_at, text) for each in secrets),
    }


def _posted(address: str, headers: dict[str, str], body: bytes, own: tuple[Network, ...]) -> tuple[int, int]:
    """The status, and the seconds that the receiver asks to be left alone."""
    parts = urlsplit(address)
    assert parts.hostname is not None
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=CONNECT_SECONDS)
    plain = _connected(parts.hostname, port, parts.scheme, own)
    connection.sock = plain
    # Each answer by itself may come in time, and all of it never end.
    end = threading.Timer(WHOLE_SECONDS, _cut, [plain])
    end.daemon = True
    end.start()
    try:
        if parts.scheme == "https":
            connection.sock = _TRUSTING.wrap_socket(plain, server_hostname=parts.hostname)
        connection.sock.settimeout(WHOLE_SECONDS)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, headers)
        answer = connection.getresponse()
        waits = answer.headers.get("Retry-After", "")
        return answer.status, int(waits) if waits.isascii() and waits.isdecimal() and len(waits) < 7 else 0
    finally:
        end.cancel()
        connection.close()
        plain.close()


_TRUSTING = ssl.create_default_context()


def _connected(host: str, port: int, scheme: str, own: tuple[Network, ...]) -> socket.socket:
    """A connection to the first address of the host that answers. All of them must be fit."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for _family, _kind, _protocol, _name, place in found:
        look_at(str(place[0]), scheme, own)
    fault: OSError = OSError("no address")
    for family, kind, protocol, _name, place in found:
        one = socket.socket(family, kind, protocol)
        one.settimeout(CONNECT_SECONDS)
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
