"""What `ringfence doctor` says of one thing that it looked at."""

from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """What a look found."""

    GOOD = "good"
    LOOK = "look at"
    WRONG = "wrong"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at, and what to do where it is not good."""

    what: str
    verdict: Verdict
    text: str


def good(what: str, text: str) -> Finding:
    return Finding(what=what, verdict=Verdict.GOOD, text=text)


def doubtful(what: str, text: str) -> Finding:
    return Finding(what=what, verdict=Verdict.LOOK, text=text)


def wrong(what: str, text: str) -> Finding:
    return Finding(what=what, verdict=Verdict.WRONG, text=text)
