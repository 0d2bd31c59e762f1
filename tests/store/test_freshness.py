"""What one process keeps of firms is current whenever it is asked, or an error."""

from typing import Any

import pytest
from pyroaring import BitMap

from ringfence.core.events import EngagementAdded, GroupCreated, GroupJoined, RecordOpened
from ringfence.core.scenario.bridge import state_of
from ringfence.store import entries, freshness
from ringfence.store.freshness import Cache
from ringfence.store.loading import Loaded, load_from
from ringfence.store.sources import Connection, FirmUnknown, Mark, StateUnavailable
from tests.core.firms import BEN, BOOTS, CY, TEAM, VAT, small_firm
from tests.store.conftest import Connect
from tests.store.tables import FIRST, Tables, execute, transaction
from tests.store.test_loading import assert_same

pytestmark = pytest.mark.both_databases


@pytest.fixture
def tables(connection: Connection) -> Tables:
    """The firm, and the connection that changes it."""
    return Tables(connection, state_of(small_firm()))


@pytest.fixture
def reader(another: Connect) -> Connection:
    """A connection that only reads."""
    return another()


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The firms that were loaded whole, one after the other."""
    made: list[int] = []

    def counted(source: Any, firm: int) -> Loaded:
        made.append(firm)
        return load_from(source, firm)

    monkeypatch.setattr(freshness, "load_from", counted)
    return made


def join(number: int) -> GroupJoined:
    return GroupJoined(group=TEAM, members=BitMap([number]))


def test_the_second_question_is_answered_with_the_very_same_state(
    tables: Tables, reader: Connection, loads: list[int]
) -> None:
    cache = Cache()
    first = cache.current(reader, tables.firm)
    assert cache.current(reader, tables.firm).state is first.state
    assert loads == [tables.firm]


def test_a_change_is_seen_by_the_next_question(tables: Tables, reader: Connection, loads: list[int]) -> None:
    cache = Cache()
    cache.current(reader, tables.firm)
    tables.happen(join(BEN), EngagementAdded(engagement=4, client=BOOTS, service=VAT))
    tables.happen(join(CY))
    found = cache.current(reader, tables.firm)
    assert found.version == tables.mark.version
    assert_same(found.state, tables.state)
    assert loads == [tables.firm]


def test_so_many_firms_are_kept_as_are_set(
    tables: Tables, reader: Connection, loads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    another = Tables(tables.connection, state_of(small_firm()), firm=2)
    for kept, loaded in (("1", [1, 2, 1]), ("2", [1, 2])):
        monkeypatch.setenv("RINGFENCE_FIRMS_KEPT", kept)
        cache = Cache()
        loads.clear()
        for firm in (tables.firm, another.firm, tables.firm):
            cache.current(reader, firm)
        assert loads == loaded


def test_a_state_once_given_never_changes(tables: Tables, reader: Connection) -> None:
    cache = Cache()
    before = cache.current(reader, tables.firm).state
    tables.happen(join(BEN))
    cache.current(reader, tables.firm)
    assert BEN not in before.groups[TEAM]


def test_who_is_far_behind_loads_the_tables(
    tables: Tables, reader: Connection, loads: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "FAR_BEHIND", 2)
    cache = Cache()
    cache.current(reader, tables.firm)
    for number in range(3):
        tables.happen(GroupCreated(group=TEAM + 1 + number))
    assert_same(cache.current(reader, tables.firm).state, tables.state)
    assert len(loads) == 2


@pytest.fixture
def mostly_noted(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> Cache:
    """A cache that is two changes behind, with three records opened in between."""
    monkeypatch.setattr(freshness, "FAR_BEHIND", 2)
    cache = Cache()
    cache.current(tables.connection, tables.firm)
    tables.happen(join(BEN))
    for client in (BOOTS, BOOTS, BOOTS):
        tables.happen(RecordOpened(client=client))
    tables.happen(join(CY))
    return cache


def test_records_opened_bring_nobody_far_behind(
    tables: Tables, reader: Connection, loads: list[int], mostly_noted: Cache
) -> None:
    assert_same(mostly_noted.current(reader, tables.firm).state, tables.state)
    assert loads == [tables.firm]


def test_records_opened_beyond_counting_are_not_followed_one_by_one(
    tables: Tables,
    reader: Connection,
    loads: list[int],
    mostly_noted: Cache,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(entries, "MOST", 4)
    assert_same(mostly_noted.current(reader, tables.firm).state, tables.state)
    assert len(loads) == 2


def test_a_restored_firm_with_an_older_version_is_loaded_anew(tables: Tables, reader: Connection) -> None:
    cache = Cache()
    tables.happen(join(BEN))
    cache.current(reader, tables.firm)
    tables.replace(state_of(small_firm(groups={})), FIRST)
    found = cache.current(reader, tables.firm)
    assert found.version == FIRST.version
    assert TEAM not in found.state.groups


def test_a_restored_firm_with_the_same_version_is_loaded_anew(tables: Tables, reader: Connection) -> None:
    cache = Cache()
    cache.current(reader, tables.firm)
    tables.replace(state_of(small_firm(groups={})), Mark(FIRST.version, b"\x02" * 32, FIRST.at))
    assert TEAM not in cache.current(reader, tables.firm).state.groups


def test_a_restored_firm_with_a_newer_version_is_loaded_anew(tables: Tables, reader: Connection) -> None:
    cache = Cache()
    cache.current(reader, tables.firm)
    tables.replace(state_of(small_firm(groups={})), Mark(FIRST.version, b"\x02" * 32, FIRST.at))
    tables.happen(GroupCreated(group=TEAM + 1))
    found = cache.current(reader, tables.firm)
    assert_same(found.state, tables.state)


def test_an_answer_is_never_given_over_a_lost_connection(tables: Tables, reader: Connection) -> None:
    cache = Cache()
    cache.current(reader, tables.firm)
    reader.close()
    with pytest.raises(StateUnavailable):
        cache.current(reader, tables.firm)


@pytest.mark.parametrize(
    "strange",
    [
        b'{"digests":"","events":[{"event":"firm.painted"}]}',
        b'{"digests":"","events":[{"event":"firm.painted \xc3"}]}',
    ],
)
def test_an_entry_that_cannot_be_understood_is_an_error(
    tables: Tables, reader: Connection, strange: bytes
) -> None:
    cache = Cache()
    cache.current(reader, tables.firm)
    tables.happen(GroupCreated(group=TEAM + 1))
    execute(tables.connection, "UPDATE firms_ledgerentry SET body = ?", strange)
    with pytest.raises(StateUnavailable, match="newer version"):
        cache.current(reader, tables.firm)


def test_a_change_that_is_rolled_back_yet_is_never_kept(tables: Tables, another: Connect) -> None:
    cache = Cache()
    cache.current(tables.connection, tables.firm)
    tables.connection.execute("BEGIN")
    execute(tables.connection, "UPDATE firms_firm SET version = 2, head = ?", b"\x02" * 32)
    execute(tables.connection, "DELETE FROM firms_groupmember")
    within = cache.current(tables.connection, tables.firm)
    tables.connection.execute("ROLLBACK")
    after = cache.current(another(), tables.firm)
    assert (within.version, len(within.state.groups[TEAM])) == (2, 0)
    assert (after.version, len(after.state.groups[TEAM])) == (1, 1)


def test_within_a_transaction_the_kept_state_is_caught_up(tables: Tables, loads: list[int]) -> None:
    cache = Cache()
    cache.current(tables.connection, tables.firm)
    tables.happen(join(BEN))
    with transaction(tables.connection):
        assert_same(cache.current(tables.connection, tables.firm).state, tables.state)
    assert loads == [tables.firm]


def test_what_a_writer_puts_is_used_without_a_load(
    tables: Tables, reader: Connection, loads: list[int]
) -> None:
    cache = Cache()
    cache.put(tables.firm, Loaded(tables.state, *tables.mark))
    assert cache.current(reader, tables.firm).state is tables.state
    assert loads == []


def test_a_writer_who_comes_late_does_not_push_out_a_newer_state(tables: Tables, reader: Connection) -> None:
    cache = Cache()
    old = Loaded(tables.state, *tables.mark)
    tables.happen(join(BEN))
    newest = cache.current(reader, tables.firm).state
    cache.put(tables.firm, old)
    assert cache.current(reader, tables.firm).state is newest


def test_a_firm_that_was_deleted_is_unknown(tables: Tables, reader: Connection) -> None:
    cache = Cache()
    cache.current(reader, tables.firm)
    tables.delete()
    with pytest.raises(FirmUnknown):
        cache.current(reader, tables.firm)


def test_the_firm_asked_for_longest_ago_is_dropped_first(
    connection: Connection, reader: Connection, loads: list[int]
) -> None:
    for firm in (1, 2, 3):
        Tables(connection, state_of(small_firm()), firm=firm)
    cache = Cache(limit=2)
    for firm in (1, 2, 1, 3, 1, 2):
        cache.current(reader, firm)
    assert loads == [1, 2, 3, 2]


def test_asking_for_firms_that_are_not_there_drops_nothing(
    tables: Tables, reader: Connection, loads: list[int]
) -> None:
    cache = Cache(limit=1)
    cache.current(reader, tables.firm)
    for firm in (404, 405):
        with pytest.raises(FirmUnknown):
            cache.current(reader, firm)
    cache.current(reader, tables.firm)
    assert loads == [tables.firm]


def test_each_firm_has_a_state_of_its_own(tables: Tables, reader: Connection) -> None:
    other = Tables(tables.connection, state_of(small_firm()), firm=2)
    cache = Cache()
    cache.current(reader, other.firm)
    cache.current(reader, tables.firm)
    other.happen(join(BEN))
    assert BEN in cache.current(reader, other.firm).state.groups[TEAM]
    assert BEN not in cache.current(reader, tables.firm).state.groups[TEAM]


def test_an_event_without_effect_moves_the_version_on(tables: Tables, reader: Connection) -> None:
    cache = Cache()
    cache.current(reader, tables.firm)
    tables.happen()
    assert cache.current(reader, tables.firm).version == FIRST.version + 1
