"""The door: previews change nothing, other firms' numbers are nobody, drafts and times are kept in order."""

from typing import Any

import pytest

from ringfence import access
from ringfence.access import OPERATOR, Actor, FirmUnknown, Refused
from ringfence.core import statements as st
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.compare import difference, moves
from ringfence.core.policies.breaking import ASKED
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import Draft, Firm, LedgerEntry
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases


def test_a_preview_says_who_loses_and_changes_nothing(firm: Cast) -> None:
    bob = firm.member("Bob")
    client = firm.client("Acme")
    firm.turn_on()
    command = w.CreateGroup(name="Team", members=frozenset({ADMIN}), on=On.client(client))
    found = access.preview(firm.firm, command, actor=OPERATOR)
    assert {member: list(clients) for member, clients in found.difference.loses.items()} == {bob: [client]}
    assert list(found.difference.closes) == [client]
    assert firm.view.version == found.version == 4
    assert access.verify(firm.firm).entries == 4


def test_a_preview_of_requiring_owners_lists_the_clients_that_have_none(firm: Cast) -> None:
    owned, unowned = firm.client("Acme"), firm.client("Boots")
    firm.do(w.SetGrant(to=(member_subject(ADMIN),), on=On.client(owned), level=Level.OWNER))
    command = w.ChangeSettings(values={"owner_required": True})
    found = access.preview(firm.firm, command, actor=OPERATOR)
    assert list(found.ownerless.without) == [unowned]
    firm.do(command)
    side = Side(members=frozenset({ADMIN})), Side(clients=frozenset({owned, unowned}))
    found = access.preview(firm.firm, w.RaiseWall(name="Bid", sides=side), actor=OPERATOR)
    assert (list(found.ownerless.without), list(found.ownerless.walled_off)) == ([], [owned])


def test_a_preview_is_refused_as_the_command_would_be(firm: Cast) -> None:
    bob = firm.member("Bob")
    with pytest.raises(Refused) as refused:
        access.preview(firm.firm, w.TurnOn(), actor=Actor(bob))
    assert refused.value.refusal is Refusal.NOT_PERMITTED


@pytest.fixture
def compared(firm: Cast, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each comparison; the firm has a policy that refuses, and control is on."""
    nobody = st.AtMost(number=99, clients=st.ClientsMeant(all=True))
    firm.do(w.SetPolicy(name="Nothing", mode="refuse", statements=(nobody,)))
    firm.turn_on()
    monkeypatch.setattr(moves, "FEW_CLIENTS", 0)
    monkeypatch.setattr(moves, "SIDES", 0)
    found, between = list[int](), difference._between

    def counted(*given: Any) -> difference.Difference:
        found.append(1)
        return between(*given)

    monkeypatch.setattr(difference, "_between", counted)
    # A firm about whose policies nobody has asked is looked at where the change touches it.
    firm.do(w.CreateGroup(name="Other"))
    return found


def test_what_a_preview_compares_is_compared_once_with_the_policies_it_holds(
    firm: Cast, compared: list[int]
) -> None:
    command = w.CreateGroup(name="Team", members=frozenset({ADMIN}), on=On.client(firm.client("Acme")))
    for _ in range(ASKED):
        access.preview(firm.firm, command, actor=OPERATOR)
    compared.clear()
    access.preview(firm.firm, command, actor=OPERATOR)
    assert compared == [1]


def test_what_was_compared_for_a_change_is_let_go_of_once_it_is_made(firm: Cast, compared: list[int]) -> None:
    client = firm.client("Acme")
    for name in ("One", "Two", "Three", "Four"):
        compared.clear()
        done = firm.do(w.CreateGroup(name=name, members=frozenset({ADMIN}), on=On.client(client)))
    assert compared == [1]
    assert done.after.moment.evaluation.compared is None


def test_the_preview_is_what_then_happens(firm: Cast) -> None:
    bob, client = firm.member("Bob"), firm.client("Acme")
    firm.turn_on()
    command = w.CreateGroup(name="Team", members=frozenset({ADMIN}), on=On.client(client))
    found = access.preview(firm.firm, command, actor=OPERATOR)
    done = firm.do(command)
    lost = [m for m in (ADMIN, bob) if done.before.sees(m, client) and not done.after.sees(m, client)]
    assert lost == list(found.difference.loses)


def test_a_number_of_another_firm_is_nobody_here(firm: Cast, other_firm: Cast) -> None:
    stranger = other_firm.member("Zoe"), other_firm.member("Yan")
    with pytest.raises(Refused) as refused:
        firm.do(w.CreateGroup(name="Team"), by=stranger[1])
    assert refused.value.refusal is Refusal.NOT_PERMITTED
    client = other_firm.client("Theirs")
    with pytest.raises(Refused) as refused:
        firm.do(w.ChangeClient(client=client, name="Ours"), by=ADMIN)
    assert refused.value.refusal is Refusal.NOT_FOUND


def test_names_and_references_of_another_firm_are_free_here(firm: Cast, other_firm: Cast) -> None:
    other_firm.client("Acme", reference="A-1")
    other_firm.group("Team")
    firm.client("Acme", reference="A-1")
    firm.group("Team")
    assert firm.view.version == 3


def test_a_command_for_a_firm_that_is_not_there_is_an_error(db: None) -> None:
    with pytest.raises(FirmUnknown):
        access.execute(999, w.TurnOn(), actor=OPERATOR)


def test_turning_control_off_discards_this_firms_drafts_alone(firm: Cast, other_firm: Cast) -> None:
    for each in (firm, other_firm):
        Draft.objects.create(firm_id=each.firm, member=ADMIN, purpose="group.create")
    firm.turn_on()
    firm.do(w.TurnOff())
    assert list(Draft.objects.values_list("firm_id", flat=True)) == [other_firm.firm]


def test_the_ledgers_time_never_runs_backwards(firm: Cast) -> None:
    later = firm.view.moment.now + 3_600_000_000
    Firm.objects.filter(pk=firm.firm).update(changed_at=later)
    done = firm.turn_on()
    assert done.at == later
    assert LedgerEntry.objects.get(firm=firm.firm, number=done.version).at == later


def test_self_access_is_marked_in_the_ledger(firm: Cast) -> None:
    client = firm.client("Acme")
    group = firm.group("Team", firm.member("Bob"), on=On.client(client))
    firm.turn_on()
    done = firm.do(w.AddToGroup(group=group, members=frozenset({ADMIN})), by=ADMIN)
    assert done.change.self_access
    assert LedgerEntry.objects.get(firm=firm.firm, number=done.version).self_access
