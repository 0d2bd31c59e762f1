"""What an import would do: rows compared with what the firm has, before anything is saved.

The firm is asked through small protocols, in bulk and by `unique_key`, so that planning runs outside the
firm's lock and in tests without a database. Whether a change is permitted is for the core to say.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import msgspec

from ringfence.core.directory import unique_key
from ringfence.core.terms import Role
from ringfence.imports.columns import Columns
from ringfence.imports.faults import RowFault
from ringfence.imports.rows import ClientRow, MemberRow, PlaceRow, shown

Added = TypeVar("Added")
Changed = TypeVar("Changed")


class Plan(msgspec.Struct, Generic[Added, Changed], frozen=True):
    """What would be added, changed and left alone (`unchanged` rows), and what keeps it from being saved."""

    added: tuple[Added, ...]
    changed: tuple[Changed, ...]
    unchanged: int
    faults: tuple[RowFault, ...]

    @property
    def nothing_to_do(self) -> bool:
        return not (self.added or self.changed or self.faults)


class KnownClient(msgspec.Struct, frozen=True):
    """A client as the firm has it; `services` maps `unique_key`s of service names to tax references."""

    number: int
    name: str
    reference: str
    kind: str
    confidential: bool
    services: Mapping[str, str]


class KnownClients(Protocol):
    """What planning clients asks of the firm."""

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, KnownClient]:
        """The clients with these references; keys without one are left out."""

    def services(self) -> Mapping[str, str]:
        """The firm's catalogue: `unique_key` to name."""

    def clients_by_tax_reference(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
        """Of these pairs of service and tax reference, which are taken, and by which client."""


class ClientChange(msgspec.Struct, frozen=True):
    """What a row changes of a client; None where it changes nothing. Services by the catalogue's name."""

    row: ClientRow
    number: int
    name: str | None = None
    kind: str | None = None
    confidential: bool | None = None
    services_added: Mapping[str, str] = {}
    services_changed: Mapping[str, str] = {}
    """New tax references of services that the client has."""

    @property
    def changes(self) -> bool:
        details = (self.name, self.kind, self.confidential)
        return any(v is not None for v in details) or bool(self.services_added or self.services_changed)


def check_service_columns(columns: Columns, known: KnownClients, header_line: int) -> tuple[RowFault, ...]:
    """A fault for each column that is for a service the firm does not have: one, not one for every row."""
    catalogue = known.services()
    return tuple(
        RowFault(
            header_line,
            column.header,
            f"The firm has no service “{shown(column.service)}”. Add it, map the column to another one "
            f'(--map "{column.header}=service:NAME") or leave it out (--map "{column.header}=ignore").',
        )
        for column in columns.services()
        if unique_key(column.service) not in catalogue
    )


def plan_clients(rows: Sequence[ClientRow], known: KnownClients) -> Plan[ClientRow, ClientChange]:
    """Compare clients with the firm's, found by client reference.

    Added rows carry service names as the catalogue writes them. What a row is silent on stays; nothing is
    removed. Faults: a new client without a name, a service the firm lacks, a tax reference that belongs to
    another client of the firm (rules.md 1: unique per service).
    """
    planner = _ClientPlanner(rows, known)
    for row in rows:
        planner.take(row)
    return Plan(
        tuple(planner.added), tuple(planner.changed), planner.unchanged, tuple(sorted(planner.faults))
    )


class _ClientPlanner:
    def __init__(self, rows: Sequence[ClientRow], known: KnownClients) -> None:
        self.added: list[ClientRow] = []
        self.changed: list[ClientChange] = []
        self.unchanged = 0
        self.faults: list[RowFault] = []
        self._catalogue = known.services()
        self._clients = known.clients_by_reference({unique_key(row.reference) for row in rows})
        self._holders = known.clients_by_tax_reference(
            {
                (unique_key(service), unique_key(reference))
                for row in rows
                for service, reference in row.services.items()
                if reference
            }
        )

    def take(self, row: ClientRow) -> None:
        client = self._clients.get(unique_key(row.reference))
        services = self._services(row, client.number if client else None)
        if client is None:
            if not row.name:
                message = f"“{shown(row.reference)}” is a new client and has no name. Fill in the name."
                self.faults.append(RowFault(row.line, "", message))
            self.added.append(msgspec.structs.replace(row, services=services))
            return
        change = _difference(row, client, services)
        if change.changes:
            self.changed.append(change)
        else:
            self.unchanged += 1

    def _services(self, row: ClientRow, client: int | None) -> dict[str, str]:
        """The row's services by the catalogue's names, with what is wrong with them noted."""
        services: dict[str, str] = {}
        for name, reference in row.services.items():
            key = unique_key(name)
            line = row.line_of(name)
            if key not in self._catalogue:
                message = f"The firm has no service “{shown(name)}”. Add it first, or correct its name."
                self.faults.append(RowFault(line, "", message))
                continue
            holder = self._holders.get((key, unique_key(reference))) if reference else None
            if holder is not None and holder != client:
                message = f"“{shown(reference)}” for {shown(name)} belongs to another client of the firm."
                self.faults.append(RowFault(line, "", f"{message} Correct one of the two."))
                continue
            services[self._catalogue[key]] = reference
        return services


def _difference(row: ClientRow, client: KnownClient, services: Mapping[str, str]) -> ClientChange:
    """What the row states otherwise than the firm has it; tax references compared as they are written."""
    held = client.services
    return ClientChange(
        row=row,
        number=client.number,
        name=row.name if row.name and row.name != client.name else None,
        kind=row.kind if row.kind is not None and row.kind != client.kind else None,
        confidential=_differs(row.confidential, client.confidential),
        services_added={n: r for n, r in services.items() if unique_key(n) not in held},
        services_changed={n: r for n, r in services.items() if r and held.get(unique_key(n), r) != r},
    )


def _differs(stated: bool | None, has: bool) -> bool | None:
    return stated if stated is not None and stated is not has else None


class KnownMember(msgspec.Struct, frozen=True):
    """A member as the firm has it."""

    number: int
    name: str
    email: str
    role: Role
    access: bool
    manage_access: bool
    active: bool


class KnownMembers(Protocol):
    """What planning members asks of the firm."""

    def members_by_email(self, keys: Collection[str]) -> Mapping[str, KnownMember]:
        """The members, inactive ones too, with these addresses; keys without one are left out."""


class MemberChange(msgspec.Struct, frozen=True):
    """What a row changes of a member; None where it changes nothing."""

    row: MemberRow
    number: int
    name: str | None = None
    role: Role | None = None
    access: bool | None = None
    manage_access: bool | None = None
    active: bool | None = None

    @property
    def changes(self) -> bool:
        values = (self.name, self.role, self.access, self.manage_access, self.active)
        return any(value is not None for value in values)


def plan_members(rows: Sequence[MemberRow], known: KnownMembers) -> Plan[MemberRow, MemberChange]:
    """Compare members with the firm's, found by e-mail address; what a row is silent on stays."""
    members = known.members_by_email({unique_key(row.email) for row in rows})
    added: list[MemberRow] = []
    changed: list[MemberChange] = []
    faults: list[RowFault] = []
    for row in rows:
        member = members.get(unique_key(row.email))
        if member is None and not row.name:
            message = f"“{shown(row.email)}” is a new member and has no name. Fill in the name."
            faults.append(RowFault(row.line, "", message))
        elif member is None:
            added.append(row)
        else:
            change = MemberChange(
                row=row,
                number=member.number,
                name=row.name if row.name and row.name != member.name else None,
                role=row.role if row.role is not None and row.role is not member.role else None,
                access=_differs(row.access, member.access),
                manage_access=_differs(row.manage_access, member.manage_access),
                active=_differs(row.active, member.active),
            )
            if change.changes:
                changed.append(change)
    unchanged = len(rows) - len(added) - len(changed) - len(faults)
    return Plan(tuple(added), tuple(changed), unchanged, tuple(sorted(faults)))


class KnownPlaces(KnownMembers, Protocol):
    """What planning places asks of the firm."""

    def groups_by_name(self, keys: Collection[str]) -> Mapping[str, int]:
        """The numbers of the groups with these names, Everyone left out."""

    def members_of(self, groups: Collection[int]) -> Mapping[int, Collection[int]]:
        """Who is in these groups."""


class Place(msgspec.Struct, frozen=True):
    """A place to be given."""

    row: PlaceRow
    group: int
    member: int


def plan_places(rows: Sequence[PlaceRow], known: KnownPlaces) -> Plan[Place, Place]:
    """Compare places with the firm's groups; a list gives places and takes none away."""
    groups = known.groups_by_name({unique_key(row.group) for row in rows})
    members = known.members_by_email({unique_key(row.email) for row in rows})
    inside = known.members_of(set(groups.values()))
    added: list[Place] = []
    faults: list[RowFault] = []
    unchanged = 0
    for row in rows:
        group = groups.get(unique_key(row.group))
        member = members.get(unique_key(row.email))
        if group is None or member is None:
            faults.extend(_unknown(row.line, row.group, group is None, row.email, member is None))
        elif member.number in inside.get(group, ()):
            unchanged += 1
        else:
            added.append(Place(row, group, member.number))
    return Plan(tuple(added), (), unchanged, tuple(sorted(faults)))


def _unknown(
    line: int, group: str, group_unknown: bool, email: str, email_unknown: bool
) -> Iterable[RowFault]:
    if group_unknown:
        message = (
            f"There is no group “{shown(group)}” whose members can be set. Create it, or correct its name."
        )
        yield RowFault(line, "", message)
    if email_unknown:
        message = f"The firm has no member “{shown(email)}”. Import members first, or correct the address."
        yield RowFault(line, "", message)
