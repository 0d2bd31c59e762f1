"""Three minutes of what `python -m tests.endurance` does for an hour, slower: other tests run beside it."""

from pathlib import Path

import pytest

from tests.endurance.running import Rates, wear
from tests.support.databases import Databases
from tests.support.seed import SEED

pytestmark = [pytest.mark.both_databases, pytest.mark.timeout(900)]

SECONDS = 180
RATES = Rates(changes=10, questions=15, askers=2, kill_every=30)


def test_no_answer_is_wrong_and_no_change_is_lost_while_processes_are_killed(
    databases: Databases, tmp_path: Path
) -> None:
    outcome = wear(databases.migrated(), tmp_path, SECONDS, RATES, SEED)
    assert outcome.faults == []
    assert outcome.grown == {}
    assert len(outcome.killed) >= 2
    # A busy machine does less in the time, but never next to nothing.
    assert outcome.changes >= 100
    assert outcome.right_after >= 150
