"""A firm's directory: sends requests to `/scim/v2` with a real token, and looks at every answer."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from ringfence.access import OPERATOR
from ringfence.access.tokens import make_token
from ringfence.core.terms import Scope

SCIM = "application/scim+json"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class Answer:
    """One answer, in JSON."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        body: Any = json.loads(response.content) if response.content else None
        self.body: Any = body
        assert body is None or self.headers["Content-Type"] == SCIM
        if self.status >= 400:
            assert body["schemas"] == [ERROR]
            assert body["status"] == str(self.status)
            assert body["detail"]

    @property
    def id(self) -> str:
        return str(self.body["id"])


class Directory:
    """Software that provisions."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._client = Client(raise_request_exception=False)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("authorization", f"Bearer {self.token}")
        return Answer(self._client.generic(method, f"/scim/v2{path}", content, SCIM, headers=named))

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def user(self, name: str, **more: Any) -> Answer:
        """Bring a user of that user name."""
        return self.ask("POST", "/Users", {"schemas": [USER], "userName": name, **more})

    def group(self, name: str, *members: str, **more: Any) -> Answer:
        """Bring a group with these users, by id."""
        people = [{"value": each} for each in members]
        return self.ask(
            "POST", "/Groups", {"schemas": [GROUP], "displayName": name, "members": people, **more}
        )

    def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> Answer:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, **headers)

    def members(self, group: str) -> set[str]:
        """Who is in the group, as it is read."""
        return {each["value"] for each in self.get(f"/Groups/{group}").body.get("members", [])}


def directory_of(firm: int, member: int, scopes: Scope = Scope.PROVISION) -> Directory:
    """A directory with a token of the member's, which the operator has made."""
    made = make_token(firm, actor=OPERATOR, name=f"Token of {member} {scopes}", scopes=scopes, member=member)
    return Directory(made.text)


def bulk_of(*names: str) -> dict[str, Any]:
    """Adds these users, in this order."""
    new = [
        {"method": "POST", "bulkId": name, "path": "/Users", "data": {"schemas": [USER], "userName": name}}
        for name in names
    ]
    return {"schemas": [BULK], "Operations": new}
