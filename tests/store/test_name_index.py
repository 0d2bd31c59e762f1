"""The names that one process keeps follow the ledger."""

from array import array
from typing import NoReturn

import pytest
from pyroaring import BitMap

from ringfence.core.events import (
    ClientsAdded,
    Described,
    EngagementAdded,
    EngagementsAdded,
    GroupCreated,
    packed,
)
from ringfence.core.scenario.bridge import state_of
from ringfence.core.terms import Thing
from ringfence.store import name_index
from ringfence.store.name_index import NameIndex
from ringfence.store.names import Names
from ringfence.store.sources import Connection, FirmUnknown, Mark, StateUnavailable
from tests.core.firms import ACME, ACME_VAT, BOOTS, TEAM, VAT, small_firm
from tests.store.conftest import Connect
from tests.store.tables import FIRST, Tables, execute

pytestmark = pytest.mark.both_databases

EVERY_CLIENT = BitMap(range(1, 100))


@pytest.fixture
def tables(connection: Connection) -> Tables:
    return Tables(connection, state_of(small_firm()))


@pytest.fixture
def reader(another: Connect) -> Connection:
    return another()


def clients(names: Names) -> list[int]:
    return names.page(EVERY_CLIENT, 0, 100)


def rename(tables: Tables, client: int, name: str) -> None:
    """The row and the entry that says so. `Tables.happen` writes the rows anew, so the name comes after."""
    tables.happen(Described(thing=Thing.CLIENT, number=client))
    execute(tables.connection, "UPDATE firms_client SET sort_key = ? WHERE number = ?", name, client)


def test_all_clients_and_references_are_read(tables: Tables, reader: Connection) -> None:
    names = NameIndex().current(reader, tables.firm)
    assert clients(names) == [ACME, BOOTS]
    assert set(names.matching("c-2").clients) == {BOOTS}
    assert set(names.matching("t-2").engagements) == {ACME_VAT}


def test_many_clients_are_read_across_chunks(
    tables: Tables, reader: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_clients(tables, 50)
    monkeypatch.setattr("ringfence.store.name_index.BATCH", 4)
    names = NameIndex().current(reader, tables.firm)
    assert len(names.chunks) == 13
    assert clients(names) == sorted(range(1, 53), key=lambda number: f"client {number}")


def add_clients(tables: Tables, count: int) -> None:
    register = tables.state.register
    start = register.next_client
    tables.happen(
        ClientsAdded(
            first_client=start,
            count=count,
            first_engagement=register.next_engagement,
            client_of=array("I", range(start, start + count)).tobytes(),
            service_of=array("I", [VAT] * count).tobytes(),
        )
    )


def test_nothing_is_read_again_while_nothing_happens(tables: Tables, reader: Connection) -> None:
    index = NameIndex()
    assert index.current(reader, tables.firm) is index.current(reader, tables.firm)


def test_an_entry_about_other_things_leaves_the_names_alone(tables: Tables, reader: Connection) -> None:
    index = NameIndex()
    before = index.current(reader, tables.firm)
    tables.happen(GroupCreated(group=TEAM + 1))
    assert index.current(reader, tables.firm).chunks == before.chunks


def test_a_renamed_client_is_found_by_the_next_question(tables: Tables, reader: Connection) -> None:
    index = NameIndex()
    index.current(reader, tables.firm)
    rename(tables, ACME, "zebra")
    names = index.current(reader, tables.firm)
    assert clients(names) == [BOOTS, ACME]
    assert set(names.matching("zeb").clients) == {ACME}


def test_an_added_client_is_found_by_the_next_question(tables: Tables, reader: Connection) -> None:
    index = NameIndex()
    index.current(reader, tables.firm)
    add_clients(tables, 3)
    names = index.current(reader, tables.firm)
    assert clients(names) == [1, 2, 3, 4, 5]
    assert set(names.matching("t-5").engagements) == {5}


@pytest.mark.parametrize(
    "added",
    [
        EngagementAdded(engagement=4, client=BOOTS, service=VAT),
        EngagementsAdded(
            first_engagement=4, client_of=packed(array("I", [BOOTS])), service_of=packed(array("I", [VAT]))
        ),
    ],
    ids=["alone", "as a list"],
)
def test_an_added_engagement_is_found_by_the_next_question(
    tables: Tables, reader: Connection, added: EngagementAdded | EngagementsAdded
) -> None:
    index = NameIndex()
    index.current(reader, tables.firm)
    tables.happen(added)
    assert set(index.current(reader, tables.firm).matching("t-4").engagements) == {4}


def test_after_a_long_list_nothing_is_read_before_all_names_are(
    tables: Tables, reader: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = NameIndex()
    index.current(reader, tables.firm)
    monkeypatch.setattr(name_index, "MANY", 5)
    monkeypatch.setattr(name_index, "_with_numbers", read_in_part)
    add_clients(tables, 10)
    assert len(clients(index.current(reader, tables.firm))) == 12


def read_in_part(*_asked: object) -> NoReturn:
    raise AssertionError("clients or engagements are read one by one")


def test_a_changed_tax_reference_is_found_by_the_next_question(tables: Tables, reader: Connection) -> None:
    index = NameIndex()
    index.current(reader, tables.firm)
    tables.happen(Described(thing=Thing.ENGAGEMENT, number=ACME_VAT))
    execute(
        tables.connection, "UPDATE firms_engagement SET reference_key = ? WHERE number = ?", "gb9", ACME_VAT
    )
    assert set(index.current(reader, tables.firm).matching("gb9").engagements) == {ACME_VAT}


def test_after_very_many_changes_all_names_are_read_anew(
    tables: Tables, reader: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = NameIndex()
    index.current(reader, tables.firm)
    monkeypatch.setattr(name_index, "MANY", 10)
    add_clients(tables, 50)
    assert len(clients(index.current(reader, tables.firm))) == 52


def test_names_of_a_restored_firm_are_read_anew(tables: Tables, reader: Connection) -> None:
    index = NameIndex()
    add_clients(tables, 3)
    index.current(reader, tables.firm)
    tables.replace(state_of(small_firm()), Mark(FIRST.version, b"\x02" * 32, FIRST.at))
    assert clients(index.current(reader, tables.firm)) == [ACME, BOOTS]


def test_a_name_that_is_rolled_back_yet_is_never_kept(tables: Tables, another: Connect) -> None:
    index = NameIndex()
    tables.connection.execute("BEGIN")
    execute(tables.connection, "UPDATE firms_client SET sort_key = ? WHERE number = ?", "zebra", ACME)
    within = index.current(tables.connection, tables.firm)
    tables.connection.execute("ROLLBACK")
    assert clients(within) == [BOOTS, ACME]
    assert clients(index.current(another(), tables.firm)) == [ACME, BOOTS]


def test_no_names_are_given_over_a_lost_connection(tables: Tables, reader: Connection) -> None:
    index = NameIndex()
    index.current(reader, tables.firm)
    reader.close()
    with pytest.raises(StateUnavailable):
        index.current(reader, tables.firm)


def test_the_names_of_an_unknown_firm_are_not_there(tables: Tables, reader: Connection) -> None:
    with pytest.raises(FirmUnknown):
        NameIndex().current(reader, 404)
