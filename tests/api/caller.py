"""Calls the API as other software does, with a real token; every answer is looked at on its way."""

from __future__ import annotations

import json
import os
from typing import Any

from django.test import Client

from ringfence.access import OPERATOR
from ringfence.access.tokens import make_token
from ringfence.core.terms import Scope

PROBLEM = "application/problem+json"
MEMBERS = {"type", "title", "status", "code", "detail"}
"""What every problem says."""


class Answer:
    """One answer, in JSON."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        self.body: Any = json.loads(response.content) if response.content else None

    @property
    def code(self) -> str:
        """The code of the problem."""
        assert self.status >= 400, self.body
        return str(self.body["code"])


class Caller:
    """Software with a token, or without one."""

    def __init__(self, token: str = "") -> None:
        self.token = token
        self._client = Client(raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.ask("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.ask("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.ask("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.ask("DELETE", path, None, **headers)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Headers as ``if_match``; a body that is bytes is sent as it is."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            named.setdefault("authorization", f"Bearer {self.token}")
        kind = named.pop("content-type", "application/json")
        response = self._client.generic(method, f"/api/v1{path}", content, kind, headers=named)
        answer = _looked_at(Answer(response))
        _tell(method, path, answer)
        return answer


def _looked_at(answer: Answer) -> Answer:
    if answer.status >= 400:
        assert answer.headers["Content-Type"] == PROBLEM
        assert answer.body.keys() >= MEMBERS
        assert answer.body["status"] == answer.status
        assert all(answer.body[member] for member in MEMBERS), answer.body
    else:
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["ETag"] == f'"{answer.headers["Ringfence-Version"]}"'
    assert "no-store" in answer.headers["Cache-Control"]
    return answer


def _tell(method: str, path: str, answer: Answer) -> None:
    """To `tools.api_answers`, which keeps some of them as examples."""
    heard = os.environ.get("RINGFENCE_TEST_API_ANSWERS")
    if heard and answer.status < 300 and "preview=true" not in path:
        with open(heard, "a", encoding="utf-8") as lines:
            lines.write(json.dumps([method, path.partition("?")[0], answer.body]) + "\n")


def caller_as(firm: int, member: int, scopes: Scope = Scope.MANAGE) -> Caller:
    """A caller with a token of the member's, which the operator has made."""
    made = make_token(firm, actor=OPERATOR, name=f"Token of {member} {scopes}", scopes=scopes, member=member)
    return Caller(made.text)
