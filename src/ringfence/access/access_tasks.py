"""Requests for access that other software opened, as tasks that it asks about again.

Nothing is kept for them. A task is named after the ledger entry that opened the request, by a digest that
nobody guesses; how it stands is what the ledger says of that request, which is the one that pages show
(draft AuthZEN Access Request and Approval Profile, decision 57).
"""

import base64
import hashlib
import hmac
from typing import Any

import msgspec

from ringfence.core.commands.definitions import OpenRequest, WithdrawRequest
from ringfence.core.terms import Instant, Level, Scope
from ringfence.firms.models import LedgerEntry
from ringfence.store.requestable import (
    Approval,
    Denial,
    approval_signed,
    denial_in,
    endpoint,
    moment_text,
)
from ringfence.store.served_at import pages_address
from ringfence.store.signing import Ended, NotSigned, signer

from .actor import Actor
from .clock import clock
from .connection import answering
from .door import Beside, Committed, execute, firm_state
from .firm_now import FirmNow
from .ledger.requests import DAY, AskedFor, RequestState, asked_in
from .tokens import ActingToken

__all__ = [
    "AccessTask",
    "Denial",
    "Ended",
    "NotSigned",
    "RequestOver",
    "approval_of",
    "denied",
    "moment_text",
    "open_task",
    "task_named",
    "task_opened",
    "withdraw_task",
]

TASK_DAYS = 30
"""For which a task is answered; a request that nobody answers lapses before."""
NUMBER, DIGEST = 5, 16
"""Bytes of a task's id: the entry, and what nobody guesses."""
PREFIX = "arq_"
SECOND = 1_000_000


class RequestOver(Exception):
    """The request is not open any more."""


class AccessTask(msgspec.Struct, frozen=True, kw_only=True):
    """One request as other software knows it."""

    id: str
    firm: int
    asked: AskedFor
    ends: Instant
    """Until when it is answered."""
    hash: bytes
    """Of the entry that opened it."""

    @property
    def standing(self) -> RequestState:
        return RequestState.OPEN if self.asked.end is None else self.asked.end.outcome

    @property
    def over(self) -> bool:
        """Whether it is not answered any more."""
        return clock() >= self.ends

    @property
    def address(self) -> str:
        """Where it is asked about."""
        return f"{endpoint()}/{self.id}"

    @property
    def page(self) -> str:
        """Where its member sees it."""
        return f"{pages_address()}/firms/{self.firm}/your-account/requests"


def denied(acting: ActingToken, binding_token: str) -> Denial:
    """The denial that a binding token stands for, of the token's own member.

    Raises `NotSigned` for what is none of this firm and member, `Ended` for one that is too old.
    """
    key = signer()
    if key is None:
        raise NotSigned
    found = denial_in(key, binding_token)
    if (found.firm, found.member) != (acting.firm, acting.token.member):
        raise NotSigned
    return found


def open_task(
    acting: ActingToken, denial: Denial, *, expires: Instant | None, reason: str, beside: Beside
) -> Committed:
    """Ask for the access that was denied, as the token's member. Raises as `execute` does."""
    command = OpenRequest(client=denial.client, level=denial.level, expires=expires, reason=reason)
    return execute(acting.firm, command, actor=_actor(acting), beside=beside)


def withdraw_task(acting: ActingToken, task: AccessTask, reason: str = "") -> None:
    """Take the request back. Raises as `execute` does, and `RequestOver` where it is open no more."""
    command = WithdrawRequest(client=task.asked.client, reason=reason)
    execute(acting.firm, command, actor=_actor(acting), beside=_StillOpen(acting.firm, task))


class _StillOpen(Beside):
    """Under the firm's lock: that it is this request which is open, and no later one for the same client."""

    def __init__(self, firm: int, task: AccessTask) -> None:
        self._firm, self._task = firm, task

    def before(self, version: int) -> None:
        (found,) = asked_in(firm_state(self._firm), self._task.asked.member, [self._task.asked.entry])
        if found.end is not None:
            raise RequestOver


def task_opened(firm_now: FirmNow, member: int, entry: int) -> AccessTask:
    """The task of the entry by which the member's request was opened."""
    found = _task(firm_now, member, entry)
    assert found is not None
    return found


def task_named(firm_now: FirmNow, member: int, name: str) -> AccessTask | None:
    """The member's task of that id; None for none, or another's. Raises `StateUnavailable`."""
    number = _number(name)
    found = None if number is None else _task(firm_now, member, number)
    return found if found is not None and hmac.compare_digest(found.id, name) else None


def approval_of(task: AccessTask) -> dict[str, Any] | None:
    """The approval of a request that was granted, as it goes over the wire; None for any other."""
    end, key = task.asked.end, signer()
    if end is None or end.outcome is not RequestState.GRANTED or key is None:
        return None
    # Where the grant gave nothing new, what there was goes as far as what was asked for.
    level, expires = (task.asked.level, task.asked.expires) if end.level is None else (end.level, end.expires)
    approval = Approval(
        id=f"apr_{_digest('approval', task.hash)}",
        firm=task.firm,
        member=task.asked.member,
        client=task.asked.client,
        level=Level(level),
        version=end.entry,
        at=end.at // SECOND,
        until=min(task.ends, expires or task.ends) // SECOND,
    )
    return {
        "id": approval.id,
        "approved_at": moment_text(approval.at),
        "approved_until": moment_text(approval.until),
        "state": approval_signed(key, approval),
    }


def _task(firm_now: FirmNow, member: int, entry: int) -> AccessTask | None:
    with answering():
        rows = LedgerEntry.objects.filter(
            firm=firm_now.firm,
            number=entry,
            number__lte=firm_now.version,
            actor=member,
            command="request.open",
        )
        found = rows.values_list("hash", flat=True).first()
    if found is None:
        return None
    (asked,) = asked_in(firm_now, member, [entry])
    digest = hashlib.sha256(b"task" + bytes(found)).digest()[:DIGEST]
    return AccessTask(
        id=PREFIX + _text(entry.to_bytes(NUMBER, "big") + digest),
        firm=firm_now.firm,
        asked=asked,
        ends=Instant(asked.opened + TASK_DAYS * DAY),
        hash=bytes(found),
    )


def _number(name: str) -> int | None:
    """The entry in an id; None for what is none."""
    if not name.isascii() or not name.startswith(PREFIX):
        return None
    try:
        found = base64.urlsafe_b64decode(name.removeprefix(PREFIX))
    except ValueError:
        return None
    return int.from_bytes(found[:NUMBER], "big") if len(found) == NUMBER + DIGEST else None


def _digest(what: str, of: bytes) -> str:
    return _text(hashlib.sha256(what.encode() + of).digest()[:18])


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _actor(acting: ActingToken) -> Actor:
    return Actor(acting.token.member, acting.number, Scope.REQUEST)
