"""The index of the ledger: it finds exactly the entries that name somebody, whatever their number."""

from random import Random

import pytest
from pyroaring import BitMap

from ringfence import access
from ringfence.access.ledger.indexing import index_ledgers
from ringfence.access.ledger.members_and_clients import clients_in, groups_in, members_in
from ringfence.access.ledger.mentions import (
    ALONE,
    entries_naming,
    mentions_of,
    stored_mentions,
    write_mentions,
)
from ringfence.core import events as e
from ringfence.core.commands import On, Refused
from ringfence.core.terms import Level, Thing, group_subject, member_subject
from ringfence.firms.models import Firm, LedgerMention
from tests.access.cast import ADMIN, Cast
from tests.access.possible_commands import PossibleCommands

pytestmark = pytest.mark.both_databases


def a_history(firm: Cast, seed: int, length: int = 60) -> None:
    """Random commands; those that are refused leave no entry."""
    firm.clients(30)
    draw = PossibleCommands(Random(seed))
    for _ in range(length):
        try:
            firm.do(draw.command(firm.view.moment), by=ADMIN)
        except Refused:
            continue


@pytest.mark.parametrize("seed", range(3))
def test_the_index_finds_the_entries_that_name_somebody_and_no_others(firm: Cast, seed: int) -> None:
    a_history(firm, seed)
    register = firm.view.moment.state.register
    entries = list(access.entries(firm.firm))
    named = {
        Thing.MEMBER: {entry.number: members_in(entry.events) for entry in entries},
        Thing.CLIENT: {entry.number: clients_in(entry.events, register) for entry in entries},
        Thing.GROUP: {entry.number: groups_in(entry.events) for entry in entries},
    }
    for thing, by_entry in named.items():
        everybody = BitMap.union(BitMap(), *by_entry.values())
        for numbers in [*(BitMap([number]) for number in everybody), everybody, BitMap([999])]:
            wanted = BitMap([entry for entry, those in by_entry.items() if those & numbers])
            assert entries_naming(firm.firm, thing, numbers) == wanted


@pytest.mark.parametrize(
    ("numbers", "rows"),
    [
        (BitMap(range(1, ALONE + 1)), ALONE),
        (BitMap(range(5, 100_005)), 1),
        (BitMap(range(1, 200_000, 3)), 4),
        (BitMap([*range(1, 400, 2), 900_000]), 2),
    ],
)
def test_however_many_an_entry_names_it_takes_few_rows(firm: Cast, numbers: BitMap, rows: int) -> None:
    event = e.GrantsSet(subject=member_subject(ADMIN), kind="client", targets=numbers, level=Level.EDITOR)
    register = firm.view.moment.state.register
    assert len([each for each in mentions_of([event], register) if each.thing == "client"]) == rows
    write_mentions(firm.firm, 50, mentions_of([event], register))
    for number in (numbers.min(), numbers.max(), numbers[len(numbers) // 2]):
        assert entries_naming(firm.firm, Thing.CLIENT, BitMap([number])) == BitMap([50])
    outside = [numbers.max() + 1, *([numbers.min() + 1] if numbers.min() + 1 not in numbers else [])]
    assert not entries_naming(firm.firm, Thing.CLIENT, BitMap(outside))


def test_another_firms_entries_are_not_found(firm: Cast, other_firm: Cast) -> None:
    other_firm.client("Theirs")
    assert not entries_naming(firm.firm, Thing.CLIENT, BitMap([1]))
    assert len(entries_naming(other_firm.firm, Thing.CLIENT, BitMap([1]))) == 1


def test_a_ledger_from_before_is_given_its_index_once(firm: Cast) -> None:
    a_history(firm, 7, 20)
    firm.group("Dairy", firm.member("Ivy"), on=On.client(1))
    made = list(stored_mentions(firm.firm))
    LedgerMention.objects.filter(firm=firm.firm).delete()
    Firm.objects.filter(pk=firm.firm).update(indexed=0)
    assert "The index of the ledger does not reach to its end" in " ".join(access.verify(firm.firm).problems)
    assert index_ledgers() == 1
    assert list(stored_mentions(firm.firm)) == made
    assert access.verify(firm.firm).whole
    assert index_ledgers() == 0


def test_an_index_that_is_half_there_is_finished(firm: Cast) -> None:
    ivy = firm.member("Ivy")
    Firm.objects.filter(pk=firm.firm).update(indexed=1)
    firm.group("Dairy", ivy)
    assert Firm.objects.get(pk=firm.firm).indexed == 1
    index_ledgers()
    assert access.verify(firm.firm).whole


def test_an_index_that_says_something_else_is_noticed(firm: Cast) -> None:
    firm.group("Dairy", firm.member("Ivy"))
    LedgerMention.objects.filter(firm=firm.firm, thing="member", first=2, entry=2).update(first=3, last=3)
    assert "The index of the ledger does not name what entry 2 names." in access.verify(firm.firm).problems


def test_a_name_for_an_entry_that_is_not_there_is_noticed(firm: Cast) -> None:
    LedgerMention.objects.create(firm_id=firm.firm, thing="client", first=1, last=1, entry=99)
    assert access.verify(firm.firm).problems == (
        "The index of the ledger names entries that the ledger does not have.",
    )


def test_a_group_is_named_by_what_it_is_given() -> None:
    event = e.GrantsSet(subject=group_subject(4), kind="all", targets=BitMap([0]), level=Level.READER)
    assert groups_in([event]) == BitMap([4])
