"""Asking for access by other software: from a denial over the request to the answer that has changed.

The draft AuthZEN Access Request and Approval Profile 1.0 of June 2026, over the decision service and the
endpoint of the management API, on one firm.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from ringfence.access import Actor, firm_state
from ringfence.access.ledger.entries import entries
from ringfence.access.ledger.requests import last_request
from ringfence.core.commands import definitions as w
from ringfence.core.events import ByToken
from ringfence.core.terms import Instant, Level, member_subject
from ringfence.decide.app import DecisionService
from tests.decide.asking import ask, on_clients
from tests.decide.asking_for_access import (
    ADDRESS,
    DECISIONS,
    ENDPOINT,
    Software,
)
from tests.decide.firm_asked import Firm


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
