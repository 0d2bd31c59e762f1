"""The firm as scim2-server's storage: read as it is now, changed by commands, each whole or not at all.

One for each request. Resources are made in `making`, commands here; what is refused is said by `refusals`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyroaring import BitMap
from scim2_models import (
    NotFoundException,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SearchRequest,
    UniquenessException,
)
from scim2_server.storage import ScimStorage, SearchPage

from ringfence.access import FirmNow, Refused
from ringfence.access.provisioning import (
    DirectoryGroup,
    DirectoryMember,
    Known,
    Said,
    entry_name,
    group_as_said,
    is_known,
    known_groups,
    known_members,
    looked_up,
    member_as_said,
    member_row,
    members_called_any,
    members_of,
)
from ringfence.access.series import Series
from ringfence.access.tokens import ActingToken
from ringfence.core.commands import definitions as w
from ringfence.core.directory import unique_key
from ringfence.core.refusals import Problem
from ringfence.core.texts import is_email
from ringfence.wording import problem_text
from ringfence.wording.provisioning import no_such_resource, no_such_user

from . import making, searching
from .memberships import GroupPatch, numbers
from .plain import UserPatch
from .refusals import in_scim
from .resources import Group, User

WORDS = ("name", "email", "external", "user_name")
"""What a directory says of a member, as commands call it."""


class FirmStorage(ScimStorage):
    """The members and groups of a token's firm."""

    def __init__(self, acting: ActingToken, changes: Series | None = None) -> None:
        """Without `changes` it is only read."""
        self.acting, self._changes = acting, changes

    @property
    def now(self) -> FirmNow:
        """The firm, with what was changed in this request."""
        return self.acting.now if self._changes is None else self._changes.now

    def breathe(self, kept: Callable[[], object]) -> None:
        """Between two changes of one request: let others come to the firm; `kept` as `Series` has it."""
        if self._changes is not None:
            self._changes.breathe(kept)

    # --- Reading

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        number = self._number(resource_type, resource_id)
        if resource_type.name == "User":
            found: list[Any] = making.users(self.now, known_members(self.now, [number]))
        else:
            whole = making.wants_members(response_parameters)
            found = making.groups(self.now, known_groups(self.now, [number]), whole=whole)
        if not found:
            raise self._missing(resource_type, resource_id)
        resource: Resource[Any] = found[0]
        return resource

    def is_active(self, resource_id: str) -> bool:
        """Whether that member is active; so is whoever is not there."""
        known = resource_id.isascii() and resource_id.isdecimal() and len(resource_id) < 10
        who = self.now.members.get(int(resource_id)) if known else None
        return who is None or who.active

    def group_row(self, resource_type: ResourceType, resource_id: str) -> DirectoryGroup:
        """The words of a group that is there. Raises `NotFoundException`."""
        for row in known_groups(self.now, [self._number(resource_type, resource_id)]):
            return row
        raise self._missing(resource_type, resource_id)

    def user_row(self, resource_type: ResourceType, resource_id: str) -> DirectoryMember:
        """The words of a user who is there. Raises `NotFoundException`."""
        for row in known_members(self.now, [self._number(resource_type, resource_id)]):
            return row
        raise self._missing(resource_type, resource_id)

    def _number(self, resource_type: ResourceType, resource_id: str) -> int:
        if not (resource_id.isascii() and resource_id.isdecimal() and len(resource_id) < 10):
            raise self._missing(resource_type, resource_id)
        if resource_id != str(int(resource_id)):
            raise self._missing(resource_type, resource_id)
        return int(resource_id)

    def _missing(self, resource_type: ResourceType, resource_id: str) -> NotFoundException:
        """Another firm's ids too: they are none of this one's."""
        return NotFoundException(detail=no_such_resource(str(resource_type.name), resource_id[:100]))

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,
    ) -> SearchPage:
        return searching.page(self.now, [str(kind.name) for kind in resource_types], search_request)

    # --- Changing

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        if isinstance(resource, User):
            wanted = UserPatch(
                user_name=resource.user_name or "",
                name=resource.display_name,
                external=resource.external_id or "",
                email=email_of(resource),
                active=resource.active,
            )
            return self.get(resource_type, str(self.add_user(wanted).number))
        assert isinstance(resource, Group)
        return self.get(resource_type, str(self.add_group(self._wanted(resource)).number))

    def update(
        self,
        resource_type: ResourceType,
        resource: Resource[Any],
        *,
        expected_version: str | None = None,
    ) -> Resource[Any]:
        stored = self.get(resource_type, str(resource.id))
        if expected_version is not None and (stored.meta is None or stored.meta.version != expected_version):
            raise PreconditionFailedException
        if isinstance(resource, User):
            row, user_name = member_row(self.now, int(str(resource.id))), resource.user_name or ""
            wanted = row._replace(
                name=resource.display_name or user_name,
                email=email_of(resource),
                external=resource.external_id or "",
                user_name=user_name,
            )
            self._change(self._user_commands(row, wanted, active=resource.active is not False))
        else:
            assert isinstance(resource, Group)
            self.change_group(self.group_row(resource_type, str(resource.id)), self._wanted(resource))
        return self.get(resource_type, str(resource.id))

    def delete(
        self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None
    ) -> None:
        """A member stays in the firm's history, inactive and without a name in the directory."""
        stored = self.get(resource_type, resource_id)
        if expected_version is not None and (stored.meta is None or stored.meta.version != expected_version):
            raise PreconditionFailedException
        number = int(resource_id)
        if isinstance(stored, Group):
            self._change([w.DeleteGroup(group=number, directory=True)])
            return
        commands: list[w.Command] = []
        row = member_row(self.now, number)
        if row.user_name or row.external:
            commands.append(w.ChangeMember(member=number, user_name="", external=""))
        if self.now.members[number].active:
            commands.append(w.DeactivateMember(member=number, directory=True))
        self._change(commands)

    # --- Users

    def add_user(self, wanted: UserPatch) -> DirectoryMember:
        """Add a member who is called so."""
        user_name, external = wanted.user_name or "", wanted.external or ""
        email = wanted.email or (user_name if is_email(user_name) else "")
        words = {"email": email, "external": external, "user_name": user_name}
        named = members_called_any(self.now, words)
        self._need_free(user_name, named if unique_key(user_name) == unique_key(email) else None)
        commands = self._freed(named, email=email, external=external)
        number = self.now.last_member + 1
        commands.append(
            w.AddMember(name=wanted.name or user_name, email=email, external=external, user_name=user_name)
        )
        if wanted.active is False:
            commands.append(w.DeactivateMember(member=number, directory=True))
        said = self._change(commands, known=looked_up(words, named))
        return member_as_said(said, DirectoryMember(number, "", "", "", "", self.now.now))

    def users_called(self, user_name: str) -> list[DirectoryMember]:
        """The users whose user name is this, ignoring case; in plain letters."""
        named = members_called_any(self.now, {"user_name": user_name, "email": user_name})
        wanted = user_name.lower()
        return [
            row for row in named if is_known(self.now, row) and making.user_name_of(row).lower() == wanted
        ]

    def _need_free(self, user_name: str, named: list[DirectoryMember] | None = None, mine: int = 0) -> None:
        """Refuses a name under which the directory is shown another member, whom it has not named itself.

        `named`: who is known to be called so, and perhaps others; None where that was not asked yet.
        """
        key = unique_key(user_name)
        if named is None:
            named = members_called_any(self.now, {"email": user_name})
        shown = (
            row
            for row in named
            if row.number != mine and unique_key(row.email) == key and is_known(self.now, row)
        )
        if key and any(not row.user_name for row in shown):
            detail = f"userName: {problem_text(Problem.USER_NAME_IN_USE)}"
            raise UniquenessException(detail=detail)

    def _freed(self, named: list[DirectoryMember], **wanted: str) -> list[w.Command]:
        """Take these words from members who left and whom the directory has let go: they are others' now.

        `named`: whoever is called by any of them.
        """
        return [
            w.ChangeMember(member=row.number, **{field: ""})  # type: ignore[arg-type]
            for field, text in wanted.items()
            for row in named
            if text and unique_key(getattr(row, field)) == unique_key(text) and not is_known(self.now, row)
        ]

    def change_user(self, row: DirectoryMember, patch: UserPatch) -> DirectoryMember:
        """Make the member what the patch says; nothing where they are shown so already. Their words then."""
        shown = row._replace(user_name=making.user_name_of(row))
        user_name = patch.user_name or shown.user_name
        wanted = row._replace(
            name=patch.name or row.name,
            email=patch.email or row.email or (user_name if is_email(user_name) else ""),
            external=row.external if patch.external is None else patch.external,
            user_name=user_name,
        )
        is_active = self.now.members[row.number].active
        active = is_active if patch.active is None else patch.active
        if wanted == shown and active == is_active:
            return row
        return member_as_said(self._change(self._user_commands(row, wanted, active=active)), row)

    def _user_commands(
        self, row: DirectoryMember, wanted: DirectoryMember, *, active: bool
    ) -> list[w.Command]:
        """What makes the member what is wanted; their name in the directory is theirs from now on."""
        number = row.number
        if unique_key(wanted.user_name) != unique_key(making.user_name_of(row)):
            self._need_free(wanted.user_name, mine=number)
        fields = {
            field: text for field in WORDS if (text := str(getattr(wanted, field))) != getattr(row, field)
        }
        freed = {field: text for field, text in fields.items() if field in {"email", "external"} and text}
        commands = self._freed(members_called_any(self.now, freed), **freed)
        if fields:
            commands.append(w.ChangeMember(member=number, **fields))  # type: ignore[arg-type]
        if active and not self.now.members[number].active:
            commands.append(w.ReactivateMember(member=number))
        elif not active and self.now.members[number].active:
            commands.append(w.DeactivateMember(member=number, directory=True))
        return commands

    # --- Groups

    def _wanted(self, resource: Group) -> GroupPatch:
        return GroupPatch(
            members=numbers([{"value": each.value} for each in resource.members or []]),
            name=resource.display_name or "",
            external=resource.external_id or "",
        )

    def add_group(self, wanted: GroupPatch) -> DirectoryGroup:
        """Make a group that the directory keeps. Whoever is named must be a member."""
        self._need_people(wanted.members)
        number = self.now.last_group + 1
        command = w.CreateGroup(
            name=wanted.name or "",
            members=frozenset(wanted.members),
            external=wanted.external or "",
            directory=True,
        )
        said = self._change([command])
        return group_as_said(said, DirectoryGroup(number, "", "", self.now.now))

    def _need_people(self, named: BitMap) -> None:
        there = BitMap(self.now.members)
        for number in named - there:
            raise NotFoundMember(number)

    def change_group(self, row: DirectoryGroup, wanted: GroupPatch) -> DirectoryGroup:
        """Make a group that the directory keeps what is wanted; its words then.

        Whoever is named must be a member.
        """
        number = row.number
        is_now = members_of(self.now, number)
        joining, leaving = wanted.members - is_now, is_now - wanted.members
        self._need_people(joining)
        commands: list[w.Command] = []
        if wanted.name is not None and wanted.name != row.name:
            commands.append(w.RenameGroup(group=number, to=wanted.name, directory=True))
        if wanted.external is not None and wanted.external != row.external:
            commands.append(w.ChangeGroup(group=number, external=wanted.external))
        if leaving:
            gone = w.RemoveFromGroup(group=number, members=frozenset(leaving), directory=True)
            commands.append(gone)
        if joining:
            commands.append(w.AddToGroup(group=number, members=frozenset(joining), directory=True))
        if commands:
            making.need_kept(self.now, number)
        return group_as_said(self._change(commands), row)

    def _change(self, commands: list[w.Command], known: Known | None = None) -> Said:
        if not commands:
            return None
        assert self._changes is not None
        try:
            return self._changes.change(
                entry_name(commands), commands, actor=self.acting.provisioner, known=known
            )
        except Refused as refused:
            raise in_scim(refused, self.now, self.acting.token.member) from refused


class NotFoundMember(NotFoundException):
    """A group was to hold somebody who is not there: the group is, so this is no 404."""

    status = 400
    scim_type = "invalidValue"

    def __init__(self, number: int) -> None:
        super().__init__(detail=no_such_user(str(number)))


def email_of(resource: User) -> str:
    """The member's e-mail address; the user name where it is one and no address is given."""
    said = next((each.value for each in resource.emails or [] if each.value), None)
    user_name = resource.user_name or ""
    return said or (user_name if is_email(user_name) else "")
