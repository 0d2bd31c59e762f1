"""A list read whole, from its file to typed rows and faults. Of the firm only the catalogue is needed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from ringfence.core.directory import unique_key
from ringfence.lists.faults import RowFault
from ringfence.lists.files.table import Row, read_table
from ringfence.lists.rows.access_rows import read_access, read_places, split_places
from ringfence.lists.rows.client_rows import read_clients
from ringfence.lists.rows.columns import Columns, access_or_places, guess_columns, is_header_of, parse_map
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.member_rows import read_members
from ringfence.lists.rows.typed_rows import AccessRow, ClientRow, MemberRow, PlaceRow, shown
from ringfence.lists.watching import Watch, unwatched


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


def read_list(
    path: Path,
    kind: ListKind,
    catalogue: Mapping[str, str],
    *,
    told: Sequence[str] = (),
    sheet: str | None = None,
    watch: Watch = unwatched,
) -> ReadList:
    """Read and check a list. Raises TableError: no list at all.

    `catalogue` has the firm's services by `unique_key`; `told` are the `Header=field` options.
    """
    mapping = parse_map(path.name, told)
    table = read_table(path, is_header=_header_test(kind, mapping), sheet=sheet)
    if kind is ListKind.ACCESS:
        kind = access_or_places(table.headers, mapping)
    columns = guess_columns(table.file, table.headers, kind, services=catalogue.values(), told=mapping)
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
        return _with_clients(read, checked, catalogue)
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


def _with_clients(read: ReadList, rows: Iterable[Row], catalogue: Mapping[str, str]) -> ReadList:
    """A column for a service that the firm lacks is one fault, and then left out."""
    wrong = check_service_columns(read.columns, catalogue, read.header_line)
    headers = {fault.column for fault in wrong}
    used = tuple(c for c in read.columns.used if not (c.service and c.header in headers))
    found = read_clients(rows, msgspec.structs.replace(read.columns, used=used))
    return msgspec.structs.replace(read, clients=found.rows, faults=tuple(sorted(wrong + found.faults)))


def check_service_columns(
    columns: Columns, catalogue: Mapping[str, str], header_line: int
) -> tuple[RowFault, ...]:
    """A fault for each column that is for a service the firm does not have: one, not one for every row."""
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
