"""Members and groups as resources, with their versions: made of what the firm has now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from scim2_models import Meta, MutabilityException, Reference, ResponseParameters

from ringfence.access import FirmNow
from ringfence.access.provisioning import (
    DirectoryGroup,
    DirectoryMember,
    is_kept,
    known_groups,
    members_of,
)
from ringfence.core.refusals import Problem
from ringfence.core.terms import EVERYONE, Instant
from ringfence.wording import problem_text

from .resources import Email, Group, GroupMember, User, UserGroup


def user_name_of(row: DirectoryMember) -> str:
    """What the directory calls the member; until it has said so, their address, by which it finds them."""
    return row.user_name or row.email or f"member-{row.number}"


def users(now: FirmNow, rows: Sequence[DirectoryMember], *, places: bool = True) -> list[User]:
    """The users of these rows, with the groups that they are in unless nobody asks for them."""
    # After each change, what the firm keeps of places is gathered anew from every group: not for one member.
    asked = _groups_of if len(rows) > FEW else groups_of
    groups = {row.number: asked(now, row.number) for row in rows}
    wanted = {group for inside in groups.values() for group in inside} if places else set()
    names = {each.number: each.name for each in known_groups(now, wanted)} if wanted else {}
    return [_user(now, row, groups[row.number], names if places else None) for row in rows]


FEW = 20
"""Members whose groups are found by asking each group."""


def groups_of(now: FirmNow, member: int) -> list[int]:
    """The groups that the member is in, but Everyone: each is asked."""
    return sorted(group for group, inside in now.groups.items() if member in inside and group != EVERYONE)


def _groups_of(now: FirmNow, member: int) -> list[int]:
    return sorted(group for group in now.groups_of(member) if group != EVERYONE)


def _user(now: FirmNow, row: DirectoryMember, groups: list[int], names: dict[int, str] | None) -> User:
    active = now.members[row.number].active
    return User(
        id=str(row.number),
        external_id=row.external or None,
        user_name=user_name_of(row),
        display_name=row.name,
        active=active,
        emails=[Email(value=row.email, type="work")] if row.email else None,
        groups=[
            UserGroup(value=str(group), ref=Reference[Group](f"Groups/{group}"), display=names[group])
            for group in groups
        ]
        if names is not None and groups
        else None,
        meta=Meta(
            resource_type="User",
            created=instant_of(row.created_at),
            version=version_of(row, groups, active=active),
        ),
    )


def instant_of(created_at: Instant | None) -> datetime | None:
    """When a resource was added (RFC 7643 3.1, `meta.created`); None where nothing says so."""
    return None if created_at is None else datetime.fromtimestamp(created_at / 1_000_000, UTC)


def user_version(now: FirmNow, row: DirectoryMember) -> str:
    """Another one whenever the user, or the groups that they are in, are said otherwise."""
    return version_of(row, groups_of(now, row.number), active=now.members[row.number].active)


def version_of(row: DirectoryMember, groups: Iterable[int], *, active: bool) -> str:
    """The same of whom these groups are known."""
    return _version(*row, active, *groups)


def groups(now: FirmNow, rows: Iterable[DirectoryGroup], *, whole: bool = True) -> list[Group]:
    """The groups of these rows; `whole` with who is in them, inactive members too."""
    return [
        Group(
            id=str(row.number),
            external_id=row.external or None,
            display_name=row.name,
            members=[_place(number) for number in members_of(now, row.number)] or None if whole else None,
            meta=Meta(
                resource_type="Group",
                created=instant_of(row.created_at),
                version=group_version(now, row),
            ),
        )
        for row in rows
    ]


def _place(number: int) -> GroupMember:
    return GroupMember(value=str(number), ref=Reference[User](f"Users/{number}"))


def group_version(now: FirmNow, row: DirectoryGroup) -> str:
    """Another one whenever the group is called otherwise or somebody else is in it."""
    return _version(*row, members_of(now, row.number).serialize())


def _version(*parts: object) -> str:
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:20]}"'


def wants_members(asked: ResponseParameters[Any] | None) -> bool:
    """Whether an answer shows who is in a group: directories mostly ask for none of it."""
    if asked is None:
        return True
    left_out = {str(path).lower().rpartition(":")[2] for path in asked.excluded_attributes or ()}
    if "members" in left_out:
        return False
    named = {str(path).lower().rpartition(":")[2].partition(".")[0] for path in asked.attributes or ()}
    return not named or "members" in named


def need_kept(now: FirmNow, group: int) -> None:
    """Raises `MutabilityException` for a group that is kept here, with what to do about it."""
    if not is_kept(now, group):
        raise MutabilityException(detail=problem_text(Problem.DIRECTORY_NOT_KEPT))
