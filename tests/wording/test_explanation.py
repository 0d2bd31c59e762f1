"""The proof for administrators names everything; the text for the member names only what is safe for them."""

import pytest

from ringfence.core.decision.moment import at
from ringfence.core.explanation.explanation import explain
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import EVERYONE, Instant, Level, group_subject, member_subject
from ringfence.core.values import Delegation, Member, Side, Wall
from ringfence.wording import for_administrator, for_member
from ringfence.wording.catalogue import in_language
from tests.core.firms import (
    ACME,
    ACME_VAT,
    ADA,
    BEN,
    CY,
    NOW,
    TEAM,
    VAT,
    grant,
    on_client,
    on_engagement,
    on_service,
    small_firm,
)
from tests.wording.cast import CAST

ada, ben, cy = member_subject(ADA), member_subject(BEN), member_subject(CY)
team, everyone = group_subject(TEAM), group_subject(EVERYONE)
acme = on_client(ACME)
WALL = {1: Wall(sides=(Side(members=frozenset({ADA})), Side(clients=frozenset({ACME}))))}
NOT_GIVEN = (
    "There is no such client, or you have not been given access to it. "
    "If you need it for your work, ask an administrator of your firm."
)


def proof(facts: Facts, member: int = ADA, engagement: int = ACME_VAT) -> list[str]:
    explanation = explain(at(state_of(facts), NOW), member, engagement)
    return [line.text for line in for_administrator(explanation, CAST)]


def told(facts: Facts, member: int = ADA, engagement: int = ACME_VAT) -> tuple[str, ...]:
    explanation = explain(at(state_of(facts), NOW), member, engagement)
    return for_member(explanation, CAST, facts.settings)


def test_the_proof_gives_answer_reason_way_and_facts() -> None:
    firm = small_firm(grant(team, acme), grant(ada, on_service(VAT), Level.READER))
    assert proof(firm) == [
        "Ada for Acme · VAT: Editor",
        "Ada is in a group that has access.",
        "Ada → Fortune 500 → Acme: Editor",
        "Ada on all clients with the service VAT: Reader. "
        "It counts, but something that goes before it gave the answer.",
        "Fortune 500 on Acme: Editor. This decided.",
    ]


def test_the_proof_names_each_hop_with_its_cap() -> None:
    firm = small_firm(
        grant(cy, acme, Level.OWNER),
        delegations={(CY, BEN): Delegation(cap=Level.EDITOR), (BEN, ADA): Delegation()},
    )
    assert "Ada → Ben (delegation, at most: Owner) → Cy (delegation, at most: Editor) → Acme: Owner" in proof(
        firm
    )


def test_the_proof_names_walls() -> None:
    assert "Wall between the two: Takeover." in proof(small_firm(walls=WALL))


def test_the_proof_says_what_assigns_a_client() -> None:
    assert "Not open to all because of this: Ben on Acme: Editor. It is for others." in proof(
        small_firm(grant(ben, acme))
    )


def test_the_proof_says_when_a_grant_expired() -> None:
    text = f"Ada on Acme, until time {NOW}: Editor. It has expired and gives nothing any more."
    assert text in proof(small_firm(grant(ada, acme, expires=NOW)))


def test_the_proof_says_why_a_delegator_has_nothing() -> None:
    firm = small_firm(
        grant(ben, acme, Level.BLOCKED), delegations={(BEN, ADA): Delegation(expires=Instant(NOW + 9))}
    )
    lines = proof(firm)
    assert any(line.endswith("The delegator has no access to pass on.") for line in lines)
    assert "Ben has been blocked personally." in lines


def test_the_proof_says_no_more_of_what_is_outside_the_firm() -> None:
    assert proof(small_firm(), engagement=99) == ["The firm has no such member, or no such client."]


def test_a_member_is_told_until_when_their_own_access_stands() -> None:
    ends = Instant(NOW + 9)
    assert told(small_firm(grant(ada, acme, expires=ends))) == (
        "You yourself have been given access to this client.",
        "Editor",
        f"It stands until time {ends}.",
    )
    assert len(told(small_firm(grant(ada, acme)))) == 2


def test_a_member_is_told_their_groups() -> None:
    assert told(small_firm(grant(team, acme))) == (
        "You have access to this client through a group that you are in.",
        "Editor",
        "Through: Fortune 500",
    )


def test_a_member_is_told_who_delegated_to_them_and_nobody_behind() -> None:
    firm = small_firm(grant(cy, acme), delegations={(CY, BEN): Delegation(), (BEN, ADA): Delegation()})
    lines = told(firm)
    assert lines[-1] == "Delegated by: Ben"
    assert "Cy" not in " ".join(lines)


DENIALS = {
    "not assigned": small_firm(grant(ben, acme), inaccessible="hidden"),
    "a wall": small_firm(grant(ada, acme), walls=WALL, inaccessible="hidden"),
    "a block": small_firm(grant(ada, acme, Level.BLOCKED), inaccessible="hidden"),
    "a block of a group": small_firm(grant(team, acme, Level.BLOCKED), inaccessible="hidden"),
}


@pytest.mark.parametrize("facts", DENIALS.values(), ids=DENIALS)
def test_hidden_denials_read_as_if_there_were_no_such_client(facts: Facts) -> None:
    assert told(facts) == told(facts, engagement=99) == (NOT_GIVEN,)


def test_a_wall_is_never_told_where_clients_are_named() -> None:
    firm = small_firm(grant(ada, acme), walls=WALL, profile="kyc")
    assert told(firm) == told(firm, engagement=99)


@pytest.mark.parametrize("level", [Level.BLOCKED, Level.EDITOR])
def test_a_named_client_is_named_without_saying_why(level: Level) -> None:
    holder = ada if level is Level.BLOCKED else ben
    firm = small_firm(grant(holder, acme, level), grant(ben, acme), profile="kyc")
    assert told(firm) == (
        "You do not have access to Acme. If you need it for your work, ask an administrator of your firm.",
    )


def test_where_members_may_ask_for_access_they_are_not_sent_to_an_administrator() -> None:
    firm = small_firm(grant(ben, acme), profile="kyc", requests=True)
    assert told(firm) == (
        "You do not have access to Acme. If you need it for your work, you can request access.",
    )


def test_a_practice_member_reads_the_sentence_of_the_rules() -> None:
    assert told(small_firm(grant(ben, acme))) == (
        "Permission Denied: You don't have access to this client record. The client you're trying to access "
        "is associated with your practice, but you haven't been granted access to it.",
    )


@pytest.mark.parametrize("member", [Member(active=False), Member(access=False)])
def test_who_may_open_nothing_learns_of_no_client(member: Member) -> None:
    firm = small_firm(grant(ada, acme), members={ADA: member}, inaccessible="hidden")
    assert told(firm) == told(firm, engagement=99)
    assert told(firm) != (NOT_GIVEN,)


def test_no_text_for_a_denied_member_names_anything() -> None:
    firm = small_firm(
        grant(ada, on_engagement(ACME_VAT), Level.BLOCKED),
        grant(ben, acme),
        delegations={(CY, ADA): Delegation()},
        walls=WALL,
        inaccessible="hidden",
    )
    for name in ("Acme", "Ben", "Cy", "Takeover", "Fortune 500", "VAT"):
        assert name not in " ".join(told(firm))


def test_everything_is_said_in_welsh_too() -> None:
    with in_language("cy"):
        assert proof(small_firm(grant(team, acme)))[:3] == [
            "Ada ar gyfer Acme · VAT: Golygydd",
            "Mae Ada mewn grŵp sydd â mynediad.",
            "Ada → Fortune 500 → Acme: Golygydd",
        ]
