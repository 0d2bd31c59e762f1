"""Searches (RFC 7644 3.4.2): filtered as the protocol's core reads a filter, sorted, a page at a time.

What a filter compares with a text that has an index is looked up; anything else is asked of every resource.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scim2_models import Resource, SearchRequest
from scim2_models.path import CompareOperator, Comparison, FilterNode, LogicalExpr, LogicalOperator
from scim2_server.storage import SearchPage

from ringfence.access import FirmNow
from ringfence.access.provisioning import groups_named, known_groups, known_members, members_called

from . import making

_USER_FIELDS = {
    "username": ("user_name", "email"),
    "externalid": ("external",),
    "emails": ("email",),
    "emails.value": ("email",),
}
"""By which of a member's words an attribute of users is looked up."""


def page(now: FirmNow, kinds: Sequence[str], asked: SearchRequest[Any]) -> SearchPage:
    """The page that is asked for, and how many match in all; users before groups."""
    whole = making.wants_members(asked) or "members" in str(asked.filter or "").lower()
    found: list[Resource[Any]] = []
    if asked.filter is None and asked.sort_by is None and len(kinds) == 1:
        return _plain_page(now, kinds[0], asked, whole=whole)
    for kind in kinds:
        looked_up = None if asked.filter is None else _looked_up(now, kind, asked.filter.ast)
        found += _resources(now, kind, looked_up, whole=whole)
    if asked.filter is not None:
        found = [each for each in found if asked.filter.match(each)]
    if asked.sort_by is not None:
        down = asked.sort_order == SearchRequest.SortOrder.descending
        found = _sorted(found, asked, down=down)
    start = asked.start_index_0 or 0
    return SearchPage(len(found), found[start : _end(start, asked)])


def _end(start: int, asked: SearchRequest[Any]) -> int | None:
    return None if asked.count is None else start + asked.count


def _plain_page(now: FirmNow, kind: str, asked: SearchRequest[Any], *, whole: bool) -> SearchPage:
    """Without a filter only what is on the page is made."""
    start = asked.start_index_0 or 0
    cut = slice(start, _end(start, asked))
    if kind == "User":
        people = known_members(now)
        return SearchPage(len(people), list(making.users(now, people[cut])))
    rows = known_groups(now)
    return SearchPage(len(rows), list(making.groups(now, rows[cut], whole=whole)))


def _resources(now: FirmNow, kind: str, numbers: list[int] | None, *, whole: bool) -> list[Resource[Any]]:
    if kind == "User":
        return [*making.users(now, known_members(now, numbers))]
    return [*making.groups(now, known_groups(now, numbers), whole=whole)]


def _sorted(found: list[Resource[Any]], asked: SearchRequest[Any], *, down: bool) -> list[Resource[Any]]:
    """By the value asked for, ignoring case; those that have none come last going up (RFC 7644 3.4.2.3)."""

    def place(each: Resource[Any]) -> tuple[bool, Any, int]:
        value = asked.sort_value(each)
        return value is None, "" if value is None else value, int(str(each.id))

    return sorted(found, key=place, reverse=down)


def _looked_up(now: FirmNow, kind: str, node: FilterNode) -> list[int] | None:
    """The numbers of whatever can match, where an index says so; None where each must be asked."""
    if isinstance(node, LogicalExpr) and node.op == LogicalOperator.and_:
        found = (_looked_up(now, kind, term) for term in node.terms)
        return next((numbers for numbers in found if numbers is not None), None)
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq or not isinstance(node.value, str):
        return None
    path, text = node.attr_path, node.value
    name = path.attr.lower() + (f".{path.sub_attr.lower()}" if path.sub_attr else "")
    if name == "id":
        return [int(text)] if text.isascii() and text.isdecimal() and len(text) < 10 else []
    if kind == "User" and name in _USER_FIELDS:
        if name == "username" and text.lower().startswith("member-"):
            return None
        return sorted({each for field in _USER_FIELDS[name] for each in members_called(now, field, text)})
    if kind == "Group" and name == "displayname":
        return groups_named(now, text)
    return None
