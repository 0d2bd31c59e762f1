"""How many statements a directory's requests ask of the database, in a firm of any size."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.scim.directory import GROUP, PATCH, USER, Directory
from tests.web.cast import Cast

MOST = {"bring": 11, "read": 3, "find": 3, "switch off": 11, "join": 12, "put": 12}
"""With the savepoints of tests, which are counted where the server begins and commits."""


@pytest.mark.parametrize("kind", MOST)
def test_a_request_asks_a_few_statements(cast: Cast, entra: Directory, kind: str) -> None:
    jo, group = entra.user("jo@pike.example").id, entra.group("Readers").id
    off = {"op": "replace", "path": "active", "value": False}
    join = {"op": "add", "path": "members", "value": [{"value": jo}]}
    put: dict[str, Any] = {"displayName": "Readers", "members": [{"value": jo}]}
    asked: dict[str, tuple[str, str, Any]] = {
        "bring": ("POST", "/Users", {"schemas": [USER], "userName": "al@pike.example"}),
        "read": ("GET", f"/Users/{jo}", None),
        "find": ("GET", '/Users?filter=userName eq "jo@pike.example"', None),
        "switch off": ("PATCH", f"/Users/{jo}", {"schemas": [PATCH], "Operations": [off]}),
        "join": ("PATCH", f"/Groups/{group}", {"schemas": [PATCH], "Operations": [join]}),
        "put": ("PUT", f"/Groups/{group}", {"schemas": [GROUP], **put}),
    }
    with CaptureQueriesContext(connection) as counted:
        assert entra.ask(*asked[kind]).status < 300
    told = [each["sql"][:90] for each in counted.captured_queries]
    assert len(told) <= MOST[kind], told
