"""What directories send most, read without the protocol's models, which take a millisecond a member.

A whole group, and a PATCH of a user's own words, in the form that `dialects` leaves them in. Whatever is of
another form is None here: the core reads it, or refuses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from pyroaring import BitMap

from . import dialects
from .memberships import GroupPatch, numbers


class UserPatch(msgspec.Struct, kw_only=True):
    """What a user is to be: None for what stays as it is."""

    user_name: str | None = None
    name: str | None = None
    external: str | None = None
    email: str | None = None
    active: bool | None = None


_WORDS = {"userName": "user_name", "displayName": "name", "externalId": "external"}


def group(data: Any, resource_id: str = "") -> GroupPatch | None:
    """A whole group. Raises `InvalidValueException` for a member whose id cannot be one."""
    if not isinstance(data, dict) or data.keys() - {"schemas", "id", "displayName", "externalId", "members"}:
        return None
    name, external, members = data.get("displayName"), data.get("externalId", ""), data.get("members", [])
    texts = isinstance(name, str) and bool(name) and isinstance(external, str)
    if not texts or data.get("schemas") != [dialects.GROUP] or data.get("id", resource_id) != resource_id:
        return None
    if not isinstance(members, list) or not all(_is_member(each) for each in members):
        return None
    return GroupPatch(members=numbers(members) if members else BitMap(), name=name, external=external)


def _is_member(each: Any) -> bool:
    return isinstance(each, dict) and each.keys() == {"value"} and isinstance(each["value"], str)


_OF_A_USER = {"schemas", "userName", "displayName", "externalId", "active", "emails"}


def user(data: Any) -> UserPatch | None:
    """A whole user, as `values.need_resource` lets them through."""
    if not isinstance(data, dict) or data.keys() - _OF_A_USER or data.get("schemas") != [dialects.USER]:
        return None
    user_name, name = data.get("userName"), data.get("displayName")
    external, active = data.get("externalId", ""), data.get("active")
    emails = data.get("emails") or []
    email = _only_email(emails) if emails else ""
    texts = all(isinstance(each, str) for each in (user_name, name, external))
    if not texts or not user_name or not name or not isinstance(active, bool) or (emails and not email):
        return None
    return UserPatch(user_name=user_name, name=name, external=external, email=email, active=active)


_CALLED = re.compile(r'^\s*userName\s+eq\s+"([ -!#-\[\]-~]*)"\s*$', re.IGNORECASE | re.ASCII)
_COUNT = re.compile(r"[1-9][0-9]{0,8}")


def called(query: Mapping[str, str]) -> str | None:
    """The user name alone that a search asks for, in plain letters; None for any other search."""
    if query.keys() - {"filter", "startIndex", "count"} or query.get("startIndex", "1") != "1":
        return None
    if not _COUNT.fullmatch(query.get("count", "100")):
        return None
    found = _CALLED.match(query.get("filter", ""))
    return None if found is None or found[1].lower().startswith("member-") else found[1]


def user_patch(data: Any) -> UserPatch | None:
    """A PATCH that sets words of a user, or says whether they are active."""
    said = dialects.operations(data)
    if said is None:
        return None
    found = UserPatch()
    for each in said:
        path, value = str(each.get("path", "")), each.get("value")
        if each["op"] == "remove":
            return None
        if path == "active" and isinstance(value, bool):
            found.active = value
        elif path in _WORDS and isinstance(value, str) and value:
            setattr(found, _WORDS[path], value)
        elif path == "emails" and (email := _only_email(value)):
            found.email = email
        else:
            return None
    return found


def _only_email(value: Any) -> str:
    if not isinstance(value, list) or len(value) != 1 or not isinstance(value[0], dict):
        return ""
    email = value[0].get("value") if value[0].keys() == {"value"} else None
    return email if isinstance(email, str) else ""
