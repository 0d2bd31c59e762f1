"""The real server over HTTP: every check of scim2-tester, and scim2-client as a second client.

scim2-tester looks at neither filters, pages nor who leaves a group: `test_searching`, `test_groups`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.children import COMMAND, environment
from tests.cli.processes.site import EMAIL, site

if TYPE_CHECKING:
    from tests.support.databases import Databases

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def client(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client that has found out what the server can."""
    # Here, as its models take seconds to load, in each process that reads this file.
    from httpx2 import Client
    from scim2_client.engines.httpx2 import SyncSCIMClient

    folder: Path = tmp_path_factory.mktemp("scim")
    database = databases.migrated()
    with site(database, folder) as served:
        token = subprocess.run(
            [*COMMAND, "token", "add", "Entra", "--scope", "provision", "--for", EMAIL],
            env=environment(database, folder),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        headers = {"Authorization": f"Bearer {token}"}
        address = f"http://127.0.0.1:{served.port}/scim/v2"
        with Client(base_url=address, headers=headers, timeout=60) as http:
            found = SyncSCIMClient(http)
            found.discover()
            yield found


def test_every_check_of_scim2_tester_passes(client: Any) -> None:
    from scim2_tester import Status, check_server

    results = check_server(client)
    assert len(results) > 50
    assert [each for each in results if each.status is not Status.SUCCESS] == []


def test_another_client_brings_finds_changes_and_lets_go(client: Any) -> None:
    from scim2_models import PatchOp, SearchRequest

    user, group = client.get_resource_model("User"), client.get_resource_model("Group")
    made = client.create(user(user_name="kim@x.example", display_name="Kim", active=True))
    team = client.create(group(display_name="Kim’s", members=[group.Members(value=made.id)]))
    asked: Any = SearchRequest.model_validate({"filter": 'userName eq "KIM@x.example"', "count": 5})
    found = client.query(user, query_parameters=asked)
    assert [each.id for each in found.resources] == [made.id]
    gone = {"op": "remove", "path": f'members[value eq "{made.id}"]'}
    patch: Any = PatchOp
    client.modify(group, team.id, patch[group].model_validate({"Operations": [gone]}))
    assert not client.query(group, team.id).members
    made.active = False
    assert client.replace(made).active is False
    client.delete(user, made.id)
    assert client.query(user, query_parameters=asked).total_results == 0
