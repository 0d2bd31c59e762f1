"""`If-Match` and `Idempotency-Key`: a change that rests on what was read, and one that is done once.

Both are looked at under the firm's lock, in the transaction of the change itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ringfence.access import Committed, FirmNow, changed_since
from ringfence.access.door import Beside
from ringfence.access.repeated import answered_before, keep_answer
from ringfence.wording.saying import gettext as _

from .caller import Caller
from .problems import ApiProblem

KEY = re.compile(r"[\x21-\x7e]{1,128}")
TAG = re.compile(r'^(?:W/)?"([0-9]{1,18})"$')


def key_of(header: str) -> str:
    """The `Idempotency-Key`, empty for none; raises `ApiProblem` for one that cannot be kept."""
    key = header.strip().strip('"')
    if header.strip() and KEY.fullmatch(key) is None:
        detail = _("Idempotency-Key must be 1 to 128 printable characters of ASCII, without spaces.")
        raise ApiProblem("unreadable", detail, field="Idempotency-Key")
    return key


def version_of(match: str, now: FirmNow) -> None:
    """Raises `ApiProblem` where the firm has changed since all of the versions that `If-Match` names."""
    _need_unchanged(_versions(match), now.firm, now.version)


def _versions(match: str) -> list[int] | None:
    """The versions that are named; None where any will do."""
    if not match or match.strip() == "*":
        return None
    found = [TAG.match(each.strip()) for each in match.split(",")]
    if any(each is None for each in found):
        detail = _('If-Match must be an ETag of this API, such as "118".')
        raise ApiProblem("unreadable", detail, field="If-Match")
    return [int(each[1]) for each in found if each is not None]


def _need_unchanged(versions: list[int] | None, firm: int, version: int) -> None:
    if versions is None:
        return
    # What was only noted since, such as a record opened, leaves what was read true.
    if not any(each == version or (each < version and not changed_since(firm, each)) for each in versions):
        raise ApiProblem("changed_meanwhile")


@dataclass(frozen=True)
class DoneOnce:
    """What is answered, and whether it had been before."""

    answer: dict[str, Any]
    repeated: bool = False


class AnsweredBefore(Exception):
    """The request was carried out already; nothing is changed."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__()
        self.answer = answer


class Once(Beside):
    """One write of a token: on the firm as it was read, and not twice."""

    def __init__(self, caller: Caller, *, match: str, key: str, said: Mapping[str, Any]) -> None:
        """`said` is what the request asks for; with another one its key is not taken again."""
        self._firm, self._token = caller.firm, caller.acting.number
        self._versions = _versions(match)
        self._key = key
        self._said = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).digest() if key else b""
        self._answered: Callable[[Committed], dict[str, Any]] = lambda committed: {}
        self.answer: dict[str, Any] = {}

    def answered(self) -> dict[str, Any] | None:
        """What the request was answered, if it was carried out before; `ApiProblem` for another one."""
        known = answered_before(self._firm, self._token, self._key) if self._key else None
        if known is not None and known.said != self._said:
            raise ApiProblem("key_reused", field="Idempotency-Key")
        return None if known is None else known.answer

    def need_unchanged(self, version: int) -> None:
        """Raises `ApiProblem` where the firm at `version` is not as it was read."""
        _need_unchanged(self._versions, self._firm, version)

    def keep(self, answer: dict[str, Any]) -> None:
        """In the transaction of the change: its answer, unless the request was carried out meanwhile."""
        if (known := self.answered()) is not None:
            raise AnsweredBefore(known)
        if self._key:
            keep_answer(self._firm, self._token, self._key, self._said, answer)

    def carried_out(
        self, do: Callable[[Beside], Any], answered: Callable[[Committed], dict[str, Any]]
    ) -> DoneOnce:
        """Have `do` carry it out with this beside; `answered` says what is answered then."""
        self._answered = answered
        try:
            do(self)
        except AnsweredBefore as before:
            return DoneOnce(before.answer, repeated=True)
        return DoneOnce(self.answer)

    def before(self, version: int) -> None:
        """Under the lock: whether it was done already, and whether the firm is as it was read."""
        if (known := self.answered()) is not None:
            raise AnsweredBefore(known)
        self.need_unchanged(version)

    def after(self, committed: Committed) -> None:
        """In the same transaction: the answer, for when the request comes again."""
        self.answer = self._answered(committed)
        if self._key:
            keep_answer(self._firm, self._token, self._key, self._said, self.answer)
