"""Nothing done yet, for each test of the jobs room."""

import pytest


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    # Imported where it is used: pytest reads this file before Django's settings are known.
    from tests.jobs.tasks import DONE

    DONE.clear()
