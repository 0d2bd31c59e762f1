"""The certification scenario of AuthZEN Authorization API 1.0 (2026), with a firm made for it.

All Core levels, Discovery and Properties. What software says of subjects and resources is ignored, and the
firm's own facts come to the same; what it says of an action counts where the firm describes it. Alice and Bob
go by the firm's external ids, and a record is a client.
"""

from typing import Any, NamedTuple

import pytest

from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import ActionName, SoftwareNames
from ringfence.decide.app import DecisionService
from tests.access.cast import Cast, found
from tests.decide.asking import Caller, ask, caller, on_clients
from tests.support.once import made_once

ALICE, BOB = "alice", "bob"
RECORD = "record"
NAMES = SoftwareNames(
    types={RECORD: "client"},
    actions=(
        ActionName("delete", "edit", (("soft", "true"),)),
        ActionName("delete", "remove", (("soft", "false"),)),
    ),
)
CONTEXT = {"time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"}

EVALUATION, EVALUATIONS = "/access/v1/evaluation", "/access/v1/evaluations"
SUBJECTS, RESOURCES, ACTIONS = (f"/access/v1/search/{kind}" for kind in ("subject", "resource", "action"))


class Fixture(NamedTuple):
    """The harness's own."""

    cast: Cast


def made() -> Fixture:
    """Alice edits record-1 and reads record-2; Bob reads record-1 and edits record-2."""
    cast = found("Certified", profile="planning")
    first, second = (cast.client(name, reference=name) for name in ("record-1", "record-2"))
    numbers = []
    for name in (ALICE, BOB):
        done = cast.do(w.AddMember(name=name.title(), email=f"{name}@example.com", external=name))
        numbers.append(done.after.last_member)
    alice, bob = numbers
    for member, client, level in (
        (alice, first, Level.EDITOR),
        (alice, second, Level.READER),
        (bob, first, Level.READER),
        (bob, second, Level.EDITOR),
    ):
        cast.grant(member_subject(member), on_clients(client), level)
    cast.do(w.SetNames(names=NAMES))
    return Fixture(cast)


@pytest.fixture
def harness(service: DecisionService) -> Caller:
    return caller(service, made_once("decide: certification", made).cast)


def user(name: str = "", **properties: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "user"}
    if name:
        found["id"] = name
    return {**found, "properties": properties} if properties else found


def record(name: str = "", **properties: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"type": RECORD}
    if name:
        found["id"] = name
    return {**found, "properties": properties} if properties else found


def action(name: str, **properties: Any) -> dict[str, Any]:
    return {"name": name, "properties": properties} if properties else {"name": name}


def ids(reply: Any, kind: str) -> set[str]:
    assert reply.status == 200, reply.text
    results = reply.json["results"]
    assert {one["type"] for one in results} <= {kind}
    return {one["id"] for one in results}


@pytest.mark.parametrize(
    ("subject", "name", "resource", "decision"),
    [
        (user(ALICE), "read", record("record-1"), True),
        (user(ALICE), "write", record("record-1"), True),
        (user(BOB), "read", record("record-1"), True),
        (user(BOB), "write", record("record-1"), False),
        (user(ALICE), "write", record("record-2", status="archived"), False),
        (user(BOB, role="admin"), "write", record("record-2", status="archived"), True),
    ],
)
@pytest.mark.parametrize("context", [None, CONTEXT])
def test_basic_decisions(
    harness: Caller, subject: Any, name: str, resource: Any, decision: bool, context: Any
) -> None:
    body = {"subject": subject, "action": action(name), "resource": resource}
    if context is not None:
        body["context"] = context
    for path in (EVALUATION, EVALUATIONS):
        for _again in range(2):
            reply = harness.post(path, body)
            assert (reply.status, reply.json["decision"]) == (200, decision)


@pytest.mark.parametrize(("soft", "decision"), [(True, True), (False, False)])
def test_an_action_may_mean_another_by_its_properties(harness: Caller, soft: bool, decision: bool) -> None:
    body = {
        "subject": user(ALICE),
        "action": action("delete", soft=soft),
        "resource": record("record-1"),
    }
    many = {**body, "evaluations": [{}, {"action": action("read")}]}
    for _again in range(2):
        assert harness.post(EVALUATION, body).json["decision"] is decision
        found = harness.post(EVALUATIONS, many).json["evaluations"]
        assert [one["decision"] for one in found] == [decision, True]


def test_basic_ignores_further_properties_and_unknown_fields(harness: Caller) -> None:
    body = {
        "subject": user(ALICE, department="Sales", role="manager"),
        "action": action("read", method="GET"),
        "resource": record("record-1", status="active", owner="bob"),
        "foo": "bar",
        "futureField": {"nested": True},
    }
    assert harness.post(EVALUATION, body).json["decision"] is True


@pytest.mark.parametrize(
    ("body", "decisions"),
    [
        (
            {
                "subject": user(BOB),
                "resource": record("record-1"),
                "evaluations": [{"action": action("read")}, {"action": action("write")}],
            },
            [True, False],
        ),
        (
            {
                "subject": user(ALICE),
                "action": action("write"),
                "evaluations": [
                    {"resource": record("record-1", status="active")},
                    {"resource": record("record-2", status="archived")},
                ],
            },
            [True, False],
        ),
        (
            {
                "action": action("write"),
                "resource": record("record-2", status="archived"),
                "evaluations": [{"subject": user(ALICE)}, {"subject": user(BOB, role="admin")}],
            },
            [False, True],
        ),
        (
            {
                "evaluations": [
                    {"subject": user(ALICE), "action": action("read"), "resource": record("record-1")},
                    {"subject": user(BOB), "action": action("write"), "resource": record("record-1")},
                ]
            },
            [True, False],
        ),
        (
            {
                "subject": user(ALICE),
                "action": action("read"),
                "context": CONTEXT,
                "evaluations": [
                    {"resource": record("record-1")},
                    {"resource": record("record-2"), "context": {"source": "batch-override"}},
                ],
            },
            [True, True],
        ),
        (
            {
                "subject": user(ALICE),
                "action": action("write"),
                "resource": record("record-1", status="active"),
                "evaluations": [{}, {"resource": record("record-2", status="archived")}],
            },
            [True, False],
        ),
    ],
)
def test_batch_decisions_come_in_their_order(harness: Caller, body: Any, decisions: list[bool]) -> None:
    found = harness.post(EVALUATIONS, body).json
    assert [one["decision"] for one in found["evaluations"]] == decisions
    assert "decision" not in found


@pytest.mark.parametrize("wrong", [{}, {"resource": {"type": RECORD}}, {"resource": 7}, 7, None])
def test_an_item_that_is_wrong_is_that_items_error(harness: Caller, wrong: Any) -> None:
    body = {
        "subject": user(ALICE),
        "action": action("read"),
        "options": {"evaluations_semantic": "execute_all"},
        "evaluations": [{"resource": record("record-1")}, wrong, {"resource": record("record-2")}],
    }
    found = harness.post(EVALUATIONS, body).json["evaluations"]
    assert [one["decision"] for one in found] == [True, False, True]
    assert found[1]["context"]["error"]["status"] == 400
    assert found[1]["context"]["error"]["message"]


@pytest.mark.parametrize(
    ("semantic", "decisions"),
    [
        ("execute_all", [True, False, True]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ],
)
def test_a_semantic_ends_where_it_is_decided(harness: Caller, semantic: str, decisions: list[bool]) -> None:
    body = {
        "subject": user(BOB),
        "action": action("write"),
        "options": {"evaluations_semantic": semantic, "another_option": "value"},
        "evaluations": [{"resource": record(each)} for each in ("record-2", "record-1", "record-2")],
    }
    found = harness.post(EVALUATIONS, body).json["evaluations"]
    assert [one["decision"] for one in found] == decisions


def test_a_semantic_that_is_none_is_400(harness: Caller) -> None:
    body = {"evaluations": [{}], "options": {"evaluations_semantic": "guess"}}
    assert harness.post(EVALUATIONS, body).status == 400


def test_an_empty_list_is_one_evaluation(harness: Caller) -> None:
    body = {"subject": user(ALICE), "action": action("read"), "resource": record("record-1")}
    assert harness.post(EVALUATIONS, {**body, "evaluations": []}).json["decision"] is True


@pytest.mark.parametrize("more", [{}, {"context": CONTEXT}, {"page": {"limit": 100}}])
def test_subject_search(harness: Caller, more: dict[str, Any]) -> None:
    body = {"subject": user(), "action": action("read"), "resource": record("record-1"), **more}
    assert {ALICE, BOB} <= ids(harness.post(SUBJECTS, body), "user")
    body["subject"] = user(ALICE)
    assert {ALICE, BOB} <= ids(harness.post(SUBJECTS, body), "user")
    archived = {**body, "action": action("write"), "resource": record("record-2", status="archived")}
    assert BOB in ids(harness.post(SUBJECTS, archived), "user")


@pytest.mark.parametrize("more", [{}, {"context": CONTEXT}, {"page": {"limit": 100}}])
def test_resource_search(harness: Caller, more: dict[str, Any]) -> None:
    body = {"subject": user(ALICE), "action": action("read"), "resource": record(), **more}
    whole = ids(harness.post(RESOURCES, body), RECORD)
    assert "record-1" in whole
    body["resource"] = record("record-1")
    assert ids(harness.post(RESOURCES, body), RECORD) == whole
    admin = {**body, "subject": user(BOB, role="admin"), "action": action("write")}
    assert "record-2" in ids(harness.post(RESOURCES, admin), RECORD)


@pytest.mark.parametrize("more", [{}, {"context": CONTEXT}])
def test_action_search(harness: Caller, more: dict[str, Any]) -> None:
    body = {"subject": user(ALICE), "resource": record("record-1"), **more}
    names = {one["name"] for one in harness.post(ACTIONS, body).json["results"]}
    assert {"read", "write"} <= names
    admin = {"subject": user(BOB, role="admin"), "resource": record("record-2", status="archived")}
    assert "write" in {one["name"] for one in harness.post(ACTIONS, admin).json["results"]}


def test_pages_of_a_search(harness: Caller) -> None:
    body = {"subject": user(), "action": action("read"), "resource": record("record-1")}
    first = harness.post(SUBJECTS, {**body, "page": {"limit": 1}}).json
    assert first["page"]["next_token"]
    second = harness.post(SUBJECTS, {**body, "page": {"token": first["page"]["next_token"]}}).json
    assert second["page"]["next_token"] == ""


def test_discovery(service: DecisionService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGFENCE_ADDRESS", "https://pdp.example.com")
    reply = ask(service, "GET", "/.well-known/authzen-configuration", b"", {})
    assert reply.json["policy_decision_point"] == "https://pdp.example.com"
    addresses = [value for value in reply.json.values() if isinstance(value, str)]
    assert all(value.startswith("https://pdp.example.com") for value in addresses)
