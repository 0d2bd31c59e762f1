"""Members and groups as a firm's directory knows them, and what it changes of them as one change.

SCIM and the directory's lists speak through this; what a protocol calls these things is theirs to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from pyroaring import BitMap

from ringfence.core.commands import Command, Refused, command_name
from ringfence.core.commands.definitions import DeactivateMember, ReactivateMember
from ringfence.core.commands.lists import ListRefused
from ringfence.core.directory import unique_key
from ringfence.core.events import Change
from ringfence.core.refusals import Refusal
from ringfence.core.terms import EVERYONE, Instant, Thing

from .actor import Actor
from .batches.rehearse import Batch, Overtaken, rehearse
from .batches.save import save
from .connection import answering
from .door import Beside, execute, firm_state
from .firm_now import FirmNow
from .ledger.entries import changed_since
from .reading import rows_by_number
from .sql import keyed, rows_of
from .writing.directory import LookedUp, storable
from .writing.tables import TABLES


class DirectoryMember(NamedTuple):
    """A member's words. Those whose name was erased are nobody any more, and are left out everywhere."""

    number: int
    name: str
    email: str
    external: str
    user_name: str
    """What the directory calls them; empty where it has not said so yet."""
    created_at: Instant | None
    """When they were added, microseconds since 1970 UTC; None where nothing says so."""


class DirectoryGroup(NamedTuple):
    """A group's words."""

    number: int
    name: str
    external: str
    created_at: Instant | None
    """When it was made, as of members."""


_MEMBER = DirectoryMember._fields
_GROUP = DirectoryGroup._fields
_KEYS = {"user_name": "user_name_key", "email": "email_key", "external": "external_key", "name": "sort_key"}


def known_members(now: FirmNow, numbers: Iterable[int] | None = None) -> list[DirectoryMember]:
    """These members, or all, by number: who is active, and who is not and has a name in the directory.

    One question to the database.
    """
    with answering():
        if numbers is None:
            rows = rows_of(
                f"SELECT {', '.join(_MEMBER)} FROM {TABLES[Thing.MEMBER]} WHERE firm_id = %s ORDER BY number",
                now.firm,
            )
        else:
            rows = rows_by_number(now.firm, Thing.MEMBER, _MEMBER, "number", numbers)
    return [found for row in rows if is_known(now, found := DirectoryMember(*row))]


def is_known(now: FirmNow, found: DirectoryMember) -> bool:
    """Whether the directory may know of the member: active, or called by a name of the directory's."""
    who = now.members.get(found.number)
    return who is not None and bool(found.name) and (who.active or bool(found.user_name))


def member_row(now: FirmNow, number: int) -> DirectoryMember:
    """The words of a member who is there."""
    with answering():
        (row,) = rows_by_number(now.firm, Thing.MEMBER, _MEMBER, "number", [number])
    return DirectoryMember(*row)


def members_called_any(now: FirmNow, words: Mapping[str, str]) -> list[DirectoryMember]:
    """The members any of whose `user_name`, `email` or `external` is the word given for it, ignoring case."""
    asked = {field: key for field, text in words.items() if (key := _key(text))}
    if not asked:
        return []
    # One by one: of conditions with "or" SQLite goes through the whole firm for the sake of their order.
    part = f"SELECT {', '.join(_MEMBER)} FROM {TABLES[Thing.MEMBER]} WHERE firm_id = %s AND "
    parts = " UNION ".join(f"{part}{keyed(_KEYS[field])}" for field in asked)
    given = [value for key in asked.values() for value in (now.firm, key)]
    with answering():
        rows = rows_of(f"{parts} ORDER BY number", *given)
    return [DirectoryMember(*row) for row in rows]


Known: TypeAlias = LookedUp
"""Members' words that were asked for, and who has them."""


def looked_up(words: Mapping[str, str], named: Iterable[DirectoryMember]) -> Known:
    """What a command need not ask again: `named` are those who are called by any of these words."""
    asked = {field: key for field, text in words.items() if (key := _key(text))}
    found = {
        field: row.number
        for row in named
        for field, key in asked.items()
        if unique_key(getattr(row, field)) == key
    }
    return LookedUp(asked, found)


def _key(text: str) -> str:
    """Under what the text is filed; empty where nothing can be."""
    return "".join(storable([unique_key(text)]))


def members_called(now: FirmNow, field: str, text: str) -> list[int]:
    """The numbers of the members whose `user_name`, `email` or `external` is the text, ignoring case."""
    if not (key := _key(text)):
        return []
    with answering():
        rows = rows_of(
            f"SELECT number FROM {TABLES[Thing.MEMBER]} WHERE firm_id = %s AND {keyed(_KEYS[field])}",
            now.firm,
            key,
        )
    return [number for (number,) in rows]


def known_groups(now: FirmNow, numbers: Iterable[int] | None = None) -> list[DirectoryGroup]:
    """These groups, or all, by number; never Everyone. One question to the database."""
    with answering():
        if numbers is None:
            rows = rows_of(
                f"SELECT {', '.join(_GROUP)} FROM {TABLES[Thing.GROUP]} WHERE firm_id = %s ORDER BY number",
                now.firm,
            )
        else:
            rows = rows_by_number(now.firm, Thing.GROUP, _GROUP, "number", numbers)
    return [DirectoryGroup(*row) for row in rows if row[0] != EVERYONE and row[0] in now.groups]


def groups_named(now: FirmNow, name: str) -> list[int]:
    """The group of that name, ignoring case."""
    if not (key := _key(name)):
        return []
    with answering():
        rows = rows_of(
            f"SELECT number FROM {TABLES[Thing.GROUP]} WHERE firm_id = %s AND name_key = %s", now.firm, key
        )
    return [number for (number,) in rows]


Said: TypeAlias = Change | None
"""What a change of ours says; None where nothing was to be changed."""


def member_as_said(change: Said, row: DirectoryMember) -> DirectoryMember:
    """The member's words after a change, as it says them; `row` is what they were."""
    return row._replace(**_said(change, Thing.MEMBER, row.number))


def group_as_said(change: Said, row: DirectoryGroup) -> DirectoryGroup:
    """The same of a group's words."""
    return row._replace(**_said(change, Thing.GROUP, row.number))


def _said(change: Said, thing: Thing, number: int) -> dict[str, Any]:
    texts = change.texts if change is not None else ()
    mine = (text.fields for text in texts if text.thing is thing and text.number == number)
    return {field: text for fields in mine for field, text in fields.items()}


def is_kept(now: FirmNow, group: int) -> bool:
    """Whether the directory keeps the group."""
    return group in now.kept


def members_of(now: FirmNow, group: int) -> BitMap:
    """Who is in the group, inactive members too; nobody where it is not there."""
    return now.groups.get(group, BitMap())


class _AsItWas(Beside):
    """Raises `Overtaken` where the firm was changed since the command was made for it."""

    def __init__(self, now: FirmNow) -> None:
        self._now = now

    def before(self, version: int) -> None:
        if version != self._now.version and changed_since(self._now.firm, self._now.version):
            raise Overtaken(f"firm {self._now.firm} is no longer at version {self._now.version}")


def changed_as_one(now: FirmNow, commands: Sequence[Command], *, actor: Actor) -> FirmNow:
    """Carry the commands out as one entry, whole or not at all; the firm after it.

    What is so already is passed over. Raises `Refused`, `FirmUnknown` and `StateUnavailable`, and `Overtaken`
    where the firm was changed since `now`, for which the commands were made.
    """
    if len(commands) == 1:
        try:
            return execute(now.firm, commands[0], actor=actor, beside=_AsItWas(now)).after
        except Refused as refused:
            if refused.refusal is not Refusal.CONFLICT:
                raise
    elif commands:
        batch = Batch(entry_name(commands), tuple(commands))
        try:
            save(rehearse(now.firm, [batch], actor=actor, version=now.version), ahead=False)
        except ListRefused as refused:
            raise refused.refused from refused
    return firm_state(now.firm)


def entry_name(commands: Sequence[Command]) -> str:
    """What the entry of these is called: by what takes or gives most, else by its first command."""
    for kind in (DeactivateMember, ReactivateMember):
        if any(isinstance(command, kind) for command in commands):
            return command_name(next(command for command in commands if isinstance(command, kind)))
    return command_name(commands[0])
