"""The commands of docs/integrate.md and docs/changes.md, run as they are written, do what the pages say."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.access.changes import FAMILIES
from tests.clients.following import blocks
from tests.support.repository import ROOT, read

if TYPE_CHECKING:
    from tests.clients.following import Followed

pytestmark = pytest.mark.database


def test_the_first_decision_is_the_one_on_the_page(followed: Followed) -> None:
    (answer,) = followed.answers('"action":   {"name": "view"}')
    (shown,) = blocks("integrate.md", "json")
    assert _without_version(answer) == _without_version(json.loads(shown))


def test_many_questions_have_as_many_answers(followed: Followed) -> None:
    (answer,) = followed.answers("access/v1/evaluations")
    assert [each["decision"] for each in answer["evaluations"]] == [True, True]


def test_a_list_says_how_many_there_are_and_where_to_go_on(followed: Followed) -> None:
    (answer,) = followed.answers("search/resource")
    assert (answer["page"]["count"], answer["page"]["total"], len(answer["results"])) == (5, 9, 5)
    assert answer["page"]["next_token"]


def test_a_preview_says_who_would_lose_and_the_writes_are_done(followed: Followed) -> None:
    turned_on, group, preview, grant = followed.answers("control/turn-on")
    assert [each["command"] for each in (turned_on, group, grant)] == [
        "control.turn_on",
        "group.create",
        "grant.set",
    ]
    assert "Gwen Rees" in {each["member"]["name"] for each in preview["loses"]["first"]}
    assert preview["version"] == group["version"] == grant["version"] - 1


def test_a_note_is_written_and_listed(followed: Followed) -> None:
    written, listed = followed.answers('"kind": "note"')
    assert [each["id"] for each in listed["items"]] == [written["document"]]


def test_the_first_question_asked_again_is_allowed_once_access_was_granted(followed: Followed) -> None:
    assert (followed.again["decision"], followed.again["context"]["reason"]) == (True, "direct")


def test_what_was_granted_is_asked_for_again_with_its_approval(followed: Followed) -> None:
    granted, answer = followed.answers("APPROVAL=")
    assert granted["command"] == "request.grant"
    assert (answer["decision"], answer["context"]["level"]) == (True, "reader")
    assert "next_action" not in answer["context"]


def test_the_feed_tells_who_lost_the_client(followed: Followed) -> None:
    (answer,) = followed.answers("only=access")
    lost = [event["data"] for event in answer["events"] if event["type"] == "ringfence.access.lost"]
    assert [client["reference"] for client in lost[-1]["clients"]] == ["FOR500"]
    assert "gwen@ace.example" in {member["email"] for member in lost[-1]["members"]}


def test_the_page_names_all_that_can_be_asked_for_alone() -> None:
    (row,) = (line for line in read(ROOT / "docs/changes.md").splitlines() if line.startswith("| `only`"))
    assert tuple(re.findall(r"`(\w+)`", row)[1:]) == FAMILIES


def test_the_feed_goes_on_after_an_entry(followed: Followed) -> None:
    (answer,) = followed.answers("after=3")
    (shown,) = (each for each in blocks("changes.md", "json") if '"next"' in each)
    assert len(answer["events"]) == 2
    assert answer["next"] == json.loads(shown.replace("[…]", "[]"))["next"]


def test_access_is_asked_for_and_waits_for_its_answer(followed: Followed) -> None:
    _settings, refused = followed.answers("QUESTION=")
    assert refused["decision"] is False
    assert refused["context"]["access_request"]["binding_token"]
    asked, found = followed.answers("TASK=")
    assert asked == found
    assert found["task"]["status"] == "pending"


def test_every_command_is_run_and_the_others_print_nothing(followed: Followed) -> None:
    silent = [block for block, said in followed.said.items() if not said]
    assert all("curl" not in block for block in silent)
    assert len(silent) == 3


def test_the_python_of_the_page_asks(followed: Followed) -> None:
    (program,) = blocks("integrate.md", "python")
    names: dict[str, Any] = {"token": followed.token}
    exec(program.replace("http://127.0.0.1:8001", followed.decides), names)
    with names["ringfence"] as ringfence:
        assert not ringfence.check("gwen@ace.example", "FOR500", "edit")
        assert ringfence.check("gwen@ace.example", "VAL001", "edit")


def _without_version(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"context": answer["context"] | {"version": 0}}
