"""A list that was read, compared with the firm at one version, and the commands that would save it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec

from ringfence.core.commands import definitions as w
from ringfence.core.directory import unique_key
from ringfence.lists.faults import F, RowFault, in_order, shown
from ringfence.lists.plans.access_plan import GrantChange, plan_access
from ringfence.lists.plans.client_plan import ClientChange, Plan, plan_clients
from ringfence.lists.plans.directory_commands import as_directory
from ringfence.lists.plans.gone_commands import gone_commands
from ringfence.lists.plans.gone_plan import GoneOfScope, Stated, Whole, plan_gone
from ringfence.lists.plans.grantee_plan import plan_grantees
from ringfence.lists.plans.known_firm import KnownFirm
from ringfence.lists.plans.missing import missing_groups, missing_services
from ringfence.lists.plans.people_plan import (
    MemberChange,
    Place,
    plan_members,
    plan_own_groups,
    plan_places,
)
from ringfence.lists.plans.planned import (
    PlannedCommand,
    client_commands,
    grant_commands,
    member_commands,
    place_commands,
)
from ringfence.lists.plans.whole_firm import HeldByFirm
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import ReadList
from ringfence.lists.rows.typed_rows import AccessRow, MemberRow, PlaceRow, TypedClient

ClientPlan = Plan[TypedClient, ClientChange]


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """What importing a list would do to the firm as it stood at `version`; nothing with any fault."""

    version: int
    services: tuple[str, ...] = ()
    """Services that the firm is given with the list."""
    groups: tuple[str, ...] = ()
    """Groups that are created with the list."""
    shared: tuple[w.GrantTo, ...] | None = None
    """The grantees that were chosen for all new clients; None for the defaults."""
    given: Mapping[int, tuple[w.GrantTo, ...]] = {}
    """By row, what a new client starts with that names grantees of its own."""
    clients: Plan[TypedClient, ClientChange] | None = None
    members: Plan[MemberRow, MemberChange] | None = None
    access: Plan[GrantChange, GrantChange] | None = None
    places: Plan[Place, Place] | None = None
    faults: tuple[RowFault, ...] = ()
    remarks: tuple[RowFault, ...] = ()
    commands: tuple[PlannedCommand, ...] = ()
    whole: Whole | None = None
    """What was said of a list that is all that the firm has."""
    kept: frozenset[int] = frozenset()
    """Groups that the directory keeps from now on, by whose list they are named."""
    gone: tuple[GoneOfScope, ...] = ()
    """What the firm has of it and the list lacks; found only where no row has a fault."""

    @property
    def braked(self) -> bool:
        """Whether more was to be removed than is believed, so that nothing of the list is taken."""
        whole = self.whole
        if whole is None or not (whole.remove or whole.counts_stated):
            return False
        gone = self.gone if whole.remove else [msgspec.structs.replace(each, items=()) for each in self.gone]
        return any(each.braked(whole.at_most) for each in gone)

    @property
    def lacks(self) -> int:
        """How much is gone from the list."""
        return sum(len(each.items) for each in self.gone)

    @property
    def plans(self) -> Sequence[tuple[str, Plan[Any, Any]]]:
        """Each plan there is, with what it is of."""
        found = (
            ("clients", self.clients),
            ("members", self.members),
            ("access", self.access),
            ("places in groups", self.places),
        )
        return [(what, plan) for what, plan in found if plan is not None]


def plan_list(
    read: ReadList,
    firm: KnownFirm,
    *,
    add_services: Collection[str] = (),
    add_groups: bool = False,
    shared: tuple[w.GrantTo, ...] | None = None,
    whole: Whole | None = None,
) -> Prepared:
    """What saving the list would do to the firm, and the commands for it; no commands with any fault.

    `add_services`: of the services that a list of clients names and the firm lacks, these are added with it,
    by who may; `add_groups`: so are the groups that a list of access, places or members names. `shared`: who
    gets access to every new client, in place of the defaults. `whole`: what the firm has of it and the list
    lacks is looked for, and where it is too much to be believed, there are no commands either. Raises what
    `plan_gone` raises.
    """
    kind = read.columns.kind
    stated = Stated()
    services: tuple[str, ...] = ()
    if add_services and kind is ListKind.CLIENTS and firm.may_not_manage is None:
        wanted = set(map(unique_key, add_services))
        services = tuple(name for name in missing_services(read, firm) if unique_key(name) in wanted)
        firm = firm.with_services(services)
    groups: tuple[str, ...] = ()
    if add_groups and kind is not ListKind.CLIENTS and firm.may_not_manage is None:
        groups = tuple(missing_groups(read, firm))
        firm = firm.with_groups(groups)
    version = firm.firm_now.version
    if kind is ListKind.CLIENTS:
        clients = plan_clients(read.clients, firm, read.columns)
        prepared = Prepared(
            version=version, services=services, shared=shared, clients=_by_column(clients, read, firm)
        )
        prepared = _with_grantees(prepared, read, firm)
    elif kind is ListKind.MEMBERS:
        prepared = _of_members(read, firm, stated, groups)
        if whole is not None and whole.linked:
            prepared = msgspec.structs.replace(prepared, kept=frozenset(stated.groups))
    else:
        prepared = Prepared(
            version=version,
            groups=groups,
            access=plan_access(read.access, firm, stated.grants) if kind is ListKind.ACCESS else None,
            places=plan_places(read.places, firm, stated.places)
            if read.places or kind is ListKind.PLACES
            else None,
        )
    faults = in_order(chain(read.faults, prepared.faults, *(plan.faults for _, plan in prepared.plans)))
    remarks = in_order(chain(read.remarks, *(plan.remarks for _, plan in prepared.plans)))
    prepared = msgspec.structs.replace(prepared, faults=faults, remarks=remarks, whole=whole)
    if faults:
        return prepared
    if whole is not None:
        gone = plan_gone(read, HeldByFirm(firm), whole, stated)
        prepared = msgspec.structs.replace(prepared, gone=gone)
    if prepared.braked:
        return prepared
    prepared = msgspec.structs.replace(prepared, commands=tuple(_planned(prepared, read, firm)))
    return prepared if whole is None else _without_old_remarks(prepared, read)


def _of_members(read: ReadList, firm: KnownFirm, stated: Stated, groups: tuple[str, ...]) -> Prepared:
    """The plan of a list of members, with their groups where it names any."""
    version = firm.firm_now.version
    members = plan_members(read.members, firm, stated.members)
    listed = firm.groups_by_name(set(map(unique_key, read.groups)))
    stated.groups.update(listed.values())
    spared = {
        **firm.members_by_external({unique_key(row.external) for row in read.spared} - {""}),
        **firm.members_by_email({unique_key(row.email) for row in read.spared} - {""}),
    }
    stated.spared.update(who.number for who in spared.values())
    if members.faults or not any(row.groups for row in read.members):
        return Prepared(version=version, members=members, groups=groups)
    first = firm.firm_now.last_member + 1
    numbers = stated.members | {row.line: number for number, row in enumerate(members.added, first)}
    places = plan_own_groups(read.members, firm, numbers, stated.places)
    return Prepared(version=version, members=members, groups=groups, places=places)


def _without_old_remarks(prepared: Prepared, read: ReadList) -> Prepared:
    """The plan without remarks on rows that change nothing: a whole list is given again and again, and what
    was said when such a row came in is not said every night."""
    changing = {line for planned in prepared.commands for line in planned.lines}
    new = prepared.clients.added if prepared.clients is not None else ()
    changing.update(chain.from_iterable(map(_lines_of, new)))
    rows: Sequence[TypedClient | MemberRow | AccessRow | PlaceRow]
    rows = (*read.clients, *read.members, *read.access, *read.places)
    unchanged = set(chain.from_iterable(map(_lines_of, rows))) - changing
    remarks = tuple(remark for remark in prepared.remarks if remark.line not in unchanged)
    return msgspec.structs.replace(prepared, remarks=remarks)


def _lines_of(row: TypedClient | MemberRow | AccessRow | PlaceRow) -> Iterator[int]:
    """The lines that are known to be of the row."""
    yield row.line
    if isinstance(row, TypedClient):
        yield from row.service_lines.values()
        yield from (given.line for given in row.given)


def _with_grantees(prepared: Prepared, read: ReadList, firm: KnownFirm) -> Prepared:
    """The plan with what its columns of grantees come to."""
    if prepared.clients is None or not any(row.given for row in read.clients):
        return prepared
    found = plan_grantees(prepared.clients, prepared.clients.there, firm, prepared.shared)
    return msgspec.structs.replace(prepared, given=found.new, access=found.access, faults=found.faults)


def _by_column(plan: ClientPlan, read: ReadList, firm: KnownFirm) -> ClientPlan:
    """The plan with one fault for each column of a service that the firm lacks, not one for each row."""
    catalogue = firm.services()
    named = set(map(unique_key, read.named))
    unknown = [
        column
        for column in read.columns.services()
        if (key := unique_key(column.service)) not in catalogue and key in named
    ]
    if not unknown:
        return plan
    keys = {unique_key(column.service) for column in unknown}
    of_columns = [
        RowFault(
            read.source.header_line,
            column.header,
            F.COLUMN_OF_UNKNOWN_SERVICE,
            {"service": shown(column.service)},
        )
        for column in unknown
    ]
    of_rows = [
        fault
        for fault in plan.faults
        if fault.code is not F.UNKNOWN_SERVICE or unique_key(str(fault.values["service"])) not in keys
    ]
    return msgspec.structs.replace(plan, faults=in_order(of_columns + of_rows))


def _commands(prepared: Prepared, read: ReadList, firm: KnownFirm) -> Iterator[PlannedCommand]:
    now = firm.firm_now
    for name in prepared.services:
        yield PlannedCommand(w.AddService(name=name), (read.source.header_line,))
    for name in prepared.groups:
        yield PlannedCommand(w.CreateGroup(name=name), (read.source.header_line,))
    if prepared.clients:
        yield from client_commands(
            prepared.clients,
            firm.service_numbers,
            now.engagement_for,
            shared=prepared.shared,
            given=prepared.given,
        )
    if prepared.members:
        yield from member_commands(prepared.members, now.last_member + 1)
    if prepared.access:
        changes = (*prepared.access.added, *prepared.access.changed)
        yield from grant_commands(changes, fee_splits=now.settings.fee_splits)
    if prepared.places:
        yield from place_commands(prepared.places.added)
    if prepared.whole is not None and prepared.whole.remove:
        yield from gone_commands(prepared.gone)


def _planned(prepared: Prepared, read: ReadList, firm: KnownFirm) -> Iterator[PlannedCommand]:
    """The commands; of a whole list of members as a directory's, which keeps groups and has a successor."""
    commands = _commands(prepared, read, firm)
    if prepared.whole is None or read.columns.kind is not ListKind.MEMBERS:
        return commands
    before = frozenset(firm.firm_now.kept)
    return as_directory(commands, before, prepared.kept)
