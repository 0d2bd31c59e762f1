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
    """The client reference, or ``id:…`` for one that has none, or one that begins like that."""
    name: str
    partial: bool = False
    """Whether the user may open only some of its services."""


def body_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object that was answered; raises `RingfenceError` where it is none."""
    status = response.status_code
    retry_after = _seconds(response.headers.get("Retry-After"))
    if status == 200:
        try:
            found = response.json()
        except ValueError as error:
            raise _not_ringfence("no JSON came back") from error
        if not isinstance(found, dict):
            raise _not_ringfence("no JSON object came back")
        return found
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "text/plain":
        # Ringfence says what is wrong in plain text: this is a proxy's page, or another server's.
        raise Unavailable(
            f"{response.url} answered {status}, not in Ringfence's words. Is that where decisions are asked?",
            retry_after,
        )
    told = response.text.strip()
    if status in (401, 403):
        raise NotAdmitted(told)
    if status >= 500 or status == 429:
        raise Unavailable(told, retry_after)
    raise Unfit(told)


def decisions_of(body: Mapping[str, Any], asked: int) -> list[Decision]:
    """The decisions of several evaluations, in their order: as many as were asked for."""
    version = _object(body.get("context")).get("version", 0)
    found = body.get("evaluations")
    if not isinstance(found, list) or len(found) != asked:
        raise _not_ringfence("there are not as many decisions in it as questions")
    return [decision_of(_object(each), version) for each in found]


def decision_of(body: Mapping[str, Any], version: int = 0) -> Decision:
    """The decision of one evaluation. Whatever does not plainly allow does not allow."""
    context = _object(body.get("context"))
    if "decision" not in body:
        raise _not_ringfence("there is no decision in it")
    if error := context.get("error"):
        raise Unfit(str(_object(error).get("message", error)))
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
    results = body.get("results")
    if not isinstance(results, list) or not all(isinstance(each, dict) and "id" in each for each in results):
        raise _not_ringfence("there is no list of clients in it")
    found = [(str(each["id"]), _object(each.get("properties"))) for each in results]
    return [Client(id_, said.get("name", ""), said.get("partial", False)) for id_, said in found]


def total_of(body: Mapping[str, Any]) -> int:
    """How many clients there are on all pages together."""
    total = _object(body.get("page")).get("total")
    if not isinstance(total, int):
        raise _not_ringfence("there is no total in it")
    return total


def _object(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _not_ringfence(why: str) -> Unavailable:
    return Unavailable(f"What answered is not Ringfence: {why}.")


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdecimal() else None
