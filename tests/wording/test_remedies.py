"""Each remedy is said in a sentence: what is to be changed, who may do it and what it does besides."""

import pytest
from msgspec.structs import replace

from ringfence.core.decision.moment import at
from ringfence.core.remedies.remedies import remedies
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Client, Facts
from ringfence.core.terms import ALL_CLIENTS, EVERYONE, Level, Role, group_subject, member_subject
from ringfence.core.values import Delegation, Member, Request, Side, Wall
from ringfence.wording import RemedyText, remedy_text
from tests.core.firms import (
    ACME,
    ACME_VAT,
    ADA,
    BEN,
    BOOTS,
    CY,
    NOW,
    TEAM,
    VAT,
    grant,
    on_client,
    on_service,
    small_firm,
)
from tests.wording.cast import CAST

ada, ben = member_subject(ADA), member_subject(BEN)
team, everyone = group_subject(TEAM), group_subject(EVERYONE)
acme = on_client(ACME)
CHIEF = {CY: Member(role=Role.ADMINISTRATOR)}
WIDE_WALL = {1: Wall(sides=(Side(members=frozenset({ADA, BEN})), Side(clients=frozenset({ACME, BOOTS}))))}


def texts(facts: Facts, member: int = BEN, level: Level | None = None) -> list[RemedyText]:
    state = state_of(facts)
    found = remedies(at(state, NOW), member, ACME_VAT, level)
    return [remedy_text(remedy, member, CAST, at(state, NOW)) for remedy in found]


SENTENCES = [
    (small_firm(grant(team, acme)), "Add Ben to the group Fortune 500."),
    (small_firm(grant(team, acme)), "Give Ben access to Acme: Editor."),
    (small_firm(grant(team, acme)), "Give Ben access to Acme · VAT: Editor."),
    (small_firm(grant(ben, acme), members={BEN: Member(active=False)}), "Reactivate Ben."),
    (
        small_firm(grant(ben, acme), members={BEN: Member(access=False)}),
        "Give Ben the permission to use client records.",
    ),
    (
        small_firm(grant(ben, acme), members={BEN: Member(role=Role.AUDITOR, access=False)}),
        "Make Ben a standard member with the permission to use client records.",
    ),
    (small_firm(grant(ben, acme), walls=WIDE_WALL), "Take Ben off the wall Takeover."),
    (small_firm(grant(ben, acme), walls=WIDE_WALL), "Take the client off the wall Takeover."),
    (small_firm(grant(ben, acme), walls=WIDE_WALL), "Lower the wall Takeover."),
    (small_firm(clients={ACME: Client(confidential=True)}), "Mark Acme as not confidential."),
    (small_firm(unassigned="none"), "Open unassigned clients to all members: Editor."),
    (
        small_firm(grant(ben, acme, Level.BLOCKED), grant(everyone, acme)),
        "Remove what stands for Ben on this: Acme.",
    ),
    (
        small_firm(grant(everyone, on_service(VAT), Level.BLOCKED), grant(ada, acme), grant(everyone, acme)),
        "Leave Acme out of the service VAT for the group Everyone.",
    ),
    (
        small_firm(grant(everyone, on_service(VAT), excluded={ACME}), grant(ada, acme)),
        "Put Acme back into the service VAT for the group Everyone.",
    ),
    (
        small_firm(grant(everyone, ALL_CLIENTS, Level.BLOCKED), grant(everyone, acme)),
        "Remove what stands for Everyone on this: all clients.",
    ),
    (
        small_firm(grant(team, acme, Level.BLOCKED), grant(everyone, acme), groups={TEAM: (BEN,)}),
        "Remove Ben from the group Fortune 500.",
    ),
    (small_firm(grant(ada, acme)), "Set up a delegation from Ada to Ben, at most: Editor."),
    (
        small_firm(grant(ada, acme), delegations={(ADA, BEN): Delegation()}, delegation=False),
        "Turn delegation on.",
    ),
    (
        replace(small_firm(grant(ada, acme), requests=True), requests={(ACME, BEN): Request()}),
        "Grant the request made by Ben.",
    ),
]


@pytest.mark.parametrize(("facts", "sentence"), SENTENCES, ids=[sentence for _, sentence in SENTENCES])
def test_a_remedy_is_said_in_a_sentence(facts: Facts, sentence: str) -> None:
    assert sentence in [step.text for remedy in texts(facts) for step in remedy.steps]


def test_turning_control_on_is_said_before_what_it_needs() -> None:
    for remedy in texts(small_firm(control=False), level=Level.OWNER):
        assert remedy.steps[0].text == "Turn access control on."


def test_who_may_do_it_is_named() -> None:
    for remedy in texts(small_firm(grant(team, acme), members=CHIEF, sharing="administrators")):
        assert "Cy" in remedy.steps[0].makers


def test_what_others_gain_is_counted() -> None:
    found = {remedy.steps[0].text: remedy for remedy in texts(small_firm(unassigned="none"))}
    opened = found["Open unassigned clients to all members: Editor."]
    assert opened.effect == ("Ben also gains access to 1 other client. 2 other members gain access.")
    assert opened.level == "Editor"


def test_what_touches_nobody_else_is_said_so() -> None:
    assert texts(small_firm(grant(team, acme)))[0].effect == "Nobody else gains or loses access."
