"""A PATCH of a group: who joins, who leaves, what it is called, in every form that directories send.

Worked out with sets of numbers, so that a group of thousands costs no more than those who are named. Who is
named is exactly who is meant: values beside the path `members` are never read as all members.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from pyroaring import BitMap
from scim2_models import InvalidValueException

from ringfence.wording.provisioning import nested_group, no_such_user

from . import dialects

_BY_VALUE = r'value\s+eq\s+"?(\d+)"?'
_NAMED = re.compile(rf"^members\[\s*({_BY_VALUE}(?:\s+or\s+{_BY_VALUE})*)\s*\](?:\.value)?$", re.IGNORECASE)
_EACH = re.compile(_BY_VALUE, re.IGNORECASE)


class GroupPatch(msgspec.Struct, kw_only=True):
    """What a group is to be: None for what stays as it is."""

    members: BitMap
    """All of them, as they are to be."""
    name: str | None = None
    external: str | None = None


def read_patch(data: Any, members: BitMap) -> GroupPatch | None:
    """What the PATCH makes of a group with these members; None for a form that the core is to read.

    Raises `InvalidValueException` for a member whose id cannot be one.
    """
    said = dialects.operations(data)
    if said is None:
        return None
    found = GroupPatch(members=BitMap(members))
    for each in said:
        if not _put(found, each):
            return None
    return found


def _put(found: GroupPatch, each: Mapping[str, Any]) -> bool:
    """Put one operation into effect; false for one of another form."""
    path = dialects.bare(str(each.get("path", "")), dialects.GROUP)
    op, value = each["op"], each.get("value")
    match path.lower():
        case "members":
            return _put_members(found, op, value, stated="value" in each)
        case "displayname" if op != "remove" and isinstance(value, str):
            found.name = value
            return True
        case "externalid" if op == "remove" or isinstance(value, str):
            found.external = "" if op == "remove" else value
            return True
        case "id" | "schemas" | "meta":
            return bool(op != "remove")
    if (named := _NAMED.match(path)) is not None and op == "remove":
        # Whoever has too long a number is nobody's member.
        found.members -= BitMap(int(each) for each in _EACH.findall(named[1]) if len(each) < 10)
        return True
    return False


def _put_members(found: GroupPatch, op: str, value: Any, *, stated: bool) -> bool:
    if op == "remove" and (not stated or value is None):
        found.members = BitMap()
        return True
    if not stated:
        # Nothing was said of who is in it, which is not that nobody is: the core refuses it.
        return False
    if value is None:
        value = []
    named = numbers(value if isinstance(value, list) else [value])
    if op == "remove":
        found.members -= named
    else:
        found.members = named if op == "replace" else found.members | named
    return True


def numbers(values: list[Any]) -> BitMap:
    """The members that these values name. Raises `InvalidValueException`."""
    found = BitMap()
    for each in values:
        value = each.get("value") if isinstance(each, Mapping) else each
        if isinstance(each, Mapping) and str(each.get("type", "User")).lower() == "group":
            raise InvalidValueException(detail=nested_group())
        text = str(value)
        if not (text.isascii() and text.isdecimal() and 0 < int(text) < 2**31):
            raise InvalidValueException(detail=no_such_user(text[:100]))
        found.add(int(text))
    return found
