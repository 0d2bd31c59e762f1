"""What is refused of requests for access by other software, and what is told then.

The draft AuthZEN Access Request and Approval Profile 1.0 of June 2026, over the decision service and the
endpoint of the management API, on one firm.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from ringfence.access import firm_state
from ringfence.access.ledger.requests import last_request
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Scope
from ringfence.decide.app import DecisionService
from ringfence.store import requestable
from tests.access.cast import ADMIN
from tests.decide.asking import EVERY, Caller, caller, question
from tests.decide.asking_for_access import (
    ADDRESS,
    ASKING,
    DECISIONS,
    ENDPOINT,
    SECRET,
    Software,
    software_of,
    submission,
)
from tests.decide.firm_asked import Firm


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


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff", b"1", b'{"denial": {}}', b"[" * 100_000], ids=range(7)
)
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
