"""The rules as scenarios, over tables, through pages and over the wire: what holds in memory is what is met.

Levels, refusals and clients seen; read from pages as well on SQLite, from the decision service on PostgreSQL.
Reasons, previews and proofs are asked of memory alone (`tests/core/test_truth.py`). At the end the tables
hold every fact that memory holds.
"""

import pytest

from ringfence.core import scenario
from ringfence.core.scenario.bridge import facts_of
from tests.support.databases import Databases, Engine
from tests.surfaces.pages import Pages
from tests.surfaces.tables import Tables
from tests.surfaces.wire import Wire
from tests.truth.documents import Document, documents

pytestmark = pytest.mark.both_databases


@pytest.fixture
def surface(db: None, databases: Databases) -> Tables:
    """Pages need one database only; so does the wire, which `decide/test_agreement.py` holds on both."""
    return Pages() if databases.engine is Engine.SQLITE else Wire()


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.id)
def test_the_scenario_holds_on_every_surface(document: Document, surface: Tables) -> None:
    (outcome,) = scenario.run(document.text, surface)
    assert not outcome.failures, "\n".join([document.id, *outcome.failures])
    assert surface.facts() == facts_of(surface.book.state)
