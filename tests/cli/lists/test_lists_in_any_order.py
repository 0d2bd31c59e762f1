"""A list is one change: the same rows in another order do the same (rules.md 9, lists)."""

from pathlib import Path

import pytest

from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, member_subject
from tests.access.cast import found
from tests.cli.listing import Office, open_office, succeed

CASES = Path(__file__).parents[2] / "lists" / "cases"


@pytest.fixture
def practice(db: None, tmp_path: Path) -> Office:
    """Two advisers on client O1, with fee splits of 100 and 0."""
    office = open_office(found(profile="practice"), tmp_path)
    office.cast.client("Oak", reference="O1")
    for name, split in (("Cyd", 10_000), ("Ben", 0)):
        office.cast.do(w.AddMember(name=name, email=f"{name.lower()}@sp.example"))
        member = member_subject(office.cast.view.last_member)
        office.cast.do(w.SetGrant(to=(member,), on=On.client(1), level=Level.OWNER, fee_split=split))
    return office


@pytest.fixture
def planning(db: None, tmp_path: Path) -> Office:
    """Sue owns client E1, which needs an Owner, and Tom reads it."""
    office = open_office(found(profile="planning"), tmp_path)
    for name in ("Sue", "Tom"):
        office.cast.do(w.AddMember(name=name, email=f"{name.lower()}@own.example"))
    office.cast.client("Elm", reference="E1")
    office.cast.grant(member_subject(2), On.client(1), Level.OWNER)
    office.cast.grant(member_subject(3), On.client(1), Level.READER)
    return office


@pytest.mark.parametrize("name", ["fee-splits-a.csv", "fee-splits-b.csv"])
def test_fee_splits_change_hands_in_any_order(practice: Office, name: str) -> None:
    succeed("import", "access", CASES / name)
    state = practice.cast.view.moment.state
    splits = [state.held_by(member_subject(number)).fee_splits[1] for number in (2, 3)]
    assert splits == [6_000, 4_000]
    assert practice.whole()


@pytest.mark.parametrize("name", ["owners-a.csv", "owners-b.csv"])
def test_the_owner_changes_in_any_order(planning: Office, name: str) -> None:
    succeed("import", "access", CASES / name)
    state = planning.cast.view.moment.state
    levels = [state.held_by(member_subject(number)).clients[Level.OWNER - 1] for number in (2, 3)]
    assert [1 in owned for owned in levels] == [False, True]
    assert planning.whole()


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_two_clients_exchange_their_tax_references(db: None, tmp_path: Path, order: str) -> None:
    office = open_office(found(), tmp_path)
    header = "Code,Name,VAT\n"
    office.imports("clients", header + "A,Acme,GB123456789\nB,Boots,GB987654321\n")
    rows = {"A": "A,Acme,GB987654321\n", "B": "B,Boots,GB 123 4567 89\n"}
    office.imports("clients", header + "".join(rows[code] for code in order))
    assert office.services("A")["VAT"] == "GB987654321"
    assert office.services("B")["VAT"] == "GB 123 4567 89"
    assert office.whole()


def test_a_tax_reference_that_its_holder_keeps_is_refused(db: None, tmp_path: Path) -> None:
    office = open_office(found(), tmp_path)
    header = "Code,Name,VAT\n"
    office.imports("clients", header + "A,Acme,GB123456789\nB,Boots,GB987654321\n")
    office.refuses("clients", header + "A,Acme,987654321\nB,Boots,GB 987 6543 21\n")
