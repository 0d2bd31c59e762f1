"""The evaluations of a request: one, or several with what they have in common (AuthZEN 1.0, 6 and 7)."""

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import TypeVar

import msgspec

from .answering import DecisionAnswer, answer, answer_key, refused
from .asking import CLIENT, FirmAsked
from .problems import NotAnswered, unfit
from .reevaluating import reevaluated
from .wire import (
    MOST_EVALUATIONS,
    ActionAsked,
    DoubtfulEvaluations,
    Entity,
    EvaluationAsked,
    EvaluationPart,
    Evaluations,
    read,
    reader,
)

T = TypeVar("T", Entity, ActionAsked)

_EVALUATIONS = reader(Evaluations)
_DOUBTFUL = reader(DoubtfulEvaluations)
_PART = reader(EvaluationPart)

read_one = partial(read, reader(EvaluationAsked))
"""The request of `/evaluation` in its body; raises `NotAnswered` 400."""

APPROVAL = "approval"
"""In the context of a question that is asked again after access was asked for."""
MANY = 20
"""Questions from which on it is worth it to look up their clients together."""
ALL, DENY, PERMIT = "execute_all", "deny_on_first_deny", "permit_on_first_permit"
_ENDS_WITH = {ALL: None, DENY: False, PERMIT: True}
"""After which answer no further one is given."""


Several = Evaluations | DoubtfulEvaluations


class Evaluated(msgspec.Struct, frozen=True):
    """The body of the response, and each answer in it."""

    body: bytes
    answers: list[DecisionAnswer]


def read_several(body: bytes) -> Several:
    """The request of `/evaluations`; raises `NotAnswered` 400, 413."""
    found: Several
    try:
        found = _EVALUATIONS.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        found = read(_DOUBTFUL, body)
    if len(found.evaluations) > MOST_EVALUATIONS:
        raise NotAnswered(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"evaluations: {len(found.evaluations):,} are too many. Send {MOST_EVALUATIONS:,} at most.",
        )
    if found.options.evaluations_semantic not in _ENDS_WITH:
        raise unfit(f"options.evaluations_semantic: write one of {', '.join(_ENDS_WITH)}.")
    if not found.evaluations:
        # Without a list it is a single question, which must be whole.
        read_one(body)
    return found


def evaluate(asking: FirmAsked, asked: EvaluationAsked) -> Evaluated:
    """One question."""
    found = answer(asking, asked.subject, asked.action, asked.resource)
    if APPROVAL in asked.context:
        found = reevaluated(asking, found, asked.context[APPROVAL])
    return Evaluated(found.with_version(asking.kept.version), [found])


def evaluate_several(asking: FirmAsked, asked: Several) -> Evaluated:
    """All questions of a list, or as many as its semantic wants, in their order. None is one question."""
    if not asked.evaluations:
        assert asked.subject is not None
        assert asked.action is not None
        assert asked.resource is not None
        return evaluate(asking, EvaluationAsked(asked.subject, asked.action, asked.resource, asked.context))
    last = _ENDS_WITH[asked.options.evaluations_semantic]
    if isinstance(asked, DoubtfulEvaluations):
        answers = [*_until(last, (_one_of(asking, asked, raw) for raw in asked.evaluations))]
    elif last is None:
        answers = _all(asking, asked)
    else:
        answers = [*_until(last, (_one_of(asking, asked, part) for part in asked.evaluations))]
    parts = b",".join([each.body for each in answers])
    body = b'{"context":{"version":%d},"evaluations":[%b]}' % (asking.kept.version, parts)
    return Evaluated(body, answers)


def _until(last: bool | None, answers: Iterator[DecisionAnswer]) -> Iterator[DecisionAnswer]:
    """The answers up to the first that says this; all for None."""
    for found in answers:
        yield found
        if found.allowed is last:
            return


def _all(asking: FirmAsked, asked: Evaluations) -> list[DecisionAnswer]:
    """The answers to questions that can all be read: most were given before, and lie there."""
    given, ahead = asking.answers, False
    common, deed, thing = asked.subject, asked.action, asked.resource
    answers = []
    for part in asked.evaluations:
        subject, action, resource = part.subject or common, part.action or deed, part.resource or thing
        if subject is None or action is None or resource is None:
            answers.append(_one_of(asking, asked, part))
            continue
        found = given.get(answer_key(subject, action, resource))
        if found is None or action.properties:
            if not ahead:
                _look_up_ahead(asking, asked)
                ahead = True
            found = answer(asking, subject, action, resource)
        answers.append(found)
    return answers


def _look_up_ahead(asking: FirmAsked, asked: Evaluations) -> None:
    """Many clients are found with one question to the database."""
    parts = [part.resource for part in asked.evaluations if part.resource is not None]
    types = {kind for kind in {each.type for each in parts} if asking.kind(kind) == CLIENT}
    wanted = [each.id for each in parts if each.type in types]
    if len(wanted) >= MANY:
        asking.kept.texts.look_up_clients(asking.source, wanted)


def _one_of(asking: FirmAsked, asked: Several, part: EvaluationPart | msgspec.Raw) -> DecisionAnswer:
    """A question that is wrong is that question's own error, and a denial."""
    try:
        if not isinstance(part, EvaluationPart):
            part = read(_PART, bytes(part))
        return answer(
            asking,
            _given("subject", part.subject, asked.subject),
            _given("action", part.action, asked.action),
            _given("resource", part.resource, asked.resource),
        )
    except NotAnswered as problem:
        return refused(problem.text, problem.status)


def _given(field: str, own: T | None, common: T | None) -> T:
    found = own if own is not None else common
    if found is None:
        raise unfit(f"{field}: it is missing, and stands beside evaluations neither.")
    return found
