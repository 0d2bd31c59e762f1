"""What a request must be: token, address, body; and what is said to one that is not."""

import time
from time import time_ns
from typing import Any

import msgspec
import pytest

from ringfence.access import Actor, execute, firm_state
from ringfence.access.connection import plain
from ringfence.access.tokens import make_token
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Instant, Scope
from ringfence.decide.app import SERVICES, DecisionService, WireAnswer
from ringfence.decide.rounds import AtOnce, Rounds, WholeBody
from ringfence.decide.wire import MOST_BYTES
from ringfence.store.shared_marks import Round
from ringfence.store.sources import StateUnavailable
from tests.access.cast import ADMIN
from tests.decide.asking import Caller, ask, caller, question
from tests.decide.firm_asked import Firm

EVALUATION = "/access/v1/evaluation"
EVALUATIONS = "/access/v1/evaluations"
DAY = 24 * 3600 * 1_000_000
"""In microseconds."""
WHOLE = question("ben@example.com", "view", "ACME-1")


def without(entity: str, field: str = "") -> dict[str, Any]:
    """The whole question without an entity, or without a field of it."""
    found: dict[str, Any] = {name: dict(value) for name, value in WHOLE.items()}
    if field:
        del found[entity][field]
    else:
        del found[entity]
    return found


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (without("subject"), "subject"),
        (without("action"), "action"),
        (without("resource"), "resource"),
        (without("subject", "type"), "subject"),
        (without("subject", "id"), "subject"),
        (without("action", "name"), "action"),
        (without("resource", "type"), "resource"),
        (without("resource", "id"), "resource"),
        ({**WHOLE, "subject": "ben"}, "subject"),
        ({**WHOLE, "action": {"name": 123}}, "action.name"),
        ({**WHOLE, "resource": {"type": "client", "id": None}}, "resource.id"),
        ({**WHOLE, "context": "now"}, "context"),
        ([], "body"),
    ],
)
def test_a_body_that_lacks_something_is_told_where(software: Caller, body: Any, place: str) -> None:
    for path in (EVALUATION, EVALUATIONS):
        found = software.post(path, body)
        assert found.status == 400
        assert place in found.text


@pytest.mark.parametrize("path", SERVICES)
@pytest.mark.parametrize(
    "raw", [b"", b"{", b"null", b"\xff{}", b"[" * 5000, b'{"a":"\xff"}', b'{"subject":{"type":"\x85"}}']
)
def test_a_body_that_is_no_json_object_is_told_so(software: Caller, path: str, raw: bytes) -> None:
    assert software.post_raw(path, raw).status == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_kind_of_body_is_400(software: Caller, kind: str) -> None:
    found = software.post(EVALUATION, WHOLE, Content_Type=kind)
    assert (found.status, "application/json" in found.text) == (400, True)


def test_a_character_set_may_stand_beside_the_kind(software: Caller, firm: Firm) -> None:
    assert software.evaluate(
        firm.email("ben"), "view", "ACME-1", Content_Type="application/JSON; charset=utf-8"
    )["decision"]


def test_unknown_fields_are_ignored(software: Caller, firm: Firm) -> None:
    body = {**question(firm.email("ben"), "view", "ACME-1"), "foo": "bar", "future": {"nested": True}}
    assert software.post(EVALUATION, body).json["decision"] is True


def test_a_body_that_is_too_long_is_413(software: Caller) -> None:
    assert software.post_raw(EVALUATION, b" " * (MOST_BYTES + 1)).status == 413


def test_the_id_of_a_request_comes_back_whatever_is_answered(
    software: Caller, service: DecisionService
) -> None:
    said = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"
    for path in (EVALUATION, "/access/v1/search/subject", "/nothing"):
        assert software.post(path, {}, X_Request_ID=said).headers["x-request-id"] == said
    assert "x-request-id" not in software.post(EVALUATION, WHOLE).headers


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic YTpi", "Bearer ringfence_short", "Bearer " + "x" * 5000]
)
def test_who_has_no_token_is_401_and_told_how(service: DecisionService, header: str) -> None:
    found = ask(service, "POST", EVALUATION, b"{}", {"Authorization": header} if header else {})
    assert found.status == 401
    assert found.headers["www-authenticate"].startswith('Bearer realm="ringfence"')


def test_a_revoked_token_is_refused_by_the_next_request(software: Caller, firm: Firm) -> None:
    made = make_token(firm.cast.firm, actor=Actor(ADMIN), name="Other", scopes=Scope.DECIDE)
    other = Caller(software.service, made.text)
    assert other.post(EVALUATION, WHOLE).status == 200
    firm.cast.do(w.RevokeToken(token=made.number))
    for _again in range(2):
        assert other.post(EVALUATION, WHOLE).status == 401
    assert software.post(EVALUATION, WHOLE).status == 200


def test_a_token_ends_with_its_member(software: Caller, firm: Firm) -> None:
    theirs = caller(software.service, firm.cast, member=firm.ben, name="Of Ben")
    body = question(firm.email("ben"), "view", "ACME-1")
    assert theirs.post(EVALUATION, body).json["decision"] is True
    firm.cast.do(w.DeactivateMember(member=firm.ben))
    assert theirs.post(EVALUATION, body).status == 401


def test_a_scope_that_is_missing_is_403_and_named(service: DecisionService, firm: Firm) -> None:
    decides = caller(service, firm.cast, Scope.DECIDE, name="Decides")
    searches = caller(service, firm.cast, Scope.SEARCH, name="Searches")
    search = {"subject": {"type": "user"}, "action": {"name": "view"}, "resource": WHOLE["resource"]}
    for who, path, body, scope in (
        (decides, "/access/v1/search/subject", search, "search"),
        (searches, EVALUATION, WHOLE, "decide"),
    ):
        found = who.post(path, body)
        assert found.status == 403
        assert scope in found.text
        assert f'scope="{scope}"' in found.headers["www-authenticate"]


def test_who_was_let_in_for_one_thing_is_not_let_in_for_another(service: DecisionService, firm: Firm) -> None:
    decides = caller(service, firm.cast, Scope.DECIDE, name="Decides")
    assert decides.post(EVALUATION, WHOLE).status == 200
    search = {"subject": {"type": "user"}, "action": {"name": "view"}, "resource": WHOLE["resource"]}
    assert decides.post("/access/v1/search/subject", search).status == 403


def test_a_token_of_a_plain_member_asks_about_that_member_alone(software: Caller, firm: Firm) -> None:
    own = caller(software.service, firm.cast, member=firm.ben, name="Of Ben")
    assert own.evaluate(firm.email("ben"), "view", "ACME-1")["decision"] is True
    others = own.evaluate(firm.email("cy"), "view", "ACME-1")
    assert others == own.evaluate("nobody@example.com", "view", "ACME-1")
    # What was kept for software that may ask about all is not given to one that may not.
    assert software.evaluate(firm.email("cy"), "view", "ACME-1")["decision"] is True
    assert own.evaluate(firm.email("cy"), "view", "ACME-1") == others


def test_a_token_is_taken_from_its_addresses_alone(service: DecisionService, firm: Firm) -> None:
    made = make_token(
        firm.cast.firm, actor=Actor(ADMIN), name="Near", scopes=Scope.DECIDE, addresses=("198.51.100.0/24",)
    )
    # Requests of the tests come from 192.0.2.1.
    assert Caller(service, made.text).post(EVALUATION, WHOLE).status == 401


def test_a_version_that_was_reached_may_be_demanded(software: Caller, firm: Firm) -> None:
    version = int(software.post(EVALUATION, WHOLE).headers["ringfence-version"])
    assert software.post(EVALUATION, WHOLE, Ringfence_At_Least=str(version)).status == 200
    later = software.post(EVALUATION, WHOLE, Ringfence_At_Least=str(version + 1))
    assert (later.status, later.headers["retry-after"]) == (503, "1")
    assert str(version) in later.text


def test_a_version_that_is_not_there_keeps_no_thread_waiting(
    software: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfence.decide.kept.REACHING_SECONDS", 10)
    began = time.monotonic()
    assert software.post(EVALUATION, WHOLE, Ringfence_At_Least="100000").status == 503
    assert time.monotonic() - began < 5


def test_a_version_that_is_not_there_yet_is_waited_for_beside_the_rounds(
    software: Caller, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfence.decide.kept.REACHING_SECONDS", 60)
    driver, shared, told = plain(), Round(), list[WireAnswer | None]()
    rounds = Rounds(DecisionService(connect=lambda: driver, shared=shared), shared)
    environ = demanding(software.token, firm_state(firm.cast.firm).version + 1)

    rounds.ask(environ, told.append)
    rounds.answer()
    assert told == []
    execute(firm.cast.firm, w.CreateGroup(name="Readers"), actor=Actor(ADMIN))
    while not told:
        rounds.answer()
    (answer,) = told
    assert answer is not None
    assert answer.status == 200


def demanding(token: str, version: int) -> dict[str, Any]:
    """A whole request for an answer that knows of the version."""
    body = msgspec.json.encode(WHOLE)
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": EVALUATION,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "HTTP_RINGFENCE_AT_LEAST": str(version),
        "wsgi.input": WholeBody(body),
    }


def test_who_does_not_stand_is_told_so_whatever_version_they_demand(software: Caller, firm: Firm) -> None:
    made = make_token(firm.cast.firm, actor=Actor(ADMIN), name="Other", scopes=Scope.DECIDE)
    other = Caller(software.service, made.text)
    assert other.post(EVALUATION, WHOLE).status == 200
    firm.cast.do(w.RevokeToken(token=made.number))
    for _again in range(2):
        assert other.post(EVALUATION, WHOLE, Ringfence_At_Least="100000").status == 401


def test_a_token_that_stands_again_is_heard_and_waits_for_a_version_like_any_other(
    service: DecisionService, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_token(
        firm.cast.firm,
        actor=Actor(ADMIN),
        name="For a day",
        scopes=Scope.DECIDE,
        expires=Instant(time.time_ns() // 1000 + DAY),
    )
    theirs = Caller(service, made.text)
    assert theirs.post(EVALUATION, WHOLE).status == 200
    with monkeypatch.context() as ahead:
        ahead.setattr("ringfence.decide.kept.time.time_ns", lambda: time_ns() + 2 * DAY * 1000)
        assert theirs.post(EVALUATION, WHOLE).status == 401
    assert AtOnce(service).look(demanding(made.text, 100_000)) is None


@pytest.mark.parametrize("header", ["Ringfence_At_Least", "Ringfence_Max_Age"])
def test_a_header_that_is_no_number_is_400(software: Caller, header: str) -> None:
    assert software.post(EVALUATION, WHOLE, **{header: "soon"}).status == 400


def test_who_accepts_an_old_answer_is_let_in_by_no_old_token(
    software: Caller, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = question(firm.email("ben"), "view", "ACME-1")
    assert software.post(EVALUATION, body, Ringfence_Max_Age="5000").json["decision"] is True
    broken(software.service, monkeypatch)
    # Whether the token was revoked meanwhile cannot be known.
    assert software.post(EVALUATION, body, Ringfence_Max_Age="5000").status == 503


def test_where_the_database_is_away_there_is_no_decision(
    software: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert software.post(EVALUATION, WHOLE).status == 200
    broken(software.service, monkeypatch)
    found = software.post(EVALUATION, WHOLE)
    assert (found.status, found.headers["retry-after"]) == (503, "1")
    assert "decision" not in found.text


def broken(service: DecisionService, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the database cannot say which version is current."""

    def unreadable(*_arguments: object) -> object:
        raise StateUnavailable("gone")

    monkeypatch.setattr("ringfence.store.proving.read_mark", unreadable)
    monkeypatch.setattr(service, "let_go", lambda: None)


def test_only_what_is_there_is_answered_and_only_by_its_method(service: DecisionService) -> None:
    assert ask(service, "GET", "/", b"", {}).status == 404
    assert ask(service, "GET", EVALUATION, b"", {}).headers["allow"] == "POST"
    assert ask(service, "POST", "/.well-known/authzen-configuration", b"", {}).status == 405


def test_the_metadata_names_each_address_by_the_configuration(
    service: DecisionService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGFENCE_ADDRESS", "https://access.example.com/")
    found = ask(service, "GET", "/.well-known/authzen-configuration/firms/7", b"", {"Host": "evil.example"})
    assert found.json["policy_decision_point"] == "https://access.example.com/firms/7"
    assert found.json["access_evaluation_endpoint"] == "https://access.example.com/access/v1/evaluation"
    assert "evil" not in found.text
    plain = ask(service, "GET", "/.well-known/authzen-configuration", b"", {})
    assert plain.json["policy_decision_point"] == "https://access.example.com"
    assert ask(service, "GET", "/.well-known/authzen-configuration/firms/x", b"", {}).status == 404


def test_it_says_that_it_lives_and_whether_it_can_answer(
    service: DecisionService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "let_go", lambda: None)
    assert ask(service, "GET", "/healthz", b"", {}).body == b"ok\n"
    assert ask(service, "GET", "/readyz", b"", {}).body == b"ready\n"
    monkeypatch.setattr("ringfence.store.migrated.known_migrations", lambda: frozenset({"9999_later"}))
    found = ask(service, "GET", "/readyz", b"", {})
    assert (found.status, found.body) == (503, b"migrations\n")


def test_a_refusal_that_hears_no_body_ends_the_connection_and_says_so(software: Caller, firm: Firm) -> None:
    stranger = Caller(software.service, "none of ours")
    refused, answered = stranger.post(EVALUATION, WHOLE), software.post(EVALUATION, WHOLE)
    assert (refused.status, refused.headers["connection"]) == (401, "close")
    assert answered.status == 200
    assert "connection" not in answered.headers
