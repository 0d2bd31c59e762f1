"""Webhooks over the API, as on pages: added, changed, paused, resumed, removed; their log and secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ringfence.access import Actor, entries
from ringfence.access.webhooks import MOST_WEBHOOKS, add_webhook, webhook_numbered
from ringfence.core.events import ByToken, WebhookNoted
from ringfence.firms.models import RepeatedAnswer, WebhookDelivery
from tests.api.caller import Caller
from tests.web.cast import ADA, CAI, OWEN, Cast

ADDRESS = "https://documents.example/ringfence"


def add(caller: Caller, **more: Any) -> Any:
    found = caller.post("/webhooks", {"address": ADDRESS, **more})
    assert found.status == 201, found.body
    return found.body


def noted(cast: Cast) -> list[tuple[str, bool]]:
    """What was noted of webhooks, and whether with a token."""
    return [
        (event.did.value, any(isinstance(each, ByToken) for each in entry.events))
        for entry in entries(cast.firm)
        for event in entry.events
        if isinstance(event, WebhookNoted)
    ]


def test_one_is_added_with_its_secret_and_listed_without(cast: Cast, owen: Caller) -> None:
    made = add(owen, families=["access", "client"])
    assert made["secret"].startswith("whsec_")
    assert (made["state"], made["families"]) == ("active", ["access", "client"])
    (listed,) = owen.get("/webhooks").body["items"]
    assert listed == {name: value for name, value in made.items() if name != "secret"} | {
        name: listed[name] for name in ("behind", "sent_until")
    }
    assert owen.get(f"/webhooks/{made['id']}").body == listed
    assert owen.get(f"/webhooks/{made['id']}/secret").body["secret"] == made["secret"]
    assert noted(cast) == [("added", True)]


def test_one_goes_through_its_life_with_an_entry_for_each_step(cast: Cast, owen: Caller) -> None:
    made = add(owen)
    at = f"/webhooks/{made['id']}"
    changed = owen.put(at, {"address": f"{ADDRESS}/2", "families": ["grant"]}).body
    assert (changed["address"], changed["families"]) == (f"{ADDRESS}/2", ["grant"])
    assert owen.post(f"{at}/pause").body["state"] == "paused"
    assert owen.post(f"{at}/resume", {"skip": True}).body["behind"] <= 1
    rotated = owen.post(f"{at}/rotate").body["secret"]
    assert rotated not in ("", made["secret"])
    assert owen.delete(at).status == 200
    assert owen.get(at).status == 404
    assert owen.delete(at).status == 404
    assert noted(cast) == [
        (each, True) for each in ("added", "changed", "paused", "resumed", "rotated", "removed")
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"address": "http://documents.example/"}, "address"),
        ({"address": "https://user:secret@documents.example/"}, "address"),
        ({"address": "https://127.0.0.1/"}, "address"),
        ({"address": ADDRESS, "families": ["everything"]}, "families"),
        ({}, "address"),
        ({"address": ADDRESS, "more": 1}, "more"),
    ],
)
def test_what_is_wrong_with_one_is_said_and_none_is_added(
    cast: Cast, owen: Caller, body: dict[str, Any], said: str
) -> None:
    found = owen.post("/webhooks", body)
    assert (found.status, found.code) == (422, "invalid")
    assert said in str(found.body)
    assert owen.get("/webhooks").body["total"] == 0


def test_a_firm_has_so_many_and_no_more(cast: Cast, owen: Caller) -> None:
    for each in range(MOST_WEBHOOKS):
        add_webhook(cast.firm, f"{ADDRESS}/{each}", actor=Actor(OWEN))
    found = owen.post("/webhooks", {"address": ADDRESS})
    assert (found.status, found.code) == (409, "conflict")


@pytest.mark.parametrize("member", [ADA, CAI])
def test_who_does_not_manage_changes_none_and_is_told_no_secret(
    cast: Cast, caller: Callable[[int], Caller], member: int
) -> None:
    add_webhook(cast.firm, ADDRESS, actor=Actor(OWEN))
    theirs = caller(member)
    assert theirs.post("/webhooks", {"address": ADDRESS}).status == 403
    for method, path in (
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/pause"),
        ("POST", "/rotate"),
        ("POST", "/test"),
        ("GET", "/secret"),
    ):
        body = {"address": ADDRESS} if method == "PUT" else None
        assert theirs.ask(method, f"/webhooks/1{path}", body).status == 403, path
    assert theirs.get("/webhooks").status == (200 if member == ADA else 403)
    hook = webhook_numbered(cast.firm, 1)
    assert hook is not None
    assert hook.active


def test_the_log_is_listed_newest_first_and_an_event_is_sent_again(cast: Cast, owen: Caller) -> None:
    add(owen)
    for number in range(1, 4):
        WebhookDelivery.objects.create(
            firm_id=cast.firm,
            webhook=1,
            number=number,
            entry=2,
            part=0,
            type="ringfence.client.add",
            at=number,
            milliseconds=5,
            status=None if number == 2 else 204,
            fault="timeout" if number == 2 else "",
        )
    first = owen.get("/webhooks/1/deliveries?limit=2").body
    assert [each["id"] for each in first["items"]] == [3, 2]
    assert [each["taken"] for each in first["items"]] == [True, False]
    rest = owen.get(f"/webhooks/1/deliveries?limit=2&cursor={first['next']}").body
    assert ([each["id"] for each in rest["items"]], rest["total"], rest["next"]) == ([1], 3, None)
    assert owen.post("/webhooks/1/deliveries/2/resend").status == 202
    assert owen.post("/webhooks/1/deliveries/9/resend").status == 404
    assert owen.post("/webhooks/1/test").status == 202
    assert owen.post("/webhooks/9/test").status == 404


def test_a_change_with_a_key_is_made_once_and_told_again(cast: Cast, owen: Caller) -> None:
    key = "5d2c"
    made = owen.post("/webhooks", {"address": ADDRESS}, idempotency_key=key)
    again = owen.post("/webhooks", {"address": ADDRESS}, idempotency_key=key)
    assert (again.status, again.body["id"], again.body["secret"]) == (
        201,
        made.body["id"],
        made.body["secret"],
    )
    assert again.headers["Idempotency-Replayed"] == "true"
    assert owen.post("/webhooks", {"address": f"{ADDRESS}/2"}, idempotency_key=key).code == "key_reused"
    at = f"/webhooks/{made.body['id']}"
    assert [owen.delete(at, idempotency_key="6e").status for _again in range(2)] == [200, 200]
    assert noted(cast) == [("added", True), ("removed", True)]


def test_what_is_kept_of_a_change_with_a_key_is_no_secret(cast: Cast, owen: Caller) -> None:
    owen.post("/webhooks", {"address": ADDRESS}, idempotency_key="5d2c")
    (row,) = RepeatedAnswer.objects.values_list("answer", flat=True)
    assert row.keys() == {"webhook", "version"}


def test_one_is_changed_only_where_the_firm_is_as_it_was_read(cast: Cast, owen: Caller) -> None:
    at = f"/webhooks/{add(owen)['id']}"
    read = owen.get(at).headers["ETag"]
    assert owen.post("/services", {"service": "Payroll"}).status == 201
    assert owen.post(f"{at}/pause", if_match=read).code == "changed_meanwhile"
    assert owen.get(at).body["state"] == "active"
