"""Answers to requests that other software may repeat: kept a day, by token and the key that came along.

Written in the transaction of the change they tell of, so that a change and its answer are there together.
They hold ids and numbers alone, no names.
"""

from typing import Any, NamedTuple

from ringfence.firms.models import RepeatedAnswer

from .clock import clock
from .open_firms import open_only

KEPT = 24 * 3600 * 1_000_000
"""Microseconds for which a repeated request is known."""


class KnownAnswer(NamedTuple):
    """What was answered, and a digest of what had been asked."""

    said: bytes
    answer: dict[str, Any]


def answered_before(firm: int, token: int, key: str) -> KnownAnswer | None:
    """The answer that the token's request of this key had within the last day."""
    rows = RepeatedAnswer.objects.filter(firm=firm, token=token, key=key, at__gt=clock() - KEPT)
    found = rows.values_list("said", "answer").first()
    return None if found is None else KnownAnswer(bytes(found[0]), found[1])


def keep_answer(firm: int, token: int, key: str, said: bytes, answer: dict[str, Any]) -> None:
    """Keep the answer in place of an old one of the key."""
    RepeatedAnswer.objects.update_or_create(
        firm_id=firm, token=token, key=key, defaults={"said": said, "answer": answer, "at": clock()}
    )


def forget_answers() -> None:
    """Remove those that are over a day old."""
    open_only(RepeatedAnswer.objects.filter(at__lte=clock() - KEPT)).delete()
