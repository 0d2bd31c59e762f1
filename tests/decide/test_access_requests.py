"""Asking for access by other software: from a denial over the request to the answer that has changed.

The draft AuthZEN Access Request and Approval Profile 1.0 of June 2026, over the decision service and the
endpoint of the management API, on one firm.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import jwt
import pytest
from django.test import Client

from ringfence.access import Actor, firm_state
from ringfence.access.ledger.entries import entries
from ringfence.access.ledger.requests import last_request
from ringfence.core.commands import definitions as w
from ringfence.core.events import ByToken
from ringfence.core.terms import Instant, Level, Scope, member_subject
from ringfence.decide.app import DecisionService
from ringfence.store import requestable
from tests.access.cast import ADMIN
from tests.decide.asking import EVERY, Caller, Reply, ask, caller, on_clients, question
from tests.decide.firm_asked import Firm

ADDRESS, DECISIONS = "https://ringfence.example", "https://decide.example"
ENDPOINT = f"{ADDRESS}/api/v1/access-requests"
ASKING = Scope.DECIDE | Scope.REQUEST
ERROR = "urn:openid:authzen:access-request:error:"
SECRET = "a secret key of this test, as long as it should be"


@pytest.fixture
def asks(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """Members may ask for access to clients, of which they know the names."""
    monkeypatch.setenv("RINGFENCE_ADDRESS", ADDRESS)
    monkeypatch.setenv("RINGFENCE_DECIDE_ADDRESS", DECISIONS)
    monkeypatch.setenv("RINGFENCE_SECRET_KEY", SECRET)
    firm.cast.do(w.ChangeSettings(values={"requests": True, "inaccessible": "named", "levels": "four"}))
    return firm


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


@pytest.fixture
def dees(service: DecisionService, asks: Firm) -> Software:
    """Software with a token of Dee's, who can open nothing."""
    return software_of(service, asks, "dee")


@pytest.fixture
def task(dees: Software) -> Any:
    """The task of Dee's request to view Acme."""
    _refused, wanted = dees.request()
    found = dees.submit(wanted)
    assert found.status == 202, found.json
    return found.json["task"]


def test_access_is_asked_for_granted_and_had(dees: Software, asks: Firm) -> None:
    refused, wanted = dees.request("edit")
    told = refused["context"]["access_request"]
    assert told["endpoint"] == ENDPOINT
    assert told["request_schema_url"] == f"{DECISIONS}/access/v1/request-schema.json"
    submitted = dees.submit(wanted)
    assert submitted.status == 202
    task = submitted.json["task"]
    assert task["status"] == "pending"
    assert submitted.headers["location"] == task["status_endpoint"] == f"{ENDPOINT}/{task['id']}"
    assert task["links"]["ticket"] == f"{ADDRESS}/firms/{asks.cast.firm}/your-account/requests"
    waiting = dees.send("GET", task["status_endpoint"])
    assert (waiting.status, waiting.json) == (200, submitted.json)
    assert int(waiting.headers["retry-after"]) > 0

    asks.cast.do(w.GrantRequest(client=asks.acme, member=asks.dee))
    done = dees.send("GET", task["status_endpoint"]).json
    assert done["task"]["status"] == "approved"
    assert done["result"]["mode"] == "reevaluate"
    approval = done["result"]["approval"]
    assert datetime.fromisoformat(approval["approved_until"]) > datetime.now(UTC) + timedelta(days=29)
    answered = dees.ask("edit", "ACME-1", context={"approval": approval})
    assert answered["decision"] is True
    assert answered["context"]["approval"] == {
        "id": approval["id"],
        "approved_until": approval["approved_until"],
    }


def test_it_is_the_request_that_pages_know_and_the_ledger_names_the_token(
    dees: Software, task: Any, asks: Firm
) -> None:
    found = last_request(firm_state(asks.cast.firm), asks.acme, asks.dee)
    assert found is not None
    assert (found.level, found.reason, found.end) == (Level.READER, "The return is due", None)
    (entry,) = [each for each in entries(asks.cast.firm) if each.number == found.entry]
    assert (entry.command, entry.actor) == ("request.open", Actor(asks.dee))
    assert any(isinstance(event, ByToken) for event in entry.events)


def test_an_approval_decides_nothing(dees: Software, task: Any, asks: Firm) -> None:
    asks.cast.do(w.GrantRequest(client=asks.acme, member=asks.dee))
    approval = dees.send("GET", task["status_endpoint"]).json["result"]["approval"]
    asks.cast.do(w.RemoveGrant(to=(member_subject(asks.dee),), on=on_clients(asks.acme)))
    answered = dees.ask("view", "ACME-1", context={"approval": approval})
    assert answered["decision"] is False
    assert answered["context"]["next_action"] == "request"
    assert "access_request" in answered["context"]


@pytest.mark.parametrize("spoilt", ["other client", "other id", "no state", "a text", "signed by another"])
def test_an_approval_of_something_else_is_told_and_changes_nothing(
    dees: Software, task: Any, asks: Firm, spoilt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks.cast.do(w.GrantRequest(client=asks.acme, member=asks.dee))
    approval: Any = dees.send("GET", task["status_endpoint"]).json["result"]["approval"]
    match spoilt:
        case "other id":
            approval["id"] = "apr_another"
        case "no state":
            del approval["state"]
        case "a text":
            approval = approval["id"]
        case "signed by another":
            monkeypatch.setenv("RINGFENCE_SECRET_KEY", "another secret key, which is as long as it should be")
    refused = dees.ask("view", "BOOTS-2", context={"approval": approval})
    assert (refused["decision"], refused["context"]["next_action"]) == (False, "none")
    if spoilt != "other client":
        allowed = dees.ask("view", "ACME-1", context={"approval": approval})
        assert allowed["decision"] is True
        assert "approval" not in allowed["context"]


def test_an_approval_of_less_does_for_what_was_given_alone(dees: Software, asks: Firm) -> None:
    _refused, wanted = dees.request("edit")
    task = dees.submit(wanted).json["task"]
    asks.cast.do(w.GrantRequest(client=asks.acme, member=asks.dee, level=Level.READER))
    approval = dees.send("GET", task["status_endpoint"]).json["result"]["approval"]
    answered = dees.ask("edit", "ACME-1", context={"approval": approval})
    assert (answered["decision"], answered["context"]["next_action"]) == (False, "request")
    assert dees.ask("view", "ACME-1", context={"approval": approval})["decision"] is True


def test_an_approval_ends_with_the_access_that_was_given(dees: Software, asks: Firm) -> None:
    _refused, wanted = dees.request()
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    task = dees.submit({**wanted, "requested_access": {"requested_until": until.isoformat()}}).json["task"]
    found = last_request(firm_state(asks.cast.firm), asks.acme, asks.dee)
    assert found is not None
    assert found.expires == Instant(int(until.timestamp()) * 1_000_000)
    asks.cast.do(w.GrantRequest(client=asks.acme, member=asks.dee))
    approval = dees.send("GET", task["status_endpoint"]).json["result"]["approval"]
    assert datetime.fromisoformat(approval["approved_until"]) == until


@pytest.mark.parametrize(
    ("how", "status"),
    [("declined", "denied"), ("withdrawn", "cancelled"), ("lapsed", "expired"), ("left", "cancelled")],
)
def test_a_task_says_how_the_request_ended(
    dees: Software, task: Any, asks: Firm, how: str, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    match how:
        case "declined":
            asks.cast.do(w.DeclineRequest(client=asks.acme, member=asks.dee))
        case "withdrawn":
            asks.cast.do(w.WithdrawRequest(client=asks.acme), by=asks.dee)
        case "lapsed":
            # As the jobs do it once nobody has answered for so long.
            monkeypatch.setattr("ringfence.access.ledger.requests.LAPSE_DAYS", 0)
            asks.cast.do(w.DeclineRequest(client=asks.acme, member=asks.dee))
        case "left":
            asks.cast.do(w.RemoveClient(client=asks.acme))
    found = dees.send("GET", task["status_endpoint"])
    assert (found.status, found.json["task"]["status"]) == (200, status)
    assert "result" not in found.json
    assert "cancel" not in found.json["task"]["links"]
    assert "retry-after" not in found.headers


def test_a_request_is_taken_back_once(dees: Software, task: Any, asks: Firm) -> None:
    taken = dees.send("POST", task["links"]["cancel"], {"comment": "No longer needed"})
    assert (taken.status, taken.json["task"]["status"]) == (200, "cancelled")
    again = dees.send("DELETE", task["links"]["cancel"])
    assert (again.status, again.problem) == (409, "invalid_task_state")
    # A later request for the same client is another one, and the old task does not take it back.
    _refused, wanted = dees.request()
    later = dees.submit(wanted).json["task"]
    assert dees.send("POST", task["links"]["cancel"]).status == 409
    assert dees.send("GET", later["status_endpoint"]).json["task"]["status"] == "pending"


def test_a_request_sent_again_with_its_key_is_the_same_task(dees: Software, asks: Firm) -> None:
    _refused, wanted = dees.request()
    first = dees.submit(wanted, idempotency_key="one")
    spaced = dict(reversed(wanted.items()))
    assert dees.submit(spaced, idempotency_key="one").json == first.json
    other = {**wanted, "context": {"business_justification": "Another reason"}}
    assert dees.submit(other, idempotency_key="one").problem == "duplicate_request"
    assert sum(each.command == "request.open" for each in entries(asks.cast.firm)) == 1


def test_a_denial_that_was_asked_for_already_cannot_be_again(dees: Software, asks: Firm) -> None:
    _refused, wanted = dees.request()
    assert dees.submit(wanted).status == 202
    again = dees.submit(wanted)
    assert (again.status, again.problem) == (400, "not_requestable")
    assert "access_request" not in dees.ask("view", "ACME-1")["context"]


@pytest.mark.parametrize(
    "change",
    [
        {"resource": {"type": "client", "id": "BOOTS-2"}},
        {"action": {"name": "edit"}},
        {"subject": {"type": "user", "id": "ben@example.com"}},
        {"resource": {"type": "client", "id": "ACME-1", "properties": {"kept": True}}},
        {"denial": {"expires_at": "2099-01-01T00:00:00Z"}},
        {"denial": {"evaluation_id": "eval_another"}},
        {"denial": {"binding_token": ""}},
        {"denial": {"binding_token": "e30.e30.e30"}},
    ],
)
def test_what_is_asked_for_is_what_was_refused(
    dees: Software, asks: Firm, change: dict[str, dict[str, Any]]
) -> None:
    _refused, wanted = dees.request()
    ((name, value),) = change.items()
    changed = {**wanted, name: {**wanted[name], **value} if name == "denial" else value}
    found = dees.submit(changed)
    assert (found.status, found.problem) == (400, "invalid_denial_binding")
    assert last_request(firm_state(asks.cast.firm), asks.acme, asks.dee) is None


def test_without_what_was_refused_nothing_is_asked_for(dees: Software) -> None:
    _refused, wanted = dees.request()
    assert dees.submit({**wanted, "denial": None}).problem == "invalid_denial_binding"
    del wanted["denial"]
    assert dees.submit(wanted).problem == "invalid_denial_binding"


def test_properties_are_part_of_what_was_refused_but_for_the_actor(dees: Software) -> None:
    asked = question(dees.subject, "view", "ACME-1")
    asked["subject"]["properties"] = {"act": {"sub": "agent"}, "desk": 1}
    refused = dees.ask("view", "ACME-1", subject=asked["subject"])
    wanted = submission(asked, refused)
    wanted["subject"] = {**asked["subject"], "properties": {"desk": 2}}
    assert dees.submit(wanted).problem == "invalid_denial_binding"
    wanted["subject"] = {**asked["subject"], "properties": {"desk": 1.0}}
    assert dees.submit(wanted).status == 202


def test_a_refusal_is_asked_for_while_it_is_fresh(dees: Software, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.decide.access_requests.DENIAL_SECONDS", -1)
    _refused, wanted = dees.request()
    found = dees.submit(wanted)
    assert (found.status, found.problem) == (410, "expired_denial")


def test_what_was_signed_for_another_purpose_or_elsewhere_binds_nothing(
    dees: Software, asks: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refused, wanted = dees.request()
    monkeypatch.setattr(requestable, "BINDING", requestable.APPROVAL)
    _refused, other_kind = dees.request()
    monkeypatch.undo()
    monkeypatch.setenv("RINGFENCE_ADDRESS", ADDRESS)
    monkeypatch.setenv("RINGFENCE_SECRET_KEY", SECRET)
    monkeypatch.setenv("RINGFENCE_DECIDE_ADDRESS", "https://elsewhere.example")
    assert dees.submit(wanted).problem == "invalid_denial_binding"
    monkeypatch.setenv("RINGFENCE_DECIDE_ADDRESS", DECISIONS)
    assert dees.submit(other_kind).problem == "invalid_denial_binding"
    assert dees.submit(wanted).status == 202


def test_a_denial_of_one_member_is_not_asked_for_by_another(
    service: DecisionService, dees: Software, asks: Firm
) -> None:
    _refused, wanted = dees.request()
    bens = software_of(service, asks, "ben")
    assert bens.submit(wanted).problem == "invalid_denial_binding"


def test_a_task_is_told_to_its_own_member_alone(
    service: DecisionService, dees: Software, task: Any, asks: Firm
) -> None:
    bens = software_of(service, asks, "ben")
    for method, address in (("GET", task["status_endpoint"]), ("POST", task["links"]["cancel"])):
        found = bens.send(method, address)
        assert (found.status, found.problem) == (404, "unknown_task")
    again = Software(caller(service, asks.cast, ASKING, member=asks.dee, name="Another of Dee's"), "")
    assert again.send("GET", task["status_endpoint"]).status == 200


@pytest.mark.parametrize("name", ["arq_", "arq_AAAA", "1", "arq_" + "A" * 28, "arq_é", "x" * 300])
def test_an_id_that_is_none_is_no_task(dees: Software, task: Any, name: str) -> None:
    found = dees.send("GET", f"{ENDPOINT}/{name}")
    assert (found.status, found.problem) == (404, "unknown_task")


def test_an_id_with_the_right_entry_and_another_ending_is_no_task(dees: Software, task: Any) -> None:
    guessed = task["id"][:-1] + ("A" if task["id"][-1] != "A" else "B")
    assert dees.send("GET", f"{ENDPOINT}/{guessed}").problem == "unknown_task"


def test_a_task_that_is_over_is_not_answered(
    dees: Software, task: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfence.access.access_tasks.TASK_DAYS", 0)
    found = dees.send("GET", task["status_endpoint"])
    assert (found.status, found.problem) == (410, "task_expired")


@pytest.mark.parametrize("scopes", [Scope.DECIDE, EVERY, Scope.DECIDE | Scope.MANAGE])
def test_only_a_token_made_for_it_asks_for_access(
    service: DecisionService, dees: Software, asks: Firm, scopes: Scope
) -> None:
    _refused, wanted = dees.request()
    made = caller(service, asks.cast, Scope.DECIDE, member=asks.dee, name="Plain")
    plain = Software(made, asks.email("dee"))
    assert "access_request" not in plain.ask("view", "ACME-1")["context"]
    assert "request_at" in plain.ask("view", "ACME-1")["context"]
    found = plain.submit(wanted)
    assert (found.status, found.json["code"]) == (403, "scope_missing")
    assert 'error="insufficient_scope"' in found.headers["www-authenticate"]


def test_without_a_token_nothing_is_asked_for(dees: Software) -> None:
    _refused, wanted = dees.request()
    nobody = Software(Caller(dees.decides.service, "ringfence_none"), "")
    found = nobody.submit(wanted)
    assert (found.status, found.json["code"]) == (401, "no_token")
    assert "www-authenticate" in found.headers


def test_a_revoked_token_asks_for_nothing(dees: Software, asks: Firm) -> None:
    _refused, wanted = dees.request()
    (number,) = [
        number
        for number, token in firm_state(asks.cast.firm).moment.state.tokens.items()
        if token.member == asks.dee
    ]
    asks.cast.do(w.RevokeToken(token=number))
    assert dees.submit(wanted).status == 401


def test_an_administrators_software_is_told_of_the_page_alone(service: DecisionService, asks: Firm) -> None:
    made = caller(service, asks.cast, ASKING | EVERY, member=ADMIN)
    for _again in range(2):
        told = made.evaluate(asks.email("dee"), "view", "ACME-1")["context"]
        assert "request_at" in told
        assert not {"access_request", "evaluation_id"} & told.keys()


def test_a_hidden_client_is_refused_like_none(dees: Software, asks: Firm) -> None:
    asks.cast.do(w.ChangeSettings(values={"inaccessible": "hidden"}))
    assert dees.ask("view", "ACME-1") == dees.ask("view", "NOBODY-9")
    assert "access_request" not in dees.ask("view", "ACME-1")["context"]


def test_where_requests_were_turned_off_meanwhile_nothing_is_asked_for(dees: Software, asks: Firm) -> None:
    _refused, wanted = dees.request()
    asks.cast.do(w.ChangeSettings(values={"requests": False}))
    assert dees.submit(wanted).problem == "not_requestable"


def test_several_questions_are_each_refused_with_what_to_ask_for(dees: Software, asks: Firm) -> None:
    asked = [{"resource": {"type": "client", "id": each}} for each in ("ACME-1", "BOOTS-2", "NOBODY-9")]
    common = {"subject": {"type": "user", "id": dees.subject}, "action": {"name": "view"}}
    found = dees.decides.post("/access/v1/evaluations", {**common, "evaluations": asked}).json["evaluations"]
    assert ["access_request" in each["context"] for each in found] == [True, True, False]
    wanted = submission({**common, **asked[1]}, found[1])
    assert dees.submit(wanted).status == 202
    assert last_request(firm_state(asks.cast.firm), asks.boots, asks.dee) is not None


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"context": {}}, 422, "context.business_justification"),
        ({"context": {"business_justification": "  "}}, 422, "context.business_justification"),
        ({"requested_access": {"requested_until": "tomorrow"}}, 400, "requested_until"),
        ({"requested_access": {"requested_until": "2099-01-01T00:00:00"}}, 400, "requested_until"),
        ({"requested_access": {"requested_until": "2001-01-01T00:00:00Z"}}, 422, ""),
        ({"items": []}, 400, "items"),
        ({"callback": {"endpoint": "https://pep.example/"}}, 400, "callback"),
        ({"client": {"actor": {"id": "agent"}}}, 400, "client.actor"),
        ({"subject": "Dee"}, 400, "subject"),
    ],
)
def test_what_cannot_be_done_is_said(
    dees: Software, asks: Firm, change: dict[str, Any], status: int, said: str
) -> None:
    _refused, wanted = dees.request()
    found = dees.submit({**wanted, **change})
    assert (found.status, found.headers["content-type"]) == (status, "application/problem+json")
    assert said in found.json["detail"]
    assert last_request(firm_state(asks.cast.firm), asks.acme, asks.dee) is None


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"1", b'{"denial": {}}'])
def test_a_body_that_is_no_request_is_a_problem(dees: Software, body: bytes) -> None:
    response = Client(raise_request_exception=False).generic(
        "POST",
        "/api/v1/access-requests",
        body,
        "application/json",
        headers={"authorization": f"Bearer {dees.decides.token}"},
    )
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("GET", "", "POST"), ("POST", "/arq_x", "GET"), ("GET", "/arq_x/cancel", "POST, DELETE")],
)
def test_addresses_take_their_methods_alone(dees: Software, method: str, path: str, allow: str) -> None:
    found = dees.send(method, ENDPOINT + path)
    assert (found.status, found.headers["allow"]) == (405, allow)


def test_the_profile_is_found_by_its_metadata(service: DecisionService, asks: Firm) -> None:
    found = ask(service, "GET", "/.well-known/authzen-configuration", b"", {}).json
    assert found["access_request_endpoint"] == ENDPOINT
    assert found["jwks_uri"] == f"{DECISIONS}/access/v1/jwks"
    assert "urn:openid:authzen:capability:access-request" in found["capabilities"]


def test_what_is_signed_is_verified_with_the_published_keys(service: DecisionService, dees: Software) -> None:
    refused, _wanted = dees.request()
    token = refused["context"]["access_request"]["binding_token"]
    keys = jwt.PyJWKSet.from_dict(ask(service, "GET", "/access/v1/jwks", b"", {}).json)
    header = jwt.get_unverified_header(token)
    key = keys[header["kid"]]
    claims = jwt.decode(token, key, algorithms=["EdDSA"], audience=ENDPOINT, issuer=DECISIONS)
    assert claims["denial_expires_at"] == refused["context"]["access_request"]["expires_at"]
    assert claims["jti"] == refused["context"]["evaluation_id"]
    assert claims["resource"] == {"type": "client", "id": "ACME-1"}
    assert claims["binding_context_members"] == []
    assert key.key_type == "OKP"
    assert "d" not in keys.keys[0]._jwk_data


def test_without_the_secret_key_nothing_is_signed_and_the_page_is_named(
    dees: Software, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, service: DecisionService
) -> None:
    monkeypatch.delenv("RINGFENCE_SECRET_KEY")
    monkeypatch.setenv("RINGFENCE_DATA", str(tmp_path))
    told = dees.ask("view", "ACME-1")["context"]
    assert "request_at" in told
    assert "access_request" not in told
    assert ask(service, "GET", "/access/v1/jwks", b"", {}).json == {"keys": []}
    (tmp_path / "secret-key").write_text("the key that the first start has written\n")
    assert "access_request" in dees.ask("view", "ACME-1")["context"]


def test_the_schema_says_what_a_request_needs(service: DecisionService) -> None:
    found = ask(service, "GET", "/access/v1/request-schema.json", b"", {}).json
    assert found["properties"]["context"]["required"] == ["business_justification"]


def test_subject_and_resource_too_long_to_be_carried_are_asked_for_on_the_page(dees: Software) -> None:
    long = {"type": "client", "id": "ACME-1", "properties": {"note": "x" * 3_000}}
    told = dees.ask_about(long)["context"]
    assert "request_at" in told
    assert "access_request" not in told
