"""Software that speaks the draft AuthZEN profile of access requests, with the token of one member."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from django.test import Client

from ringfence.core.commands import definitions as w
from ringfence.core.terms import Scope
from ringfence.decide.app import DecisionService
from tests.decide.asking import Caller, Reply, caller, question
from tests.decide.firm_asked import Firm

ADDRESS, DECISIONS = "https://ringfence.example", "https://decide.example"
ENDPOINT = f"{ADDRESS}/api/v1/access-requests"
ASKING = Scope.DECIDE | Scope.REQUEST
ERROR = "urn:openid:authzen:access-request:error:"
SECRET = "a secret key of this test, as long as it should be"


def let_them_ask(firm: Firm, environment: pytest.MonkeyPatch) -> None:
    """Members may ask for access to clients, of which they know the names."""
    environment.setenv("RINGFENCE_ADDRESS", ADDRESS)
    environment.setenv("RINGFENCE_DECIDE_ADDRESS", DECISIONS)
    environment.setenv("RINGFENCE_SECRET_KEY", SECRET)
    firm.cast.do(w.ChangeSettings(values={"requests": True, "inaccessible": "named", "levels": "four"}))


class Answered(NamedTuple):
    """What the endpoint answered."""

    status: int
    headers: Mapping[str, str]
    json: Any

    @property
    def problem(self) -> str:
        assert self.headers["content-type"] == "application/problem+json", self.json
        assert self.json["status"] == self.status
        return str(self.json["type"]).removeprefix(ERROR)


class Software(NamedTuple):
    """Software that speaks the profile, with the token of one member."""

    decides: Caller
    subject: str

    def ask(self, action: str, resource: str, **more: Any) -> Any:
        asked = {**question(self.subject, action, resource), **more}
        found: Reply = self.decides.post("/access/v1/evaluation", asked)
        assert found.status == 200, found.text
        return found.json

    def ask_about(self, resource: dict[str, Any]) -> Any:
        asked = {**question(self.subject, "view", ""), "resource": resource}
        return self.decides.post("/access/v1/evaluation", asked).json

    def submit(self, body: Any, **headers: str) -> Answered:
        return self.send("POST", ENDPOINT, body, **headers)

    def send(self, method: str, address: str, body: Any = None, **headers: str) -> Answered:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        response = Client(raise_request_exception=False).generic(
            method,
            address.removeprefix(ADDRESS),
            b"" if body is None else json.dumps(body).encode(),
            "application/json",
            headers={"authorization": f"Bearer {self.decides.token}", **sent},
        )
        told = {name.lower(): value for name, value in response.headers.items()}
        return Answered(response.status_code, told, json.loads(response.content or b"null"))

    def request(self, action: str = "view", resource: str = "ACME-1") -> tuple[Any, dict[str, Any]]:
        """What is refused, and the request for it."""
        refused = self.ask(action, resource)
        assert refused["decision"] is False
        return refused, submission(question(self.subject, action, resource), refused)


def submission(asked: dict[str, Any], refused: Any) -> dict[str, Any]:
    """As a client of the profile makes it of a denial."""
    context = refused["context"]
    return {
        **asked,
        "context": {"business_justification": "The return is due"},
        "denial": {
            "evaluation_id": context["evaluation_id"],
            "evaluated_at": context["evaluated_at"],
            "expires_at": context["access_request"]["expires_at"],
            "reason": context["reason"],
            "binding_token": context["access_request"]["binding_token"],
        },
    }


def software_of(service: DecisionService, firm: Firm, who: str, scopes: Scope = ASKING) -> Software:
    number = getattr(firm, who)
    made = caller(service, firm.cast, scopes, member=number, name=f"Software of {who}")
    return Software(made, firm.email(who))
