"""What directories really send, put right before the protocol's core reads it.

By the public documentation of Microsoft Entra and Okta: operations in capitals, booleans as strings, one
operation of many attributes, e-mail addresses by a filter that matches nothing yet, and attributes that
Ringfence does not keep, which are passed over. What is none of these is left as it came, for the core to
refuse. Groups' members: `memberships`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

_BOOLEANS = {"true": True, "false": False}
_PLAIN = {"username": "userName", "displayname": "displayName", "externalid": "externalId"}
_OUR_FILTER = re.compile(r'^(?:type\s+eq\s+"work"|primary\s+eq\s+"?true"?)$', re.IGNORECASE)
_PATH = re.compile(
    r"^(?P<attribute>[a-z]+)(?:\[(?P<filter>[^\]]*)\])?(?:\.(?P<sub>[$a-z]+))?$", re.IGNORECASE
)


def parsed(body: bytes) -> Any:
    """The body as JSON; None for what is none, which the core refuses."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def written(data: Any) -> bytes:
    return json.dumps(data).encode()


def resource(kind: str, data: Any, *, active: bool | None = True) -> Any:
    """A whole user or group, of a POST or PUT, with what Ringfence keeps of it.

    A user of whom nothing else is said is `active` or not, and is called by their user name; None leaves
    that out, which the core refuses.
    """
    if not isinstance(data, dict):
        return data
    known = {str(key).lower(): value for key, value in data.items() if value is not None}
    schema = USER if kind == "Users" else GROUP
    found: dict[str, Any] = {}
    if "schemas" in known:
        found["schemas"] = _schemas(known["schemas"], schema)
    for key, name in (("id", "id"), *_PLAIN.items()):
        if key in known:
            found[name] = known[key]
    if kind != "Users":
        found.pop("userName", None)
        if "members" in known:
            found["members"] = _members(known["members"])
        return found
    if not found.get("displayName") and (called := _name_of(known.get("name")) or found.get("userName")):
        found["displayName"] = called
    if (said := known.get("active", active)) is not None:
        found["active"] = boolean(said)
    if "emails" in known:
        found["emails"] = _emails(known["emails"])
    return found


def _schemas(said: Any, schema: str) -> Any:
    """Without the extensions, of which nothing is kept."""
    if not isinstance(said, list):
        return said
    return [each for each in said if isinstance(each, str) and each.lower() == schema.lower()] or said


def boolean(value: Any) -> Any:
    """A boolean that came as a text, or in a list of one value; anything else as it came."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict) and set(value) == {"value"}:
        value = value["value"]
    return _BOOLEANS.get(value.lower(), value) if isinstance(value, str) else value


def _name_of(name: Any) -> str:
    """What the parts of a name come to; empty for none."""
    if not isinstance(name, dict):
        return ""
    parts = {str(key).lower(): value for key, value in name.items() if isinstance(value, str)}
    given_and_family = filter(None, (parts.get("givenname"), parts.get("familyname")))
    return str(parts.get("formatted") or " ".join(given_and_family))


def _emails(value: Any) -> Any:
    """The one address that is kept: the primary one, else that of work, else the first."""
    if isinstance(value, str):
        return [{"value": value}]
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return value
    said = [each if isinstance(each, dict) else {"value": each} for each in value]
    if not said:
        return []
    best = max(
        said, key=lambda each: (boolean(each.get("primary")) is True, str(each.get("type")).lower() == "work")
    )
    return [{"value": best["value"]}] if best.get("value") else []


def _members(value: Any) -> Any:
    """The ids of who is in a group; what is shown beside them is ours to say."""
    if not isinstance(value, list):
        return value
    return [_member(each) for each in value]


def _member(each: Any) -> Any:
    if isinstance(each, str | int) and not isinstance(each, bool):
        return {"value": str(each)}
    if isinstance(each, dict) and str(each.get("type", "User")).lower() == "user" and "value" in each:
        return {"value": str(each["value"])}
    return each


# --- PATCH


def operations(data: Any) -> list[dict[str, Any]] | None:
    """The operations of a PATCH, one for each attribute: `op` in small letters, `path`, perhaps `value`.

    None for what has not the form of a PATCH at all.
    """
    if not isinstance(data, dict):
        return None
    known = {str(key).lower(): value for key, value in data.items()}
    said, schemas = known.get("operations"), known.get("schemas")
    if not isinstance(said, list) or not said or not isinstance(schemas, list):
        return None
    if PATCH.lower() not in {str(each).lower() for each in schemas}:
        return None
    found: list[dict[str, Any]] = []
    for each in said:
        if not isinstance(each, dict):
            return None
        parts = {str(key).lower(): value for key, value in each.items()}
        op = str(parts.get("op", "")).lower()
        if op not in {"add", "replace", "remove"}:
            return None
        found += _spread(op, parts)
    return found


def _spread(op: str, parts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """An operation without a path is one for each attribute of its value."""
    path, value = parts.get("path"), parts.get("value")
    if path:
        yield {"op": op, "path": path, **({"value": value} if "value" in parts else {})}
    elif isinstance(value, dict):
        yield from ({"op": op, "path": name, "value": each} for name, each in value.items())
    else:
        yield {"op": op, **({"value": value} if "value" in parts else {})}


def bare(path: str, schema: str) -> str:
    """The path without the schema that every attribute of ours has."""
    return path[len(schema) + 1 :] if path.lower().startswith(schema.lower() + ":") else path


def user_patch(data: Any) -> Any:
    """A PATCH of a user with what Ringfence keeps; `Operations` may be left empty."""
    said = operations(data)
    if said is None:
        return data
    found: list[dict[str, Any]] = []
    name: dict[str, str] = {}
    for each in said:
        path = bare(str(each.get("path", "")), USER)
        known = _PATH.match(path)
        if known is None:
            if not path or ":" not in path:
                found.append({**each, "path": path} if path else each)
            continue
        attribute = known["attribute"].lower()
        if attribute == "name":
            name |= _names(known["sub"], each.get("value"))
        elif (put := _PUT_RIGHT.get(attribute)) is not None:
            found += put(each, known)
    if not any(each.get("path") == "displayName" for each in found) and (whole := _whole_name(name)):
        found.append({"op": "replace", "path": "displayName", "value": whole})
    return {"schemas": [PATCH], "Operations": found}


def _names(sub: str | None, value: Any) -> dict[str, str]:
    if sub is None and isinstance(value, dict):
        return {str(key).lower(): part for key, part in value.items() if isinstance(part, str)}
    return {sub.lower(): value} if sub and isinstance(value, str) else {}


def _whole_name(name: Mapping[str, str]) -> str:
    """A name of which all is known; one part alone says nothing of the other."""
    if name.get("formatted"):
        return name["formatted"]
    given, family = name.get("givenname"), name.get("familyname")
    return f"{given} {family}" if given and family else ""


def _plain(each: dict[str, Any], known: re.Match[str]) -> list[dict[str, Any]]:
    return [{**each, "path": _PLAIN[known["attribute"].lower()]}]


def _active(each: dict[str, Any], known: re.Match[str]) -> list[dict[str, Any]]:
    if "value" in each:
        each = {**each, "value": boolean(each["value"])}
    return [{**each, "path": "active"}]


def _email(each: dict[str, Any], known: re.Match[str]) -> list[dict[str, Any]]:
    """Whatever is said of the address that is kept is said of it whole; of others, nothing is kept."""
    if known["filter"] is not None and not _OUR_FILTER.match(known["filter"].strip()):
        return []
    if (known["sub"] or "value").lower() != "value":
        return []
    if each["op"] == "remove":
        return [{"op": "remove", "path": "emails"}]
    return [{"op": "replace", "path": "emails", "value": _emails(each.get("value"))}]


_PutRight = Callable[[dict[str, Any], "re.Match[str]"], list[dict[str, Any]]]
_PUT_RIGHT: Mapping[str, _PutRight] = {
    **dict.fromkeys(_PLAIN, _plain),
    "active": _active,
    "emails": _email,
    # Says who is in which group; read alone.
    "groups": lambda each, known: [each],
    "id": lambda each, known: [],
}


# --- Bulk


def bulk(data: Any) -> Any:
    """Every operation's data put right, as if it had come by itself."""
    if not isinstance(data, dict):
        return data
    key = next((key for key in data if str(key).lower() == "operations"), None)
    if key is None or not isinstance(data[key], list):
        return data
    return {**data, key: [_bulk_operation(each) for each in data[key]]}


def _bulk_operation(each: Any) -> Any:
    if not isinstance(each, dict) or not isinstance(each.get("path"), str) or "data" not in each:
        return each
    kind = {"users": "Users", "groups": "Groups"}.get(each["path"].strip("/").partition("/")[0].lower())
    method = str(each.get("method", "")).upper()
    if kind is None:
        return each
    if method == "PATCH":
        return {**each, "data": user_patch(each["data"])} if kind == "Users" else each
    # Who is put without a word on it may have left: that is not known before the operations before it.
    return {**each, "data": resource(kind, each["data"], active=None if method == "PUT" else True)}
