"""The change feed as its readers meet it: answered at once or when something happens, and to nobody else."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.conf import settings

from ringfence.access import OPERATOR, create_firm, execute, firm_state
from ringfence.access.changes import FeedPlace, told_after
from ringfence.access.tokens import make_token
from ringfence.core.commands.definitions import (
    AddClient,
    AddMember,
    ChangeMember,
    ClientRow,
    DeactivateMember,
    RevokeToken,
)
from ringfence.core.terms import Role, Scope
from tests.cli.processes.feed import Feed, changes_process

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

OWEN, DILYS = 1, 2


@pytest.fixture
def firm(db: None) -> int:
    """Owen's firm, with Dilys, a second administrator."""
    made = create_firm("Pike", "kyc", admin_email="owen@pike.example", admin_name="Owen").firm
    dilys = AddMember(name="Dilys", email="dilys@pike.example", role=Role.ADMINISTRATOR)
    execute(made, dilys, actor=OPERATOR)
    return made


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Feed]:
    """One process for all tests: each has another ledger, and some firms the same number."""
    with changes_process(settings.DATABASE_URL, tmp_path_factory.mktemp("feed")) as found:
        yield found


def token(firm: int, scopes: Scope = Scope.CHANGES, member: int = DILYS) -> str:
    return make_token(firm, actor=OPERATOR, name="Documents", scopes=scopes, member=member).text


def add_client(firm: int, name: str) -> int:
    return execute(firm, AddClient(client=ClientRow(name=name)), actor=OPERATOR).version


def test_the_feed_from_token_to_events(feed: Feed, firm: int) -> None:
    text = token(firm)
    whole = told_after(firm, FeedPlace(0), limit=1000)
    first = feed.get("limit=2", text)
    assert first.status == 200
    assert [event["id"] for event in first.said["events"]] == [event.id for event in whole.events[:2]]
    assert first.said["more"]
    rest = feed.get(f"after={first.said['next']}&limit=1000", text)
    assert [event["id"] for event in rest.said["events"]] == [event.id for event in whole.events[2:]]
    assert (rest.said["next"], rest.said["more"]) == (str(whole.version), False)
    assert rest.headers["ringfence-version"] == str(whole.version)
    assert rest.headers["cache-control"] == "no-store"
    assert all(event["specversion"] == "1.0" for event in rest.said["events"])


def test_whoever_waits_is_answered_when_something_happens(feed: Feed, firm: int) -> None:
    text = token(firm)
    version = firm_state(firm).version
    waiting = [feed.waiting(f"after={version}&wait=30", text) for _ in range(20)]
    time.sleep(1)
    assert not any(each.answered for each in waiting)
    began = time.monotonic()
    add_client(firm, "Acme")
    answers = [each.answer() for each in waiting]
    assert time.monotonic() - began < 5
    assert {answer.status for answer in answers} == {200}
    assert {answer.said["events"][0]["type"] for answer in answers} == {"ringfence.client.add"}
    # The change is told with whose access it moved.
    assert answers[0].said["events"][1]["type"] == "ringfence.access.gained"


def test_whoever_waits_in_vain_is_told_so_when_the_time_is_over(feed: Feed, firm: int) -> None:
    text = token(firm)
    version = firm_state(firm).version
    began = time.monotonic()
    answer = feed.get(f"after={version}&wait=1", text)
    assert time.monotonic() - began >= 1
    assert (answer.status, answer.said["events"], answer.said["next"]) == (200, [], str(version))


def test_what_is_not_asked_for_does_not_end_the_waiting(feed: Feed, firm: int) -> None:
    text = token(firm)
    version = firm_state(firm).version
    waiting = feed.waiting(f"after={version}&wait=30&only=member", text)
    time.sleep(0.5)
    add_client(firm, "Acme")
    time.sleep(0.7)
    assert not waiting.answered
    execute(firm, AddMember(name="Gwen"), actor=OPERATOR)
    answer = waiting.answer()
    assert [event["type"] for event in answer.said["events"]] == ["ringfence.member.add"]


def test_a_token_that_was_revoked_while_its_reader_waited_reads_nothing(feed: Feed, firm: int) -> None:
    made = make_token(firm, actor=OPERATOR, name="Documents", scopes=Scope.CHANGES, member=DILYS)
    waiting = feed.waiting(f"after={made.committed.version}&wait=30", made.text)
    time.sleep(0.5)
    execute(firm, RevokeToken(token=made.number), actor=OPERATOR)
    assert waiting.answer().status == 401


def test_a_token_ends_with_its_member(feed: Feed, firm: int) -> None:
    text = token(firm)
    execute(firm, ChangeMember(member=DILYS, role=Role.STANDARD), actor=OPERATOR)
    refused = feed.get("after=0", text)
    assert (refused.status, refused.said["code"]) == (403, "not_permitted")
    execute(firm, DeactivateMember(member=DILYS), actor=OPERATOR)
    assert feed.get("after=0", text).status == 401


def test_without_the_scope_nothing_is_read(feed: Feed, firm: int) -> None:
    refused = feed.get("after=0", token(firm, Scope.DECIDE | Scope.MANAGE))
    assert (refused.status, refused.said["code"]) == (403, "scope_missing")
    assert refused.headers["www-authenticate"] == 'Bearer realm="Ringfence", error="insufficient_scope"'
    nobody = feed.get("after=0")
    assert (nobody.status, nobody.headers["www-authenticate"]) == (401, 'Bearer realm="Ringfence"')
    assert nobody.headers["content-type"] == "application/problem+json"


def test_bad_questions_are_told_what_to_do(feed: Feed, firm: int) -> None:
    text = token(firm)
    for query, field in (
        ("after=x", "after"),
        ("after=-1", "after"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("wait=61", "wait"),
        ("only=moon", "only"),
        ("since=3", "since"),
        ("after=1&after=2", "after"),
        ("after=%FF", "after"),
    ):
        answer = feed.get(query, text)
        assert (answer.status, answer.said["field"]) == (400, field), query
        assert answer.said["detail"]
    beyond = feed.get("after=1000000", text)
    assert (beyond.status, beyond.said["code"]) == (409, "place_unknown")
    assert feed.get(path="/api/v1/other", token=text).status == 404
    assert feed.get(path="/healthz").status == 200
    assert feed.get(path="/readyz").status == 200


def test_another_firms_changes_are_never_told(feed: Feed, firm: int) -> None:
    other = create_firm("Ward", "kyc", admin_email="w@ward.example", admin_name="Wil").firm
    text = token(other, member=1)
    waiting = feed.waiting(f"after={firm_state(other).version}&wait=2", text)
    time.sleep(0.5)
    add_client(firm, "Acme")
    assert waiting.answer().said["events"] == []
    uids = {event["source"] for event in feed.get("after=0", text).said["events"]}
    assert len(uids) == 1
