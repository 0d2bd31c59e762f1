"""Requests that come at the same moment, over tables and locks as they really are."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from ringfence.access import entries, firm_state
from tests.access.cast import found
from tests.api.caller import Answer, Caller, caller_as

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

AT_ONCE = 4


def together(ask: Callable[[Caller, int], Answer], token: str) -> list[Answer]:
    """What each of several callers with one token is answered who ask at the same moment."""
    begin, answers = threading.Barrier(AT_ONCE), list[Answer]()

    def one(number: int) -> None:
        begin.wait(30)
        try:
            answers.append(ask(Caller(token), number))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_a_request_sent_several_times_at_once_is_done_once() -> None:
    firm = found().firm
    token = caller_as(firm, 1).token
    answers = together(
        lambda caller, _number: caller.post("/groups", {"group": "Team A"}, idempotency_key="one"), token
    )
    assert [answer.status for answer in answers] == [201] * AT_ONCE
    assert len({str(answer.body) for answer in answers}) == 1
    assert sum(entry.command == "group.create" for entry in entries(firm)) == 1


def test_a_batch_sent_several_times_at_once_is_done_once() -> None:
    firm = found().firm
    token = caller_as(firm, 1).token
    body = {"commands": [{"do": "group.create", "with": {"group": "Team A"}}]}
    answers = together(lambda caller, _number: caller.post("/batches", body, idempotency_key="one"), token)
    assert [answer.status for answer in answers] == [200] * AT_ONCE
    assert len({str(answer.body) for answer in answers}) == 1
    assert sum(entry.command == "group.create" for entry in entries(firm)) == 1


def test_of_changes_that_rest_on_one_reading_one_is_made() -> None:
    firm = found().firm
    token = caller_as(firm, 1).token
    tag = Caller(token).get("/settings").headers["ETag"]
    before = len(firm_state(firm).groups)
    answers = together(
        lambda caller, number: caller.post("/groups", {"group": f"Team {number}"}, if_match=tag), token
    )
    assert sorted(answer.status for answer in answers) == [201, *[412] * (AT_ONCE - 1)]
    assert len(firm_state(firm).groups) == before + 1
