"""Whoever followed the ledger, and whoever reads the tables, have the same state."""

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Facts
from ringfence.store.freshness import Cache
from ringfence.store.loading import load
from ringfence.store.sources import Connection
from tests.core import model
from tests.core.firms import firms
from tests.core.histories import next_events
from tests.store.tables import Tables
from tests.store.test_loading import assert_same
from tests.support.seed import SEED

pytestmark = pytest.mark.both_databases


@seed(SEED)
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), facts=firms())
def test_after_random_events_the_caught_up_state_is_the_one_in_the_tables(
    connection: Connection, data: st.DataObject, facts: Facts
) -> None:
    tables = Tables(connection, state_of(facts))
    try:
        _follow(tables, connection, data, facts)
    finally:
        tables.delete()


def _follow(tables: Tables, connection: Connection, data: st.DataObject, facts: Facts) -> None:
    cache = Cache()
    cache.current(connection, tables.firm)
    for _ in range(data.draw(st.integers(1, 6))):
        event = data.draw(next_events(facts, tables.state))
        facts = model.after(facts, event)
        tables.happen(event)
        if data.draw(st.booleans()):
            cache.current(connection, tables.firm)
    followed = cache.current(connection, tables.firm).state
    assert_same(followed, load(connection, tables.firm).state)
