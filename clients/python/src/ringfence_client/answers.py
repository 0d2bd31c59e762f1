"""What comes back: decisions, clients, and the errors that stand for no answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx


class RingfenceError(Exception):
    """There is no answer. Whoever catches it must not take it for a yes."""


class Unavailable(RingfenceError):
    """Ringfence cannot be reached, or cannot decide at present."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """`retry_after`: seconds after which to ask again, where Ringfence says so."""
        super().__init__(message)
        self.retry_after = retry_after


class NotAdmitted(RingfenceError):
    """The token is not taken: revoked, expired, from another address, or without the scope."""


class Unfit(RingfenceError):
    """The question is wrong; the message says where, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer. It is true where the user may."""

    allowed: bool
    level: str = "none"
    """The level on the whole client: ``none``, ``reader``, ``editor`` or ``owner``."""
    reason: str = ""
    """Why, as a code that does not change."""
    message: str = ""
    """A sentence for the user, in their language."""
    version: int = 0
    """The firm's version that decided."""
    context: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """All that came with the answer: for a token with the scope ``explain`` the explanation too."""

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True, slots=True)
class Client:
    """A client that a user may open."""

    reference: str
    """The client reference, or ``id:…`` for one that has none."""
    name: str
    partial: bool = False
    """Whether the user may open only some of its services."""


def body_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object that was answered; raises `RingfenceError` where it is none."""
    if response.status_code in (401, 403):
        raise NotAdmitted(response.text.strip())
    if response.status_code >= 500 or response.status_code == 429:
        raise Unavailable(response.text.strip(), _seconds(response.headers.get("Retry-After")))
    if response.status_code != 200:
        raise Unfit(response.text.strip())
    try:
        found = response.json()
    except ValueError as error:
        raise Unavailable("What answered is not Ringfence: no JSON came back.") from error
    if not isinstance(found, dict):
        raise Unavailable("What answered is not Ringfence: no JSON object came back.")
    return found


def decisions_of(body: Mapping[str, Any]) -> list[Decision]:
    """The decisions of several evaluations, in their order."""
    version = (body.get("context") or {}).get("version", 0)
    return [decision_of(each, version) for each in body["evaluations"]]


def decision_of(body: Mapping[str, Any], version: int = 0) -> Decision:
    """The decision of one evaluation. Whatever does not plainly allow does not allow."""
    context = body.get("context") or {}
    if "decision" not in body:
        raise Unavailable("What answered is not Ringfence: there is no decision in it.")
    if error := context.get("error"):
        raise Unfit(str(error.get("message", error)))
    return Decision(
        allowed=body["decision"] is True,
        level=context.get("level", "none"),
        reason=context.get("reason", ""),
        message=context.get("message", ""),
        version=context.get("version", version),
        context=context,
    )


def clients_of(body: Mapping[str, Any]) -> list[Client]:
    """The clients on one page."""
    return [
        Client(
            reference=result["id"],
            name=result.get("properties", {}).get("name", ""),
            partial=result.get("properties", {}).get("partial", False),
        )
        for result in body["results"]
    ]


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdecimal() else None
