"""The decision service and a firm whose software asks it, and a server on which documents were followed."""

from collections.abc import Iterator

import pytest

from tests.clients.following import Followed, following
from tests.decide.conftest import firm, service, software
from tests.support.databases import Databases

__all__ = ["firm", "followed", "service", "software"]


@pytest.fixture(scope="session")
def followed(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    """All roles of `ringfence serve` with the demo's agency, after every command of the documents."""
    with following(databases.migrated(), tmp_path_factory.mktemp("followed")) as found:
        yield found
