"""What is asked, as JSON objects of the standard. No network here."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from .answers import NotAdmitted

EVALUATION = "/access/v1/evaluation"
EVALUATIONS = "/access/v1/evaluations"
CLIENTS = "/access/v1/search/resource"
AT_ONCE = 1000
"""Questions in one request, and clients on one page."""


class Question(NamedTuple):
    """May this user do this to that client?"""

    user: str
    """An e-mail address, an external id, or ``id:7``."""
    client: str
    """A client reference, or ``id:1042``."""
    action: str = "view"
    """``view``, ``edit``, ``remove``, ``share``, or what your firm calls them."""
    kind: str = "client"
    """The type of the resource: ``client``, ``engagement``, or what your firm calls them."""


def evaluation(question: Question) -> dict[str, Any]:
    """One question."""
    return {
        "subject": {"type": "user", "id": question.user},
        "action": {"name": question.action},
        "resource": {"type": question.kind, "id": question.client},
    }


def evaluations(questions: Iterable[Question]) -> Iterator[dict[str, Any]]:
    """Many questions, as many requests as they need."""
    rest = iter(questions)
    while some := list(islice(rest, AT_ONCE)):
        yield {"evaluations": [evaluation(question) for question in some]}


class Search(NamedTuple):
    """Which clients may this user open?"""

    user: str
    action: str = "view"
    text: str = ""
    """Only clients whose name or reference has it."""
    service: str = ""
    """Only clients with this service."""
    sort: str = "name"
    """``name`` or ``reference``."""

    def page(self, token: str = "", limit: int | None = None) -> dict[str, Any]:
        """The request for the page that a token names; the first one without. By itself as long as can be."""
        properties = {"text": self.text, "service": self.service, "sort": self.sort}
        return {
            "subject": {"type": "user", "id": self.user},
            "action": {"name": self.action},
            "resource": {"type": "client"},
            "page": {"token": token, "limit": limit or AT_ONCE, "properties": properties},
        }


def bearer(token: str) -> dict[str, str]:
    """The header with the token; raises `NotAdmitted` for a text that can be none, and never tells it."""
    text = token.strip()
    if not text or not text.isascii() or not text.isprintable():
        fault = "holds what no token has" if text else "is empty"
        raise NotAdmitted(f"The token {fault}. Give it as it was shown when it was made: ringfence_…")
    return {"Authorization": f"Bearer {text}"}


def headers(at_least: int | None, max_age: int | None) -> dict[str, str]:
    """How new the answer must be; by itself it is never older than the question."""
    found = {}
    if at_least is not None:
        found["Ringfence-At-Least"] = str(at_least)
    if max_age is not None:
        found["Ringfence-Max-Age"] = str(max_age)
    return found


def next_token(body: Mapping[str, Any]) -> str:
    """What names the next page; empty after the last one."""
    page = body.get("page") or {}
    return str(page.get("next_token") or "")
