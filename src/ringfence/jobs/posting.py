"""Sending one event over HTTP, signed by Standard Webhooks: to the very address that was looked at.

What comes back is a status, or why nothing came. Nothing of the answer but that is read or kept, and no
redirect is followed.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Iterable
from datetime import UTC, datetime

from standardwebhooks import Webhook as Signer

from ringfence import __version__
from ringfence.access.changes import ChangeEvent, as_cloudevent
from ringfence.access.outgoing import exchange
from ringfence.access.webhooks import KeptWebhook, Network, SendFault, Sent, UnfitAddress, signing_secrets
from ringfence.firms.sealing import Unsealable

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
        return after(None, SendFault.ANSWER)
    except OSError:
        return after(None, SendFault.CONNECTION)
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
    answer = exchange("POST", address, headers, body, own=own, seconds=WHOLE_SECONDS)
    waits = answer.headers.get("Retry-After", "")
    return answer.status, int(waits) if waits.isascii() and waits.isdecimal() and len(waits) < 7 else 0
