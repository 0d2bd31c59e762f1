"""What the change feed is asked and what it answers, as texts and bytes. `changes_feed` waits."""

from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qsl

import msgspec

from ringfence.access import FirmMoved
from ringfence.access.changes import FAMILIES, FeedPlace, ToldEvents, UnfitPlace, as_cloudevent

PATH = "/api/v1/changes"
MOST_EVENTS = 1_000
USUAL_EVENTS = 100
MOST_SECONDS = 60
"""How long a question may wait for something to be told: less than proxies wait for an answer."""

JSON = "application/json"
PROBLEM = "application/problem+json"


class FeedAnswer(NamedTuple):
    """One answer, whole."""

    status: HTTPStatus
    body: bytes
    kind: str = JSON
    headers: tuple[tuple[str, str], ...] = ()


class FeedQuestion(NamedTuple):
    """What a reader wants."""

    place: FeedPlace
    limit: int
    wait: int
    """Seconds."""
    families: frozenset[str]


class FeedProblem(Exception):
    """A question that is not answered with events; `answer` says why, and what to do."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        *,
        field: str = "",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(code)
        said = {
            "type": f"/api/v1/#problem-{code}",
            "title": status.phrase,
            "status": status.value,
            "code": code,
            "detail": detail,
        }
        if field:
            said["field"] = field
        self.answer = FeedAnswer(status, msgspec.json.encode(said), PROBLEM, headers)


def unavailable() -> FeedProblem:
    """The database does not answer: never an older state instead."""
    return FeedProblem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "The firm cannot be read at the moment. Ask again in as many seconds as Retry-After says.",
        headers=(("Retry-After", "2"),),
    )


def moved(to: FirmMoved) -> FeedProblem:
    """The firm of the token has left."""
    where = to.address or "where whoever runs Ringfence says"
    return FeedProblem(
        HTTPStatus.MISDIRECTED_REQUEST,
        "moved",
        f"The firm has moved: ask at {where}, with the same token, and go on after the same place.",
    )


def no_token() -> FeedProblem:
    """Nothing says who asks, or it lets nobody in: all of it is one answer."""
    return FeedProblem(
        HTTPStatus.UNAUTHORIZED,
        "no_token",
        "Send Authorization: Bearer and a token of the firm that stands, from where it may be used.",
        headers=(("WWW-Authenticate", 'Bearer realm="Ringfence"'),),
    )


def asked(query: str) -> FeedQuestion:
    """What the text after the question mark asks for; raises `FeedProblem`."""
    given: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in {"after", "limit", "wait", "only"}:
            raise _unfit(name, "There is no such parameter: use after, limit, wait and only.")
        if name in given:
            raise _unfit(name, "It is given twice: give it once.")
        given[name] = value
    try:
        place = FeedPlace.read(given.get("after", "0"))
    except UnfitPlace as unfit:
        raise _unfit("after", "Give the number of an entry, or what the last answer called next.") from unfit
    only = frozenset(part for part in given.get("only", "").split(",") if part)
    if unknown := only.difference(FAMILIES):
        raise _unfit("only", f"There is no {min(unknown)!r}: use some of {', '.join(FAMILIES)}.")
    return FeedQuestion(
        place=place,
        limit=_number(given, "limit", USUAL_EVENTS, 1, MOST_EVENTS),
        wait=_number(given, "wait", 0, 0, MOST_SECONDS),
        families=only,
    )


def _number(given: dict[str, str], name: str, usual: int, least: int, most: int) -> int:
    value = given.get(name)
    if value is None:
        return usual
    if not (value.isascii() and value.isdecimal() and len(value) < 10 and least <= int(value) <= most):
        raise _unfit(name, f"Give a whole number from {least} to {most}.")
    return int(value)


def _unfit(field: str, detail: str) -> FeedProblem:
    return FeedProblem(HTTPStatus.BAD_REQUEST, "unreadable", detail, field=field)


class _Page(msgspec.Struct, frozen=True, kw_only=True):
    events: list[msgspec.Raw]
    next: str
    more: bool
    version: int


def events_answer(told: ToldEvents) -> FeedAnswer:
    """The events, and from where to go on."""
    page = _Page(
        events=[msgspec.Raw(as_cloudevent(event)) for event in told.events],
        next=str(told.next),
        more=told.more,
        version=told.version,
    )
    version = (("Ringfence-Version", str(told.version)),)
    return FeedAnswer(HTTPStatus.OK, msgspec.json.encode(page), JSON, version)
