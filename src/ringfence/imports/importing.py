"""One list from its file to the commands that would save it; saving itself is for whoever asked.

Reading needs the firm's catalogue only, planning all of its names at one version; both may be watched.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ringfence.core.directory import unique_key
from ringfence.imports.clients import read_clients
from ringfence.imports.columns import Columns, access_or_places, guess_columns, is_header_of, parse_map
from ringfence.imports.faults import RowFault
from ringfence.imports.firm import FirmLists
from ringfence.imports.grants import read_access, read_places, split_places
from ringfence.imports.members import read_members
from ringfence.imports.plan import ClientChange, Plan, check_service_columns, plan_clients
from ringfence.imports.plan_access import GrantChange, plan_access
from ringfence.imports.plan_people import MemberChange, Place, plan_members, plan_places
from ringfence.imports.rows import AccessRow, ClientRow, MemberRow, PlaceRow
from ringfence.imports.steps import Step, client_steps, grant_steps, member_steps, place_steps
from ringfence.imports.tables import Row, read_table
from ringfence.imports.vocabulary import ListKind

T = TypeVar("T")
Watch = Callable[[str, Iterable[Any], int | None], Iterable[Any]]
"""Walks through things and shows how far it has got: what is done, the things, how many (None: unknown)."""


def unwatched(what: str, things: Iterable[T], count: int | None) -> Iterable[T]:
    return things


class ReadList(msgspec.Struct, frozen=True, kw_only=True):
    """A list read whole: where from, which columns, its rows by what they are, and every fault in them."""

    file: str
    sheet: str
    other_sheets: tuple[str, ...]
    header_line: int
    columns: Columns
    count: int
    """How many rows there are below the header, blank ones left out."""
    clients: tuple[ClientRow, ...] = ()
    members: tuple[MemberRow, ...] = ()
    access: tuple[AccessRow, ...] = ()
    places: tuple[PlaceRow, ...] = ()
    faults: tuple[RowFault, ...] = ()


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """What importing a list would do to the firm as it stood at `version`; nothing with any fault."""

    version: int
    clients: Plan[ClientRow, ClientChange] | None = None
    members: Plan[MemberRow, MemberChange] | None = None
    access: Plan[GrantChange, GrantChange] | None = None
    places: Plan[Place, Place] | None = None
    faults: tuple[RowFault, ...] = ()
    steps: tuple[Step, ...] = ()

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


def read_list(
    path: Path,
    kind: ListKind,
    firm: FirmLists,
    *,
    told: Sequence[str] = (),
    sheet: str | None = None,
    watch: Watch = unwatched,
) -> ReadList:
    """Read and check a list. `told` are the `Header=field` options. Raises TableError: no list at all."""
    mapping = parse_map(path.name, told)
    table = read_table(path, is_header=_header_test(kind, mapping), sheet=sheet)
    if kind is ListKind.ACCESS:
        kind = access_or_places(table.headers, mapping)
    columns = guess_columns(table.file, table.headers, kind, services=firm.services().values(), told=mapping)
    rows: list[Row] = list(watch("Reading", table.rows, None))
    read = ReadList(
        file=table.file,
        sheet=table.sheet,
        other_sheets=table.other_sheets,
        header_line=table.header_line,
        columns=columns,
        count=len(rows),
    )
    checked = watch("Checking", rows, len(rows))
    if kind is ListKind.CLIENTS:
        return _with_clients(read, checked, firm)
    if kind is ListKind.MEMBERS:
        members = read_members(checked, columns)
        return msgspec.structs.replace(read, members=members.rows, faults=members.faults)
    access_rows, place_rows = split_places(checked, columns)
    access, places = read_access(access_rows, columns), read_places(place_rows, columns)
    faults = tuple(sorted(access.faults + places.faults))
    return msgspec.structs.replace(read, access=access.rows, places=places.rows, faults=faults)


def _header_test(kind: ListKind, told: Mapping[str, str]) -> Callable[[tuple[str, ...]], bool]:
    accepts = [is_header_of(kind, told)]
    if kind is ListKind.ACCESS:
        accepts.append(is_header_of(ListKind.PLACES, told))
    return lambda cells: any(accept(cells) for accept in accepts)


def _with_clients(read: ReadList, rows: Iterable[Row], firm: FirmLists) -> ReadList:
    """A column for a service that the firm lacks is one fault, and then left out."""
    wrong = check_service_columns(read.columns, firm, read.header_line)
    headers = {fault.column for fault in wrong}
    used = tuple(c for c in read.columns.used if not (c.service and c.header in headers))
    found = read_clients(rows, msgspec.structs.replace(read.columns, used=used))
    return msgspec.structs.replace(read, clients=found.rows, faults=tuple(sorted(wrong + found.faults)))


def plan_list(read: ReadList, firm: FirmLists) -> Prepared:
    """What saving the list would do to the firm, and the commands for it; no commands with any fault."""
    kind = read.columns.kind
    version = firm.view.version
    if kind is ListKind.CLIENTS:
        prepared = Prepared(version=version, clients=plan_clients(read.clients, firm))
    elif kind is ListKind.MEMBERS:
        prepared = Prepared(version=version, members=plan_members(read.members, firm))
    else:
        prepared = Prepared(
            version=version,
            access=plan_access(read.access, firm) if kind is ListKind.ACCESS else None,
            places=plan_places(read.places, firm) if read.places or kind is ListKind.PLACES else None,
        )
    faults = tuple(sorted(chain(read.faults, *(plan.faults for _, plan in prepared.plans))))
    steps = () if faults else tuple(_steps(prepared, firm))
    return msgspec.structs.replace(prepared, faults=faults, steps=steps)


def _steps(prepared: Prepared, firm: FirmLists) -> Iterator[Step]:
    state = firm.view.moment.state
    if prepared.clients:
        yield from client_steps(prepared.clients, firm.service_numbers, state.register.engagement_for)
    if prepared.members:
        yield from member_steps(prepared.members, state.numbers.member + 1)
    if prepared.access:
        yield from grant_steps((*prepared.access.added, *prepared.access.changed))
    if prepared.places:
        yield from place_steps(prepared.places.added)


def missing_services(read: ReadList, firm: FirmLists) -> list[str]:
    """The services that the list names and the firm lacks, each as first written."""
    of_columns = (column.service for column in read.columns.services())
    of_rows = chain.from_iterable(row.services for row in read.clients)
    of_access = (row.service for row in read.access if row.service)
    return _missing(chain(of_columns, of_rows, of_access), firm.services())


def missing_groups(read: ReadList, firm: FirmLists) -> list[str]:
    """The groups that the list names and the firm lacks, each as first written."""
    of_access = (row.group for row in read.access if row.group)
    of_places = (row.group for row in read.places)
    return _missing(chain(of_access, of_places), {unique_key(name) for name in firm.groups.values()})


def _missing(names: Iterable[str], known: Container[str]) -> list[str]:
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(unique_key(name), name)
    return [name for key, name in first.items() if key not in known]
