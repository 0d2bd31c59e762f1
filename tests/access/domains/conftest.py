"""A name server for the tests of domains, empty for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.name_server import NameServer, name_server


@pytest.fixture(scope="module")
def running_server() -> Iterator[NameServer]:
    with name_server() as server:
        yield server


@pytest.fixture
def server(running_server: NameServer) -> NameServer:
    running_server.texts.clear()
    running_server.failing.clear()
    running_server.asked.clear()
    return running_server
