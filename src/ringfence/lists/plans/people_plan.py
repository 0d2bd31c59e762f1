"""What an import of members, or of places in groups, would do, before anything is saved.

The firm is asked through small protocols. Whether a change is permitted is for the core to say.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from ringfence.core.directory import unique_key
from ringfence.core.refusals import Refused
from ringfence.core.terms import EVERYONE, Role
from ringfence.lists.faults import F, RowFault, Value, in_order, shown
from ringfence.lists.plans.client_plan import Plan, differs
from ringfence.lists.rows.typed_rows import MemberRow, PlaceRow


class KnownMember(msgspec.Struct, frozen=True):
    """A member as the firm has it."""

    number: int
    name: str
    email: str
    role: Role
    access: bool
    manage_access: bool
    active: bool
    external: str = ""


class KnownMembers(Protocol):
    """What planning members asks of the firm."""

    def members_by_email(self, keys: Collection[str]) -> Mapping[str, KnownMember]:
        """The members, inactive ones too, with these addresses; keys without one are left out."""

    def members_by_external(self, keys: Collection[str]) -> Mapping[str, KnownMember]:
        """The members, inactive ones too, with these external ids; keys without one are left out."""

    def members_by_name(self, keys: Collection[str]) -> Mapping[str, Sequence[KnownMember]]:
        """The active members with these names; keys without one are left out."""

    @property
    def may_not_manage(self) -> Refused | None:
        """Why who imports may not change members and groups."""


class MemberChange(msgspec.Struct, frozen=True):
    """What a row changes of a member; None where it changes nothing."""

    row: MemberRow
    was: KnownMember
    name: str | None = None
    email: str | None = None
    external: str | None = None
    role: Role | None = None
    access: bool | None = None
    manage_access: bool | None = None
    active: bool | None = None

    @property
    def number(self) -> int:
        return self.was.number

    @property
    def changes(self) -> bool:
        return self.changes_words or self.active is not None

    @property
    def changes_words(self) -> bool:
        """Whether anything but `active` changes: what one `member.change` says."""
        words = (self.name, self.email, self.external)
        return any(value is not None for value in (*words, self.role, self.access, self.manage_access))


def plan_members(
    rows: Sequence[MemberRow], known: KnownMembers, numbers: dict[int, int] | None = None
) -> Plan[MemberRow, MemberChange]:
    """Compare members with the firm's, found by external id, else by e-mail address.

    What a row is silent on stays. `numbers` is filled with the member that each line is about; those who are
    added follow the firm's last, in the order of the plan.
    """
    if known.may_not_manage:
        return _all_refused(rows, known.may_not_manage)
    found = _WhoIsMeant(rows, known)
    added: list[MemberRow] = []
    changed: list[MemberChange] = []
    faults: list[RowFault] = []
    for row in rows:
        member = found.by(row)
        if isinstance(member, RowFault):
            faults.append(member)
        elif member is None and not row.name:
            who = shown(row.email or row.external)
            faults.append(RowFault(row.line, "", F.NEW_MEMBER_WITHOUT_NAME, {"email": who}))
        elif member is None:
            added.append(row)
        else:
            if numbers is not None:
                numbers[row.line] = member.number
            change = _change(row, member)
            if change.changes:
                changed.append(change)
    unchanged = len(rows) - len(added) - len(changed) - len(faults)
    return Plan(tuple(added), tuple(changed), unchanged, in_order(faults))


def _change(row: MemberRow, member: KnownMember) -> MemberChange:
    return MemberChange(
        row=row,
        was=member,
        name=row.name if row.name and row.name != member.name else None,
        email=_other(row.email, member.email),
        external=_other(row.external, member.external),
        role=row.role if row.role is not None and row.role is not member.role else None,
        access=differs(row.access, member.access),
        manage_access=differs(row.manage_access, member.manage_access),
        active=differs(row.active, member.active),
    )


def _other(stated: str, held: str) -> str | None:
    """The stated address or id, where it is another than the one that is held: they are compared by key."""
    return stated if stated and unique_key(stated) != unique_key(held) else None


class _WhoIsMeant:
    """Which member each row is about; no member is what two rows are about."""

    def __init__(self, rows: Sequence[MemberRow], known: KnownMembers) -> None:
        self._by_external = known.members_by_external({unique_key(row.external) for row in rows} - {""})
        self._by_email = known.members_by_email({unique_key(row.email) for row in rows} - {""})
        self._lines: dict[int, int] = {}

    def by(self, row: MemberRow) -> KnownMember | RowFault | None:
        """The member, None for somebody new, or why that cannot be said."""
        member = self._by_external.get(unique_key(row.external)) if row.external else None
        if member is None and row.email:
            member = self._by_email.get(unique_key(row.email))
            if member is not None and row.external and member.external:
                if unique_key(member.external) in self._by_external:
                    # Another row is about them: this one's address was theirs, and is now somebody else's.
                    return None
                told: dict[str, Value] = {"email": shown(row.email), "external": shown(member.external)}
                return RowFault(row.line, "", F.OTHER_EXTERNAL, told)
        if member is None:
            return None
        first = self._lines.setdefault(member.number, row.line)
        if first != row.line:
            return RowFault(row.line, "", F.MEMBER_TWICE, {"who": shown(member.name), "row": first})
        return member


class NamedMembers:
    """The members that a list names: by e-mail address, or by a name that only one active member has."""

    def __init__(self, known: KnownMembers, keys: Collection[str]) -> None:
        self._by_email = known.members_by_email(keys)
        self._by_name = known.members_by_name({key for key in keys if key not in self._by_email})

    def find(self, who: str) -> KnownMember | F:
        """Who is meant, or what is wrong."""
        key = unique_key(who)
        if key in self._by_email:
            return self._by_email[key]
        alike = self._by_name.get(key, ())
        if len(alike) == 1:
            return alike[0]
        return F.SEVERAL_GRANTEES if alike else F.UNKNOWN_MEMBER


class KnownGroups(Protocol):
    """What planning places and grants asks of the firm's groups."""

    def groups_by_name(self, keys: Collection[str]) -> Mapping[str, int]:
        """The numbers of the groups with these names."""


class KnownPlaces(KnownMembers, KnownGroups, Protocol):
    """What planning places asks of the firm."""

    def members_of(self, groups: Collection[int]) -> Mapping[int, Collection[int]]:
        """Who is in these groups."""


class Place(msgspec.Struct, frozen=True):
    """A place to be given."""

    row: PlaceRow
    group: int
    member: int


def plan_places(
    rows: Sequence[PlaceRow], known: KnownPlaces, stated: set[tuple[int, int]] | None = None
) -> Plan[Place, Place]:
    """Compare places with the firm's groups; a list gives places and takes none away.

    `stated` is filled with the group and member that each row names.
    """
    if known.may_not_manage:
        return _all_refused(rows, known.may_not_manage)
    groups = known.groups_by_name({unique_key(row.group) for row in rows})
    members = NamedMembers(known, {unique_key(row.email) for row in rows})
    inside = known.members_of(set(groups.values()))
    added: list[Place] = []
    faults: list[RowFault] = []
    unchanged = 0
    for row in rows:
        group = groups.get(unique_key(row.group))
        member = members.find(row.email)
        if group == EVERYONE:
            faults.append(RowFault(row.line, "", F.EVERYONE_HOLDS_ALL, {"group": shown(row.group)}))
        elif group is None or isinstance(member, F):
            faults += [unknown_group(row.line, row.group)] if group is None else []
            faults += [member_fault(row.line, row.email, member)] if isinstance(member, F) else []
        else:
            if stated is not None:
                stated.add((group, member.number))
            if member.number in inside.get(group, ()):
                unchanged += 1
            else:
                added.append(Place(row, group, member.number))
    return Plan(tuple(added), (), unchanged, in_order(faults))


def plan_own_groups(
    rows: Sequence[MemberRow],
    known: KnownPlaces,
    numbers: Mapping[int, int],
    stated: set[tuple[int, int]] | None = None,
) -> Plan[Place, Place]:
    """Compare the groups that rows of members name with the firm's; nobody is taken out of one.

    `numbers`: the member of each line. `stated` is filled as `plan_places` does.
    """
    groups = known.groups_by_name({unique_key(name) for row in rows for name in row.groups})
    inside = known.members_of(set(groups.values()))
    added: list[Place] = []
    faults: list[RowFault] = []
    unchanged = 0
    for row in rows:
        member = numbers.get(row.line)
        for name in row.groups if member is not None else ():
            assert member is not None
            group = groups.get(unique_key(name))
            if group == EVERYONE:
                faults.append(RowFault(row.line, "", F.EVERYONE_HOLDS_ALL, {"group": shown(name)}))
            elif group is None:
                faults.append(unknown_group(row.line, name))
            elif member in inside.get(group, ()):
                unchanged += 1
            else:
                added.append(Place(PlaceRow(row.line, name, row.email or row.name), group, member))
            if stated is not None and group is not None:
                stated.add((group, member))
    return Plan(tuple(added), (), unchanged, in_order(faults))


def _all_refused(rows: Sequence[MemberRow | PlaceRow], refused: Refused) -> Plan[Any, Any]:
    """Every row refused alike, compared with nothing: what is so already must not show."""
    return Plan((), (), 0, tuple(refused_fault(row.line, refused) for row in rows))


def refused_fault(line: int, refused: Refused) -> RowFault:
    """A row that the core would refuse, told before it is asked."""
    values: dict[str, Value] = {"refusal": refused.refusal, "problem": refused.problem}
    return RowFault(line, "", F.REFUSED, values)


def unknown_group(line: int, group: str) -> RowFault:
    """A row that names a group that is not there."""
    return RowFault(line, "", F.UNKNOWN_GROUP, {"group": shown(group)})


def member_fault(line: int, who: str, code: F) -> RowFault:
    """A row that names a member who is not there, or a name that several have."""
    return RowFault(line, "", code, {"email" if code is F.UNKNOWN_MEMBER else "who": shown(who)})
