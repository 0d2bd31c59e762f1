"""One question to the decision service: what is answered, and in what words."""

import pytest
from pyroaring import BitMap

from ringfence.access import Actor, execute, firm_state
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import Side
from tests.decide.asking import EVERY, Caller, caller, question
from tests.decide.firm_asked import Firm


@pytest.mark.parametrize(
    ("who", "action", "client", "allowed", "level"),
    [
        ("ben", "view", "ACME-1", True, "editor"),
        ("ben", "edit", "ACME-1", True, "editor"),
        ("ben", "remove", "ACME-1", False, "editor"),
        ("ben", "share", "ACME-1", False, "editor"),
        ("cy", "view", "ACME-1", True, "reader"),
        ("cy", "edit", "ACME-1", False, "reader"),
        ("cy", "remove", "BOOTS-2", True, "owner"),
        ("cy", "share", "BOOTS-2", True, "owner"),
        ("dee", "view", "ACME-1", False, "none"),
    ],
)
def test_each_action_needs_its_level(
    software: Caller, firm: Firm, who: str, action: str, client: str, allowed: bool, level: str
) -> None:
    found = software.evaluate(firm.email(who), action, client)
    assert (found["decision"], found["context"]["level"]) == (allowed, level)


@pytest.mark.parametrize(
    ("synonym", "action"),
    [("read", "view"), ("write", "edit"), ("save", "edit"), ("submit", "edit"), ("delete", "remove")],
)
def test_usual_words_for_actions_mean_the_same(
    software: Caller, firm: Firm, synonym: str, action: str
) -> None:
    for who in ("ben", "cy", "dee"):
        for client in ("ACME-1", "BOOTS-2"):
            said = software.evaluate(firm.email(who), synonym, client)
            assert said == software.evaluate(firm.email(who), action, client)


def test_references_and_addresses_are_compared_as_the_rules_say(software: Caller, firm: Firm) -> None:
    assert software.evaluate(firm.email("BEN").upper(), "view", " acme-1 ")["decision"] is True


def test_our_own_numbers_are_asked_for_as_such(software: Caller, firm: Firm) -> None:
    assert software.evaluate(f"id:{firm.ben}", "view", f"id:{firm.acme}")["decision"] is True
    # A bare number may be somebody's reference, so it is never taken for a number of ours.
    assert software.evaluate(firm.email("ben"), "view", str(firm.acme))["decision"] is False


def test_an_engagement_is_asked_for_by_number_or_by_client_and_service(software: Caller, firm: Firm) -> None:
    for resource in ("ACME-1/vat", "id:1", f"id:{firm.acme}/Income Tax"):
        assert software.evaluate(firm.email("ben"), "edit", resource, kind="engagement")["decision"] is True
    assert (
        software.evaluate(firm.email("ben"), "view", "ACME-1/Payroll", kind="engagement")["decision"] is False
    )


@pytest.mark.parametrize(
    ("subject", "resource", "kind"),
    [
        ("nobody@example.com", "ACME-1", "client"),
        ("id:99", "ACME-1", "client"),
        ("id:0", "ACME-1", "client"),
        ("ben", "NONE-9", "client"),
        ("ben", "id:99", "client"),
        ("ben", "ACME-1", "spaceship"),
        ("ben", "id:99", "engagement"),
        ("ben", "nul\x00", "client"),
        ("ben", "x" * 5000, "client"),
    ],
)
def test_what_is_not_there_is_denied_as_outside_the_firm(
    software: Caller, firm: Firm, subject: str, resource: str, kind: str
) -> None:
    who = firm.email("ben") if subject == "ben" else subject
    found = software.evaluate(who, "view", resource, kind=kind)
    assert found["decision"] is False
    assert found["context"]["reason"] == "outside_firm"


def test_a_hidden_client_reads_as_one_that_is_not_there(software: Caller, firm: Firm) -> None:
    hidden = software.evaluate(firm.email("ben"), "view", "CLOSED-3")
    assert hidden == software.evaluate(firm.email("ben"), "view", "NONE-9")


def test_a_wall_is_not_told_without_the_scope_for_it(software: Caller, firm: Firm) -> None:
    sides = (Side(members=frozenset({firm.ben})), Side(clients=frozenset({firm.acme})))
    firm.cast.do(w.RaiseWall(name="Bid", sides=sides))
    found = software.evaluate(firm.email("ben"), "view", "ACME-1")
    assert found == software.evaluate(firm.email("ben"), "view", "NONE-9")
    assert "Bid" not in str(found)


def test_the_scope_explain_is_told_the_true_reason_with_every_fact(software: Caller, firm: Firm) -> None:
    explaining = caller(software.service, firm.cast, EVERY, name="Explaining")
    sides = (Side(members=frozenset({firm.ben})), Side(clients=frozenset({firm.acme})))
    firm.cast.do(w.RaiseWall(name="Bid", sides=sides))
    context = explaining.evaluate(firm.email("ben"), "view", "ACME-1")["context"]
    assert context["reason"] == "wall"
    assert {part["service"] for part in context["explanation"]} == {"Income Tax", "VAT"}
    assert any("Bid" in line for part in context["explanation"] for line in part["lines"])


def test_the_scope_explain_is_told_of_emergency_access_and_its_end(software: Caller, firm: Firm) -> None:
    firm.cast.do(w.ChangeSettings(values={"emergency": "reader", "inaccessible": "named"}))
    opening = w.OpenEmergency(client=firm.acme, reason="Filing is due")
    execute(firm.cast.firm, opening, actor=Actor(firm.dee))
    until = firm_state(firm.cast.firm).emergencies[firm.acme, firm.dee].expires
    explaining = caller(software.service, firm.cast, EVERY, name="Explaining")
    found = explaining.evaluate(firm.email("dee"), "view", "ACME-1")
    assert (found["decision"], found["context"]["emergency_until"]) == (True, until)
    assert all("emergency access until" in part["lines"][3] for part in found["context"]["explanation"])
    for other in (
        explaining.evaluate(firm.email("ben"), "view", "ACME-1"),
        software.evaluate(firm.email("dee"), "view", "ACME-1"),
    ):
        assert other["decision"] is True
        assert "emergency" not in str(other)


def test_a_plain_members_software_is_told_no_more_than_that_member(software: Caller, firm: Firm) -> None:
    own = caller(software.service, firm.cast, EVERY, member=firm.ben, name="Of Ben")
    sides = (Side(members=frozenset({firm.ben})), Side(clients=frozenset({firm.acme})))
    firm.cast.do(w.RaiseWall(name="Bid", sides=sides))
    assert own.evaluate(firm.email("ben"), "view", "ACME-1") == own.evaluate(
        firm.email("ben"), "view", "NONE-9"
    )


def test_an_action_that_nobody_described_is_denied_and_says_so(software: Caller, firm: Firm) -> None:
    context = software.evaluate(firm.email("ben"), "fly", "ACME-1")["context"]
    assert context["reason"] == "unknown_action"
    assert "view, edit, remove, share" in context["message"]


def test_texts_are_in_the_language_that_is_asked_for(software: Caller, firm: Firm) -> None:
    english = software.evaluate(firm.email("ben"), "view", "ACME-1")["context"]["message"]
    welsh = software.evaluate(firm.email("ben"), "view", "ACME-1", Accept_Language="fr, cy;q=0.8, en;q=0.3")
    assert english == "You yourself have been given access to this client."
    assert welsh["context"]["message"] != english
    assert software.evaluate(firm.email("ben"), "view", "ACME-1")["context"]["message"] == english


def test_a_client_of_which_a_part_shows_is_marked(software: Caller, firm: Firm) -> None:
    firm.cast.grant(member_subject(firm.dee), On(engagements=BitMap([1])), Level.EDITOR)
    view = software.evaluate(firm.email("dee"), "view", "ACME-1")
    edit = software.evaluate(firm.email("dee"), "edit", "ACME-1")
    assert (view["decision"], view["context"]["level"], view["context"]["partial"]) == (True, "editor", True)
    assert (edit["decision"], edit["context"]["level"]) == (False, "none")


def test_a_change_is_seen_by_the_next_question(software: Caller, firm: Firm) -> None:
    before = software.post("/access/v1/evaluation", _may_ben(firm))
    firm.cast.do(w.RemoveGrant(to=(member_subject(firm.ben),), on=On(clients=BitMap([firm.acme]))))
    after = software.post("/access/v1/evaluation", _may_ben(firm))
    assert (before.json["decision"], after.json["decision"]) == (True, False)
    assert int(after.headers["ringfence-version"]) == int(before.headers["ringfence-version"]) + 1
    assert after.json["context"]["version"] == int(after.headers["ringfence-version"])


def test_a_renamed_reference_is_found_by_its_new_text_alone(software: Caller, firm: Firm) -> None:
    assert software.evaluate(firm.email("ben"), "view", "ACME-1")["decision"] is True
    firm.cast.do(w.ChangeClient(client=firm.acme, reference="NEW-1"))
    assert software.evaluate(firm.email("ben"), "view", "ACME-1")["decision"] is False
    assert software.evaluate(firm.email("ben"), "view", "NEW-1")["decision"] is True


def _may_ben(firm: Firm) -> dict[str, object]:
    return question(firm.email("ben"), "view", "ACME-1")
