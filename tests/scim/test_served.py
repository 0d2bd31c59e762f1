"""The real server over HTTP: scim2-tester, scim2-client as a second client, and who is shut out elsewhere.

scim2-tester looks at neither filters, pages nor who leaves a group: `test_searching`, `test_groups`.
"""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.cli.children import COMMAND, environment
from tests.cli.processes.site import EMAIL, Site, site
from tests.decide.running import decide_process
from tests.scim.directory import PATCH, USER

if TYPE_CHECKING:
    from tests.support.databases import Databases

pytestmark = pytest.mark.both_databases


class Served(NamedTuple):
    """A site, and how tokens are made for it."""

    site: Site
    database: str
    folder: Path

    def token(self, scope: str) -> str:
        """A token of the administrator's with this scope."""
        made = subprocess.run(
            [*COMMAND, "token", "add", f"To {scope}", "--scope", scope, "--for", EMAIL],
            env=environment(self.database, self.folder),
            capture_output=True,
            text=True,
            check=True,
        )
        return made.stdout.strip()


@pytest.fixture(scope="module")
def served(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("scim")
    database = databases.migrated()
    with site(database, folder) as running:
        yield Served(running, database, folder)


@pytest.fixture(scope="module")
def token(served: Served) -> str:
    return served.token("provision")


@pytest.fixture(scope="module")
def client(served: Served, token: str) -> Iterator[Any]:
    """A client that has found out what the server can."""
    # Here, as its models take seconds to load, in each process that reads this file.
    from httpx2 import Client
    from scim2_client.engines.httpx2 import SyncSCIMClient

    headers = {"Authorization": f"Bearer {token}"}
    address = f"http://127.0.0.1:{served.site.port}/scim/v2"
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


def test_who_is_switched_off_opens_nothing_at_any_process_once_that_is_answered(
    served: Served, token: str
) -> None:
    asker = served.token("decide")
    body = {"schemas": [USER], "userName": "lee@x.example", "displayName": "Lee"}
    lee = exchanged(served.site.port, token, "POST", "/scim/v2/Users", body)
    question = {
        "subject": {"type": "user", "id": "lee@x.example"},
        "action": {"name": "view"},
        "resource": {"type": "client", "id": "F500"},
    }
    with decide_process(served.database, workers=2) as port:
        for active in (True, False) * 10:
            said = {"op": "replace", "path": "active", "value": active}
            patch = {"schemas": [PATCH], "Operations": [said]}
            exchanged(served.site.port, token, "PATCH", f"/scim/v2/Users/{lee['id']}", patch)
            for _connection in range(4):
                told = exchanged(port, asker, "POST", "/access/v1/evaluation", question)
                assert told["decision"] is active


def exchanged(port: int, token: str, method: str, path: str, body: Any) -> Any:
    """The answer in JSON, on a connection of its own; None for one without a body."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        said = answer.read()
    finally:
        connection.close()
    assert answer.status < 300, said
    return json.loads(said) if said else None
