"""If-Match and Idempotency-Key: what rests on what was read, and what is done once."""

from __future__ import annotations

import pytest

from ringfence.access import entries, firm_state
from ringfence.access.ledger.noting import open_record
from ringfence.core.commands.definitions import AddService
from ringfence.firms.models import RepeatedAnswer
from tests.api.caller import Caller, caller_as
from tests.web.cast import CAI, FORTUNE, Cast, do, grouped

KEY = "8e03978e-40d5-43e8-bc93-6894a57f9324"


def test_a_change_that_rests_on_what_still_holds_is_made(cast: Cast, owen: Caller) -> None:
    tag = owen.get("/settings").headers["ETag"]
    assert owen.patch("/settings", {"requests": True}, if_match=tag).status == 200


def test_a_change_that_rests_on_what_is_past_is_not_made(cast: Cast, owen: Caller) -> None:
    tag = owen.get("/settings").headers["ETag"]
    do(cast.firm, AddService(name="Payroll"))
    found = owen.patch("/settings", {"requests": True}, if_match=tag)
    assert (found.status, found.code) == (412, "changed_meanwhile")
    assert owen.patch("/settings?preview=true", {"requests": True}, if_match=tag).status == 412
    assert firm_state(cast.firm).settings.requests is False
    assert owen.patch("/settings", {"requests": True}, if_match="*").status == 200


def test_what_was_only_noted_since_is_no_change(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    tag = owen.get("/settings").headers["ETag"]
    open_record(firm_state(cast.firm), member=CAI, client=FORTUNE)
    assert owen.patch("/settings", {"requests": True}, if_match=tag).status == 200


@pytest.mark.parametrize("tag", ["5", "abc", '"x"', '"5", x'])
def test_a_tag_that_is_none_of_ours_is_unreadable(owen: Caller, tag: str) -> None:
    found = owen.patch("/settings", {"requests": True}, if_match=tag)
    assert (found.status, found.body["field"]) == (400, "If-Match")


def test_a_repeated_request_is_done_once_and_answered_alike(cast: Cast, owen: Caller) -> None:
    body = {"service": "Payroll"}
    first = owen.post("/services", body, idempotency_key=KEY)
    again = owen.post("/services", body, idempotency_key=KEY)
    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert sum(entry.command == "service.add" for entry in entries(cast.firm)) == 3
    # Also on a firm that has changed since.
    do(cast.firm, AddService(name="Audit"))
    assert owen.post("/services", body, idempotency_key=KEY, if_match='"1"').body == first.body


def test_the_key_of_another_request_is_refused(cast: Cast, owen: Caller) -> None:
    assert owen.post("/services", {"service": "Payroll"}, idempotency_key=KEY).status == 201
    found = owen.post("/services", {"service": "Audit"}, idempotency_key=KEY)
    assert (found.status, found.code) == (422, "key_reused")


def test_keys_of_two_tokens_are_two(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    assert owen.post("/clients", {"client": "A"}, idempotency_key=KEY).status == 201
    assert caller_as(cast.firm, CAI).post("/clients", {"client": "A"}, idempotency_key=KEY).status == 201
    assert RepeatedAnswer.objects.count() == 2


def test_what_was_refused_is_tried_anew(cast: Cast, owen: Caller) -> None:
    assert owen.post("/services", {"service": "VAT"}, idempotency_key=KEY).status == 409
    assert owen.post("/services", {"service": "Payroll"}, idempotency_key=KEY).status == 201


def test_a_key_is_forgotten_after_a_day(cast: Cast, owen: Caller) -> None:
    assert owen.post("/services", {"service": "Payroll"}, idempotency_key=KEY).status == 201
    row = RepeatedAnswer.objects.get()
    row.at -= 25 * 3600 * 1_000_000
    row.save()
    assert owen.post("/services", {"service": "Payroll"}, idempotency_key=KEY).code == "name_taken"


@pytest.mark.parametrize("key", ["a b", "é", "x" * 129])
def test_a_key_that_cannot_be_kept_is_unreadable(owen: Caller, key: str) -> None:
    found = owen.post("/services", {"service": "Payroll"}, idempotency_key=key)
    assert (found.status, found.body["field"]) == (400, "Idempotency-Key")
