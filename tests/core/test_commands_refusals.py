"""Which refusal comes first, and with which problem and field, where the truth tables cannot say it exactly.

`tests/truth` states who is refused what; random commands are in `test_commands_whole.py`.
"""

from typing import Any

import msgspec
import pytest
from pyroaring import BitMap

from ringfence.core.apply.apply import apply_all
from ringfence.core.commands import Problem, Refused, carry_out
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import at
from ringfence.core.events import Change
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import EVERYONE, Instant, Level, Role, group_subject, member_subject
from ringfence.core.values import DefaultGrant, Member, Side
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
    small_firm,
)
from tests.core.random_firms import directory_of

ADMINISTRATOR = {CY: Member(role=Role.ADMINISTRATOR)}
NOBODYS = 99


def do(facts: Facts, command: w.Command, actor: int | None) -> Change:
    return carry_out(at(state_of(facts), NOW), directory_of(facts), command, actor=actor).change


def after(facts: Facts, command: w.Command, actor: int | None) -> Facts:
    return facts_of(apply_all(state_of(facts), do(facts, command, actor).events))


def refused(facts: Facts, command: w.Command, actor: int | None) -> tuple[str, Problem, str]:
    with pytest.raises(Refused) as caught:
        do(facts, command, actor)
    return caught.value.refusal, caught.value.problem, caught.value.field


def acme_hidden_from_ben(**settings: Any) -> Facts:
    return small_firm(
        grant(member_subject(ADA), on_client(ACME), Level.OWNER),
        members=ADMINISTRATOR,
        inaccessible="hidden",
        **settings,
    )


def set_on(on: w.On, to: int = CY, level: Level = Level.READER, **more: Any) -> w.SetGrant:
    return w.SetGrant(to=(member_subject(to),), on=on, level=level, **more)


def test_a_hidden_engagement_is_refused_as_an_engagement() -> None:
    found = refused(acme_hidden_from_ben(), w.RemoveEngagement(engagement=ACME_VAT), BEN)
    assert found == ("not_found", Problem.UNKNOWN_ENGAGEMENT, "engagement")


def test_a_hidden_client_is_refused_before_an_engagement_that_is_not_there() -> None:
    on = w.On(clients=BitMap([ACME]), engagements=BitMap([NOBODYS]))
    assert refused(acme_hidden_from_ben(), set_on(on), BEN) == ("not_found", Problem.UNKNOWN_CLIENT, "on")


def test_a_hidden_client_in_a_wall_is_not_found_before_anything_is_forbidden() -> None:
    sides = (Side(members=frozenset({CY})), Side(clients=frozenset({ACME})))
    found = refused(acme_hidden_from_ben(), w.RaiseWall(name="Merger", sides=sides), BEN)
    assert found == ("not_found", Problem.UNKNOWN_CLIENT, "sides")


def test_an_excluded_client_that_is_not_there_is_named_by_its_argument() -> None:
    command = w.ExcludeClients(group=TEAM, service=VAT, clients=BitMap([NOBODYS]))
    assert refused(acme_hidden_from_ben(), command, CY) == ("not_found", Problem.UNKNOWN_CLIENT, "client")


def test_a_hand_over_adds_up_the_fee_split_of_an_expired_grant_too() -> None:
    facts = small_firm(
        grant(member_subject(ADA), on_client(ACME), Level.READER, fee_split=1_000),
        grant(member_subject(BEN), on_client(ACME), Level.OWNER, fee_split=2_000, expires=Instant(NOW - 1)),
        members=ADMINISTRATOR,
    )
    will = after(facts, w.DeactivateMember(member=ADA, hand_over_to=BEN), CY)
    assert will.grants == {grant(member_subject(BEN), on_client(ACME), Level.READER, fee_split=3_000)}


def test_a_reason_that_is_no_text_is_said_before_a_conflict() -> None:
    found = refused(small_firm(members=ADMINISTRATOR), w.TurnOn(reason="bell\a"), CY)
    assert found == ("invalid", Problem.TEXT_CONTROL, "reason")


def test_a_reason_that_is_no_text_is_said_after_what_is_forbidden() -> None:
    found = refused(small_firm(members=ADMINISTRATOR), w.TurnOn(reason="bell\a"), BEN)
    assert found == ("not_permitted", Problem.ONLY_ADMINISTRATORS, "")


def new_client(**more: Any) -> w.AddClient:
    return w.AddClient(client=w.ClientRow(name="Corner shop", **more))


def test_a_new_client_gives_nobody_two_grants() -> None:
    twice = tuple(w.GrantTo(to=member_subject(BEN), level=level) for level in (Level.READER, Level.OWNER))
    found = refused(small_firm(members=ADMINISTRATOR), new_client(grants=twice), CY)
    assert found == ("invalid", Problem.NAMED_TWICE, "grants")


def test_a_personal_default_for_everyone_waits_while_everyone_may_be_granted_nothing() -> None:
    facts = small_firm(personal_defaults=True, everyone_grants="no")
    own = DefaultGrant(subject=group_subject(EVERYONE), level=Level.READER)
    facts = msgspec.structs.replace(facts, defaults={ADA: (own,)})
    assert after(facts, new_client(), ADA).grants == frozenset()


@pytest.mark.parametrize("row", [{"reference": "R-1"}, {"services": {9: ""}}, {"kind": "a\tb"}])
def test_no_row_is_named_where_there_is_but_one(row: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        do(small_firm(), new_client(**row), ADA)
    assert caught.value.row is None


@pytest.mark.parametrize("row", [{"reference": "R-1"}, {"services": {9: ""}}, {"kind": "a\tb"}])
def test_the_faulty_row_of_a_list_is_named(row: dict[str, Any]) -> None:
    rows = (w.ClientRow(name="Good"), w.ClientRow(name="Bad", **row))
    with pytest.raises(Refused) as caught:
        do(small_firm(), w.ImportClients(rows=rows), ADA)
    assert caught.value.row == 1


@pytest.mark.parametrize("value", [["kyc"], {}, 3, None])
def test_a_setting_of_the_wrong_kind_is_invalid(value: Any) -> None:
    command = w.ChangeSettings(values={"profile": value})
    found = refused(small_firm(members=ADMINISTRATOR), command, CY)
    assert found == ("invalid", Problem.NO_SUCH_SETTING, "profile")
