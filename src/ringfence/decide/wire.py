"""Requests as they come over the wire (OpenID AuthZEN Authorization API 1.0), and how they are read.

Unknown fields are ignored, as the standard wants it; what is missing or of another type is told with its
place and what to write instead.
"""

from typing import Any, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from .problems import NotAnswered, unfit

MOST_BYTES = 2**20
"""How long a body may be."""
MOST_EVALUATIONS = 10_000
"""How many evaluations one request may hold."""
MOST_RESULTS = 1_000
USUAL_RESULTS = 100
"""On one page of a search."""

T = TypeVar("T")
SeldomThere: TypeAlias = dict[str, Any] | UnsetType
"""An object that may be there. Where it is not, none is made: a request may hold thousands of questions."""


class Entity(msgspec.Struct, frozen=True, gc=False):
    """A subject or a resource. Its properties are what the caller believes; the firm's own facts decide."""

    type: str
    id: str
    properties: SeldomThere = UNSET


class Searched(msgspec.Struct, frozen=True, gc=False):
    """The entity that a search looks for: its kind alone. An `id` is ignored, as the standard wants it."""

    type: str
    properties: SeldomThere = UNSET


class ActionAsked(msgspec.Struct, frozen=True, gc=False):
    """An action: what is to be done to the resource."""

    name: str
    properties: dict[str, Any] = {}


class EvaluationAsked(msgspec.Struct, frozen=True, gc=False):
    """One question."""

    subject: Entity
    action: ActionAsked
    resource: Entity
    context: dict[str, Any] = {}


class EvaluationOptions(msgspec.Struct, frozen=True):
    """How several questions are to be answered."""

    evaluations_semantic: str = "execute_all"


class EvaluationPart(msgspec.Struct, frozen=True, gc=False):
    """One of several questions: what it does not say, it has in common with the others."""

    subject: Entity | None = None
    action: ActionAsked | None = None
    resource: Entity | None = None
    context: SeldomThere = UNSET


class Evaluations(msgspec.Struct, frozen=True):
    """Several questions with what they have in common."""

    subject: Entity | None = None
    action: ActionAsked | None = None
    resource: Entity | None = None
    context: dict[str, Any] = {}
    evaluations: list[EvaluationPart] = []
    options: EvaluationOptions = EvaluationOptions()


class DoubtfulEvaluations(msgspec.Struct, frozen=True):
    """The same where one of the questions may be wrong: each is to be read by itself."""

    subject: Entity | None = None
    action: ActionAsked | None = None
    resource: Entity | None = None
    context: dict[str, Any] = {}
    evaluations: list[msgspec.Raw] = []
    options: EvaluationOptions = EvaluationOptions()


class SearchPage(msgspec.Struct, frozen=True):
    """Which part of the results is wanted; `properties` has what the standard leaves to us."""

    token: str = ""
    limit: int = USUAL_RESULTS
    properties: dict[str, Any] = {}


class SubjectSearch(msgspec.Struct, frozen=True):
    """Who may do this to that?"""

    subject: Searched
    action: ActionAsked
    resource: Entity
    page: SearchPage = SearchPage()


class ResourceSearch(msgspec.Struct, frozen=True):
    """To what may this person do that?"""

    subject: Entity
    action: ActionAsked
    resource: Searched
    page: SearchPage = SearchPage()


class ActionSearch(msgspec.Struct, frozen=True):
    """What may this person do to that?"""

    subject: Entity
    resource: Entity
    page: SearchPage = SearchPage()


def reader(kind: type[T]) -> "msgspec.json.Decoder[T]":
    """A decoder of one kind of request."""
    return msgspec.json.Decoder(kind)


def read(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    """The request in a body; raises `NotAnswered` 400 that names the field."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise unfit(f"{_told(str(error))}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(body) from error


def not_json(body: bytes) -> NotAnswered:
    """400 for what is no JSON at all."""
    if not body:
        return unfit("The body is empty. Send a JSON object.")
    return unfit("The body is no JSON in UTF-8, or is nested too deep. Send a JSON object.")


def _told(fault: str) -> str:
    """msgspec says ``Object missing required field `id` - at `$.subject` ``; we put the place first."""
    what, _, place = fault.partition(" - at `")
    where = place.rstrip("`").removeprefix("$").removeprefix(".") or "The body"
    return f"{where}: {what[:1].lower()}{what[1:]}"
