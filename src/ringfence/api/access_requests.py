"""Access asked for by other software: the endpoint and tasks of the draft AuthZEN Access Request and Approval
Profile 1.0 (June 2026).

A denial of the decision service says that it can be asked for (`decide/access_requests.py`); what comes back
here opens the member's own request, the one that pages show, and is answered by its task. Only a token with
the scope `request` is heard, for its own member alone (decision 57).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from ringfence.access import Refused
from ringfence.access.access_tasks import (
    SECOND,
    AccessTask,
    Denial,
    Ended,
    NotSigned,
    RequestOver,
    approval_of,
    denied,
    moment_text,
    open_task,
    task_named,
    task_opened,
    withdraw_task,
)
from ringfence.access.door import firm_state
from ringfence.access.ledger.requests import RequestState
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Instant, Scope
from ringfence.wording import problem_text
from ringfence.wording.saying import LazyText, gettext_lazy, in_words_of
from ringfence.wording.saying import gettext as _

from .caller import Caller, caller_of
from .problems import ApiProblem, invalid_answer, problem_written, refused_answer
from .repeating import Once, key_of
from .routes import VERSION
from .same_json import same_json

TYPE = "urn:openid:authzen:access-request:error:"
POLLING_SECONDS = 15
"""How long software is asked to wait before it asks about an open task again; people answer it."""

PROBLEMS: Mapping[str, tuple[HTTPStatus, LazyText]] = {
    "not_requestable": (HTTPStatus.BAD_REQUEST, gettext_lazy("This cannot be asked for.")),
    "expired_denial": (HTTPStatus.GONE, gettext_lazy("The refusal is too old to be asked for.")),
    "invalid_denial_binding": (HTTPStatus.BAD_REQUEST, gettext_lazy("This is not what was refused.")),
    "duplicate_request": (
        HTTPStatus.CONFLICT,
        gettext_lazy("The Idempotency-Key was used for another request."),
    ),
    "unknown_task": (HTTPStatus.NOT_FOUND, gettext_lazy("There is no such task, or it is somebody else’s.")),
    "task_expired": (HTTPStatus.GONE, gettext_lazy("The task is over.")),
    "invalid_task_state": (HTTPStatus.CONFLICT, gettext_lazy("The request has been answered or withdrawn.")),
}
"""Problems of the profile, with their status and what each is."""

STATUSES: Mapping[RequestState, tuple[str, LazyText, LazyText]] = {
    RequestState.OPEN: (
        "pending",
        gettext_lazy("Access was asked for"),
        gettext_lazy("Somebody who may share the [client] decides."),
    ),
    RequestState.GRANTED: (
        "approved",
        gettext_lazy("The request was granted"),
        gettext_lazy("Ask the question again."),
    ),
    RequestState.DECLINED: (
        "denied",
        gettext_lazy("The request was declined"),
        gettext_lazy("Nothing has changed."),
    ),
    RequestState.WITHDRAWN: (
        "cancelled",
        gettext_lazy("The request was withdrawn"),
        gettext_lazy("Nothing has changed."),
    ),
    RequestState.LAPSED: (
        "expired",
        gettext_lazy("The request has lapsed"),
        gettext_lazy("Nobody answered in time."),
    ),
}
"""Each state of a request: the status of its task, and what people are shown."""


class AskedEntity(msgspec.Struct, frozen=True):
    """A subject or resource as it was asked about."""

    type: str
    id: str
    properties: dict[str, Any] = {}

    @property
    def said(self) -> dict[str, Any]:
        return _said({"type": self.type, "id": self.id}, self.properties)


class AskedAction(msgspec.Struct, frozen=True):
    """An action as it was asked about."""

    name: str
    properties: dict[str, Any] = {}

    @property
    def said(self) -> dict[str, Any]:
        return _said({"name": self.name}, self.properties)


class DenialSaid(msgspec.Struct, frozen=True):
    """What was refused, as the refusal said it."""

    expires_at: str
    binding_token: str = ""
    evaluation_id: str = ""


class AccessWanted(msgspec.Struct, frozen=True):
    """What is asked for besides."""

    requested_until: str = ""


class Submission(msgspec.Struct, frozen=True):
    """A request for access as it comes over the wire."""

    subject: AskedEntity
    action: AskedAction
    resource: AskedEntity
    denial: DenialSaid
    context: dict[str, Any] = {}
    requested_access: AccessWanted = AccessWanted()
    client: dict[str, Any] = {}


_READ = msgspec.json.Decoder(Submission)


class NotTaken(Exception):
    """A problem of the profile, with what to do about it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def _answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have a view called with who asks, and its problems written as the profile has them."""

    def asked(request: HttpRequest, **given: Any) -> HttpResponse:
        caller = caller_of(request, Scope.REQUEST)
        with in_words_of(caller.now.settings):
            try:
                return view(request, caller, **given)
            except NotTaken as problem:
                status, title = PROBLEMS[problem.code]
                return problem_written(
                    problem.code, status, str(title), {"detail": problem.detail}, {}, kind=TYPE + problem.code
                )

    return asked


@_answered
def endpoint(request: HttpRequest, caller: Caller) -> HttpResponse:
    """POST: ask for what was refused."""
    _need_method(request, "POST")
    said = _submission(request.body)
    key = key_of(request.headers.get("Idempotency-Key", ""))
    once = Once(caller, match="", key=key, said={"access_request": _digest(request.body)})
    try:
        if (before := once.answered()) is not None:
            return _told(_opened(caller, before["entry"]), HTTPStatus.ACCEPTED)
        denial = _bound(caller, said)
        expires, reason = _until(said), _reason(said)
        if not reason:
            detail = _("context.business_justification: say why access is needed.")
            return invalid_answer(detail, [{"in": "body", "field": _REASON, "detail": detail}])
        done = once.carried_out(
            lambda beside: open_task(caller.acting, denial, expires=expires, reason=reason, beside=beside),
            lambda committed: {"entry": committed.version},
        )
    except ApiProblem as problem:
        if problem.code != "key_reused":
            raise
        raise NotTaken("duplicate_request", _("Use a new key for each new request.")) from problem
    except Refused as refused:
        if refused.refusal is Refusal.INVALID:
            return refused_answer(refused)
        raise NotTaken("not_requestable", problem_text(refused.problem, refused.limit)) from refused
    return _told(_opened(caller, done.answer["entry"]), HTTPStatus.ACCEPTED)


@_answered
def status(request: HttpRequest, caller: Caller, task: str) -> HttpResponse:
    """GET: how the request stands."""
    _need_method(request, "GET")
    return _told(_task(caller, task), HTTPStatus.OK)


@_answered
def cancel(request: HttpRequest, caller: Caller, task: str) -> HttpResponse:
    """POST or DELETE: take the request back."""
    _need_method(request, "POST", "DELETE")
    found = _task(caller, task)
    try:
        if found.standing is not RequestState.OPEN:
            raise RequestOver
        withdraw_task(caller.acting, found, _comment(request.body))
    except RequestOver as over:
        raise NotTaken("invalid_task_state", _("Ask about the task to see how it ended.")) from over
    return _told(_opened(caller, found.asked.entry), HTTPStatus.OK)


def _submission(body: bytes) -> Submission:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiProblem("unreadable", _("The body is not JSON: send an object.")) from error
    if isinstance(raw, dict):
        _refuse_what_is_not_served(raw)
    try:
        return _READ.decode(body)
    except msgspec.ValidationError as error:
        if str(error).endswith("`$.denial`") or "`denial`" in str(error):
            raise NotTaken("invalid_denial_binding", f"denial: {error}.") from error
        raise ApiProblem("unreadable", f"{error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiProblem("unreadable", _("The body is not JSON: send an object.")) from error


def _refuse_what_is_not_served(said: Mapping[str, Any]) -> None:
    """What would be passed over in silence, and be missed later."""
    client = said.get("client")
    if "items" in said:
        raise ApiProblem("unreadable", _("items: ask for one thing at a time."), field="items")
    if "callback" in said:
        detail = _("callback: nothing is sent there. Ask about the task, or add a webhook.")
        raise ApiProblem("unreadable", detail, field="callback")
    if isinstance(client, Mapping) and "actor" in client:
        detail = _("%(field)s: who else stands behind this cannot be proved here. Leave it out.")
        raise ApiProblem("unreadable", detail % {"field": "client.actor"}, field="client.actor")


def _bound(caller: Caller, said: Submission) -> Denial:
    """The denial that is asked about, proved to be ours and this one."""
    try:
        found = denied(caller.acting, said.denial.binding_token)
    except Ended as ended:
        raise NotTaken(
            "expired_denial", _("Ask the question again, and for access with its answer.")
        ) from ended
    except NotSigned as unsigned:
        detail = _("denial.binding_token: send it as the refusal of this person’s question had it.")
        raise NotTaken("invalid_denial_binding", detail) from unsigned
    said_of_it = (said.subject.said, said.action.said, said.resource.said)
    asked_of_it = (found.subject, found.action, found.resource)
    if not all(
        same_json(_unacted(one), _unacted(other)) for one, other in zip(said_of_it, asked_of_it, strict=True)
    ):
        detail = _("Send subject, action and resource as they were in the question that was refused.")
        raise NotTaken("invalid_denial_binding", detail)
    if said.denial.expires_at != moment_text(found.until) or said.denial.evaluation_id not in ("", found.id):
        detail = _("Send denial.expires_at and denial.evaluation_id as the refusal had them.")
        raise NotTaken("invalid_denial_binding", detail)
    return found


def _unacted(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without the actor, which software may have moved elsewhere meanwhile."""
    properties = {name: value for name, value in said.get("properties", {}).items() if name != "act"}
    rest = {name: value for name, value in said.items() if name != "properties"}
    return _said(rest, properties)


_REASON = "context.business_justification"


def _reason(said: Submission) -> str:
    found = said.context.get("business_justification")
    return found.strip() if isinstance(found, str) else ""


def _until(said: Submission) -> Instant | None:
    text = said.requested_access.requested_until
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError(text)
        return Instant(int(found.timestamp()) * SECOND)
    except (ValueError, OverflowError) as error:
        detail = _("requested_access.requested_until: write a moment such as 2026-12-31T17:00:00Z.")
        raise ApiProblem("unreadable", detail, field="requested_access.requested_until") from error


def _comment(body: bytes) -> str:
    """Why it is taken back, for the ledger."""
    try:
        found = json.loads(body) if body else {}
    except (ValueError, RecursionError) as error:
        raise ApiProblem("unreadable", _("The body is not JSON: send an object.")) from error
    comment = found.get("comment") if isinstance(found, dict) else None
    return comment if isinstance(comment, str) else ""


def _task(caller: Caller, name: str) -> AccessTask:
    found = task_named(caller.now, caller.member, name)
    if found is None:
        raise NotTaken("unknown_task", _("Send the address as the answer to the request had it."))
    if found.over:
        raise NotTaken("task_expired", _("Ask the question again to see how it is answered now."))
    return found


def _opened(caller: Caller, entry: int) -> AccessTask:
    """The task of an entry that may have come after the firm was read."""
    return task_opened(firm_state(caller.firm), caller.member, entry)


def _told(task: AccessTask, code: HTTPStatus) -> HttpResponse:
    word, title, description = STATUSES[task.standing]
    links = {"ticket": task.page}
    if task.standing is RequestState.OPEN:
        links["cancel"] = f"{task.address}/cancel"
    told: dict[str, Any] = {
        "task": {
            "id": task.id,
            "status": word,
            "status_endpoint": task.address,
            "expires_at": moment_text(task.ends // SECOND),
            "display": {"title": str(title), "description": str(description)},
            "links": links,
        }
    }
    if (approval := approval_of(task)) is not None:
        told["result"] = {"mode": "reevaluate", "approval": approval}
    answer = HttpResponse(json.dumps(told, ensure_ascii=False), status=code, content_type="application/json")
    if code is HTTPStatus.ACCEPTED:
        answer["Location"] = task.address
    if task.standing is RequestState.OPEN:
        answer["Retry-After"] = str(POLLING_SECONDS)
    end = task.asked.end
    answer[VERSION] = str(task.asked.entry if end is None else end.entry)
    return answer


def _need_method(request: HttpRequest, *methods: str) -> None:
    if request.method not in methods:
        raise ApiProblem("wrong_method", headers={"Allow": ", ".join(methods)})


def _digest(body: bytes) -> str:
    """The same for the same JSON, however it is spaced and ordered."""
    return hashlib.sha256(json.dumps(json.loads(body), sort_keys=True).encode()).hexdigest()


def _said(what: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    return {**what, "properties": dict(properties)} if properties else dict(what)
