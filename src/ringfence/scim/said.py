"""Users as JSON, as the protocol's models would say them, which take a millisecond each.

For what directories ask most: one user, or the few who are called so.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from scim2_server.responses import ScimResponse

from ringfence.access import FirmNow
from ringfence.access.provisioning import DirectoryMember, known_groups

from . import making
from .dialects import USER

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def users(now: FirmNow, rows: Sequence[DirectoryMember], address: str) -> list[dict[str, Any]]:
    """The users of these rows, who are few; `address` is where all of them begin."""
    groups = [making.groups_of(now, row.number) for row in rows]
    wanted = {each for inside in groups for each in inside}
    names = {each.number: each.name for each in known_groups(now, wanted)} if wanted else {}
    return [_user(now, row, inside, names, address) for row, inside in zip(rows, groups, strict=True)]


def _user(
    now: FirmNow, row: DirectoryMember, groups: Sequence[int], names: dict[int, str], address: str
) -> dict[str, Any]:
    number, active = str(row.number), now.members[row.number].active
    found: dict[str, Any] = {"schemas": [USER], "id": number}
    if row.external:
        found["externalId"] = row.external
    meta = {"resourceType": "User"}
    if (created := making.instant_of(row.created_at)) is not None:
        meta["created"] = created.isoformat().replace("+00:00", "Z")
    meta["location"] = f"{address}/Users/{number}"
    meta["version"] = making.version_of(row, groups, active=active)
    found["meta"] = meta
    found |= {"userName": making.user_name_of(row), "displayName": row.name, "active": active}
    if row.email:
        found["emails"] = [{"value": row.email, "type": "work"}]
    if groups:
        found["groups"] = [
            {"value": str(each), "$ref": f"{address}/Groups/{each}", "display": names[each]}
            for each in groups
        ]
    return found


def one(user: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> ScimResponse:
    """The answer that has this user; the one who was made where the status says so."""
    meta = user["meta"]
    headers = {"Content-Location": meta["location"], "ETag": meta["version"]}
    if status is HTTPStatus.CREATED:
        headers["Location"] = meta["location"]
    return ScimResponse(status, user, headers)


def listed(found: Sequence[dict[str, Any]]) -> ScimResponse:
    """The answer to a search that has all these users on its first page."""
    body: dict[str, Any] = {"schemas": [LIST], "totalResults": len(found)}
    body |= {"startIndex": 1, "itemsPerPage": len(found), "Resources": list(found)}
    return ScimResponse(HTTPStatus.OK, body)
