"""A state from the tables is the state that was put there."""

import pytest
from hypothesis import HealthCheck, given, seed, settings

from ringfence.core.events import ClientRemoved, ClientRestored, EngagementRemoved, GroupCreated
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.specification.facts import Facts
from ringfence.core.state.state import State
from ringfence.core.terms import EVERYONE, Instant
from ringfence.firms.codes import SUBJECT_KINDS, TARGET_KINDS
from ringfence.store import loading
from ringfence.store.loading import load
from ringfence.store.sources import Connection, FirmUnknown, StateUnavailable
from tests.core.firms import ACME, ACME_VAT, BEN, NOW, TEAM, firms, small_firm
from tests.store.conftest import Connect
from tests.store.tables import FIRST, Tables, execute, transaction
from tests.support.seed import SEED

pytestmark = pytest.mark.both_databases

PARTS = [name for name in State.__struct_fields__ if name != "memo"]


def assert_same(found: State, expected: State) -> None:
    """Equal in every part, as `ledger verify` compares them."""
    for name in PARTS:
        assert getattr(found, name) == getattr(expected, name), name


@seed(SEED)
@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(facts=firms())
def test_a_random_firm_is_loaded_as_it_was_written(connection: Connection, facts: Facts) -> None:
    state = state_of(facts)
    tables = Tables(connection, state)
    try:
        found = load(connection, tables.firm)
    finally:
        tables.delete()
    assert_same(found.state, state)
    assert facts_of(found.state) == facts


def test_a_state_is_loaded_with_its_place_in_the_ledger(connection: Connection) -> None:
    tables = Tables(connection, state_of(small_firm()))
    assert load(connection, tables.firm).mark == FIRST


def test_a_firm_after_removals_is_loaded_as_the_events_left_it(connection: Connection) -> None:
    tables = Tables(connection, state_of(small_firm()))
    tables.happen(
        EngagementRemoved(engagement=ACME_VAT),
        ClientRemoved(client=ACME, at=NOW),
        ClientRemoved(client=2, at=Instant(NOW + 1)),
        ClientRestored(client=ACME),
    )
    assert_same(load(connection, tables.firm).state, tables.state)


def test_everyone_holds_the_active_members_though_no_row_says_so(connection: Connection) -> None:
    facts = small_firm()
    tables = Tables(connection, state_of(facts))
    execute(connection, "UPDATE firms_member SET active = ? WHERE number = ?", False, BEN)
    assert BEN not in load(connection, tables.firm).state.groups[EVERYONE]


def test_engagements_are_read_across_slices(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = Tables(connection, state_of(small_firm()))
    monkeypatch.setattr(loading, "SLICE", 2)
    assert_same(load(connection, tables.firm).state, tables.state)


def test_only_the_firm_that_was_asked_for_is_read(connection: Connection) -> None:
    ours = Tables(connection, state_of(small_firm()), firm=1)
    theirs = Tables(connection, state_of(small_firm(groups={})), firm=2)
    theirs.happen(GroupCreated(group=TEAM + 1))
    assert_same(load(connection, ours.firm).state, ours.state)


def test_a_firm_that_is_not_there_is_unknown(connection: Connection) -> None:
    with pytest.raises(FirmUnknown):
        load(connection, 404)


def test_a_missing_engagement_is_never_taken_for_a_state(connection: Connection) -> None:
    tables = Tables(connection, state_of(small_firm()))
    execute(connection, "DELETE FROM firms_engagement WHERE number = ?", ACME_VAT)
    with pytest.raises(StateUnavailable, match="damaged"):
        load(connection, tables.firm)


def test_a_closed_connection_is_an_error(connection: Connection) -> None:
    tables = Tables(connection, state_of(small_firm()))
    connection.close()
    with pytest.raises(StateUnavailable):
        load(connection, tables.firm)


def test_loading_leaves_no_transaction_open(connection: Connection, another: Connect) -> None:
    tables = Tables(connection, state_of(small_firm()))
    reader = another()
    load(reader, tables.firm)
    with transaction(reader):
        load(reader, tables.firm)
    tables.happen(GroupCreated(group=TEAM + 1))
    assert TEAM + 1 in load(reader, tables.firm).state.groups


def test_within_a_transaction_its_own_changes_are_seen(connection: Connection) -> None:
    tables = Tables(connection, state_of(small_firm()))
    with transaction(connection):
        execute(connection, "DELETE FROM firms_groupmember")
        assert not load(connection, tables.firm).state.groups[TEAM]


def test_the_codes_of_the_tables_are_those_of_the_models() -> None:
    assert (loading.SUBJECT_KINDS, loading.TARGET_KINDS) == (SUBJECT_KINDS, TARGET_KINDS)
