"""Asking the decision service in this process: a caller with a token, and what came back."""

import io
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from pyroaring import BitMap

from ringfence.access import Actor
from ringfence.access.tokens import make_token
from ringfence.core.commands import On
from ringfence.core.terms import Scope
from ringfence.decide.app import DecisionService
from tests.access.cast import ADMIN, Cast

EVERY = Scope.DECIDE | Scope.SEARCH | Scope.EXPLAIN
PLAIN = Scope.DECIDE | Scope.SEARCH


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""
    body: bytes

    @property
    def json(self) -> Any:
        assert self.headers["content-type"] == "application/json", self.body
        return msgspec.json.decode(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Caller(NamedTuple):
    """Software of a firm, with its token."""

    service: DecisionService
    token: str

    def post(self, path: str, body: Any, **headers: str) -> Reply:
        """Ask with a JSON body; headers as keywords with ``_`` for ``-``."""
        return self.post_raw(path, msgspec.json.encode(body), **headers)

    def post_raw(self, path: str, body: bytes, **headers: str) -> Reply:
        """Ask with these very bytes."""
        sent = {"Authorization": f"Bearer {self.token}", **_named(headers)}
        return ask(self.service, "POST", path, body, sent)

    def evaluate(
        self, subject: str, action: str, resource: str, *, kind: str = "client", **headers: str
    ) -> Any:
        """The answer to one question, which must be one."""
        found = self.post("/access/v1/evaluation", question(subject, action, resource, kind), **headers)
        assert found.status == 200, found.text
        return found.json


def question(subject: str, action: str, resource: str, kind: str = "client") -> dict[str, Any]:
    return {
        "subject": {"type": "user", "id": subject},
        "action": {"name": action},
        "resource": {"type": kind, "id": resource},
    }


def ask(service: DecisionService, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """One request as granian would bring it."""
    sent = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.input": io.BytesIO(body),
    }
    for name, value in sent.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    answer = service.answered(environ)
    return Reply(answer.status, {name.lower(): value for name, value in answer.headers}, answer.body)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def caller(
    service: DecisionService,
    cast: Cast,
    scopes: Scope = PLAIN,
    *,
    member: int = ADMIN,
    name: str = "Software",
) -> Caller:
    """Software with a new token that acts as the member."""
    made = make_token(cast.firm, actor=Actor(ADMIN), name=name, scopes=scopes, member=member)
    return Caller(service, made.text)


def on_clients(*numbers: int) -> On:
    return On(clients=BitMap(numbers))
