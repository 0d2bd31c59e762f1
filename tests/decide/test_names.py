"""A firm's software asks in its own words: external ids of members, names of types and of actions."""

import pytest

from ringfence.access import Actor
from ringfence.access.connection import plain
from ringfence.access.ledger.erasing import erase_member
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import ActionName, SoftwareNames
from tests.access.cast import ADMIN
from tests.decide.asking import Caller, on_clients, question
from tests.decide.firm_asked import Firm

NAMES = SoftwareNames(
    types={"record": "client", "job": "engagement"},
    actions=(
        ActionName("open_file", "view"),
        ActionName("read", "edit"),
        ActionName("close", "edit", (("soft", "true"),)),
        ActionName("close", "remove", (("soft", "true"), ("year", "2026"))),
        ActionName("close", "share"),
    ),
)
SOFTLY = {"name": "close", "properties": {"soft": True}}
SUBJECTS, ACTIONS = "/access/v1/search/subject", "/access/v1/search/action"


@pytest.fixture
def named(firm: Firm) -> Firm:
    """Ben is S-1042, and the firm's software has names of its own."""
    firm.cast.do(w.ChangeMember(member=firm.ben, external="S-1042"))
    firm.cast.do(w.SetNames(names=NAMES))
    return firm


def test_a_member_is_found_by_the_firms_own_id(software: Caller, named: Firm) -> None:
    for text in ("S-1042", "s-1042 ", named.email("ben"), f"id:{named.ben}"):
        assert software.evaluate(text, "edit", "ACME-1")["decision"] is True
    assert software.evaluate("S-1043", "edit", "ACME-1")["context"]["reason"] == "outside_firm"


def test_an_id_that_moves_to_another_member_leads_there_with_the_next_question(
    software: Caller, named: Firm
) -> None:
    assert software.evaluate("S-1042", "edit", "ACME-1")["decision"] is True
    named.cast.do(w.ChangeMember(member=named.ben, external=""))
    assert software.evaluate("S-1042", "edit", "ACME-1")["decision"] is False
    named.cast.do(w.ChangeMember(member=named.cy, external="S-1042"))
    assert software.evaluate("S-1042", "view", "ACME-1")["context"]["level"] == "reader"
    assert software.evaluate("S-1042", "remove", "BOOTS-2")["decision"] is True


def test_what_names_two_members_names_neither(software: Caller, named: Firm) -> None:
    named.cast.do(w.ChangeMember(member=named.dee, external=named.email("ben")))
    assert software.evaluate(named.email("ben"), "view", "ACME-1")["decision"] is False
    assert software.evaluate("S-1042", "view", "ACME-1")["decision"] is True


def test_an_erased_member_is_found_by_nothing(software: Caller, named: Firm) -> None:
    named.cast.do(w.DeactivateMember(member=named.ben))
    assert software.evaluate("S-1042", "view", "ACME-1")["context"]["reason"] == "inactive_member"
    erase_member(named.cast.firm, named.ben, actor=Actor(ADMIN))
    assert software.evaluate("S-1042", "view", "ACME-1")["context"]["reason"] == "outside_firm"


def test_a_search_names_members_by_what_finds_them_again(software: Caller, named: Firm) -> None:
    body = {**question("", "view", "ACME-1"), "subject": {"type": "user"}}

    def ids() -> set[str]:
        return {one["id"] for one in software.post(SUBJECTS, body).json["results"]}

    assert {"S-1042", named.email("cy")} <= ids()
    # Dee is known by Ben's address: it names nobody now, so no search says it of either.
    named.cast.do(w.ChangeMember(member=named.dee, external=named.email("ben")))
    named.cast.do(w.ChangeMember(member=named.ben, external=""))
    found = ids()
    assert f"id:{named.ben}" in found
    assert all(software.evaluate(each, "view", "ACME-1")["decision"] for each in found)


def test_a_type_and_an_action_go_by_the_firms_names(software: Caller, named: Firm) -> None:
    ben = named.email("ben")
    assert software.evaluate(ben, "open_file", "ACME-1", kind="record")["decision"] is True
    assert software.evaluate(ben, "open_file", "ACME-1/VAT", kind="job")["decision"] is True
    assert software.evaluate(ben, "open_file", "BOOTS-2", kind="record")["decision"] is False
    assert software.evaluate(ben, "Open_File", "ACME-1")["context"]["reason"] == "unknown_action"
    assert software.evaluate(ben, "view", "ACME-1", kind="Record")["decision"] is False


def test_a_firms_own_name_comes_before_the_usual_one(software: Caller, named: Firm) -> None:
    assert software.evaluate(named.email("cy"), "view", "ACME-1")["decision"] is True
    assert software.evaluate(named.email("cy"), "read", "ACME-1")["decision"] is False


@pytest.mark.parametrize(
    ("said", "who", "client", "decision"),
    [
        ({"soft": True}, "ben", "ACME-1", True),
        ({"soft": True, "more": [1]}, "ben", "ACME-1", True),
        ({"soft": True, "year": 2026}, "ben", "ACME-1", False),
        ({"soft": True, "year": 2026}, "cy", "BOOTS-2", True),
        ({"soft": True, "year": "2026"}, "ben", "ACME-1", True),
        ({"soft": 1}, "ben", "ACME-1", False),
        ({"soft": "true"}, "ben", "ACME-1", False),
        ({}, "ben", "ACME-1", False),
        ({}, "cy", "BOOTS-2", True),
    ],
)
def test_the_name_that_asks_for_most_of_what_is_said_counts(
    software: Caller, named: Firm, said: dict[str, object], who: str, client: str, decision: bool
) -> None:
    body = question(named.email(who), "close", client)
    body["action"]["properties"] = said
    assert software.post("/access/v1/evaluation", body).json["decision"] is decision


def test_names_that_are_taken_away_mean_nothing_with_the_next_question(software: Caller, named: Firm) -> None:
    ben = named.email("ben")
    assert software.evaluate(ben, "open_file", "ACME-1", kind="record")["decision"] is True
    named.cast.do(w.SetNames(names=SoftwareNames()))
    assert software.evaluate(ben, "open_file", "ACME-1")["context"]["reason"] == "unknown_action"
    assert software.evaluate(ben, "view", "ACME-1", kind="record")["decision"] is False


def test_a_search_for_actions_gives_what_an_evaluation_then_allows(software: Caller, named: Firm) -> None:
    named.cast.grant(member_subject(named.cy), on_clients(named.acme), Level.EDITOR)
    for who, client in (("ben", "ACME-1"), ("cy", "ACME-1"), ("cy", "BOOTS-2"), ("dee", "ACME-1")):
        body = question(named.email(who), "", client)
        found = software.post(ACTIONS, {key: body[key] for key in ("subject", "resource")}).json["results"]
        for one in found:
            body["action"] = one
            assert software.post("/access/v1/evaluation", body).json["decision"] is True
        assert all((each in found) is (who != "dee") for each in (SOFTLY, {"name": "read"}))


def test_a_state_is_never_asked_with_newer_ids(
    software: Caller, named: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cy loses Acme and then gets the id that was Ben's: at no version does it then view Acme."""
    states, firm = software.service.firms.states, named.cast.firm
    named.cast.do(w.ChangeMember(member=named.ben, external=""))
    old = states.current(plain(), firm)
    named.cast.do(w.RemoveGrant(to=(member_subject(named.cy),), on=on_clients(named.acme)))
    named.cast.do(w.ChangeMember(member=named.cy, external="S-1042"))
    late, real = [old], states.current_from
    monkeypatch.setattr(states, "current_from", lambda *asked: late.pop() if late else real(*asked))
    found = software.evaluate("S-1042", "view", "ACME-1")
    assert not late
    assert (found["decision"], found["context"]["version"]) == (False, states.current(plain(), firm).version)
