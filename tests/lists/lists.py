"""Small lists for tests: written to a file, read back, and a firm to plan against."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.text import P

from ringfence.core.directory import unique_key
from ringfence.core.refusals import Refused
from ringfence.lists.files.table import Row, Table, Told, read_table
from ringfence.lists.plans.client_plan import KnownClient, Plan
from ringfence.lists.plans.people_plan import KnownMember
from ringfence.lists.rows.access_rows import read_access, read_places
from ringfence.lists.rows.client_rows import Settled, read_clients
from ringfence.lists.rows.columns import guess_columns, is_header_of, parse_map
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.member_rows import read_members
from ringfence.lists.rows.typed_rows import AccessRow, MemberRow, PlaceRow, Reading, TypedClient

Cell = str | float | bool


def nothing_to_do(plan: Plan[Any, Any]) -> bool:
    return not (plan.added or plan.changed or plan.faults)


def save(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def save_xlsx(path: Path, *sheets: Sequence[Sequence[Cell]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    write = sheet.write_string if isinstance(cell, str) else sheet.write
                    write(number, column, cell)
    return path


def save_ods(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    book = OpenDocumentSpreadsheet()
    table = OdsTable(name="List")
    for row in rows:
        line = TableRow()
        for cell in row:
            shown = TableCell(valuetype="string") if cell else TableCell()
            if cell:
                shown.addElement(P(text=cell))
            line.addElement(shown)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(path))
    return path


def rows_of(table: Table) -> list[Row]:
    return list(table.rows)


def clients_in(
    path: Path, *told: str, services: Collection[str] = (), settled: Settled = Settled.NEITHER
) -> Reading[TypedClient]:
    mapping = parse_map(path.name, told)
    table = read_table(path, is_header=is_header_of(ListKind.CLIENTS, mapping))
    columns = guess_columns(table.file, table.headers, ListKind.CLIENTS, services=services, told=mapping)
    return read_clients(table.rows, columns, settled=settled)


def members_in(path: Path) -> Reading[MemberRow]:
    table = read_table(path, is_header=is_header_of(ListKind.MEMBERS))
    return read_members(table.rows, guess_columns(table.file, table.headers, ListKind.MEMBERS))


def places_in(path: Path) -> Reading[PlaceRow]:
    table = read_table(path, is_header=is_header_of(ListKind.PLACES))
    return read_places(table.rows, guess_columns(table.file, table.headers, ListKind.PLACES))


def access_in(path: Path, *, read_totals: bool = False) -> Reading[AccessRow]:
    table = read_table(path, is_header=is_header_of(ListKind.ACCESS), told=Told(read_totals=read_totals))
    return read_access(table.rows, guess_columns(table.file, table.headers, ListKind.ACCESS))


class FirmInMemory:
    """What a firm has, as planning asks for it."""

    may_not_manage: Refused | None = None

    def __init__(
        self,
        *,
        services: Sequence[str] = (),
        clients: Sequence[KnownClient] = (),
        members: Sequence[KnownMember] = (),
        groups: Mapping[str, Collection[int]] | None = None,
    ) -> None:
        self._services = {unique_key(name): name for name in services}
        self._clients = clients
        self._members = members
        self._groups = groups or {}

    def services(self) -> Mapping[str, str]:
        return self._services

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, KnownClient]:
        held = {unique_key(c.reference): c for c in self._clients if c.reference}
        return {key: client for key, client in held.items() if key in keys}

    def clients_without_reference(self, keys: Collection[str]) -> Mapping[str, Sequence[KnownClient]]:
        found: dict[str, list[KnownClient]] = {}
        for client in self._clients:
            if not client.reference and unique_key(client.name) in keys:
                found.setdefault(unique_key(client.name), []).append(client)
        return found

    def references_by_name(self, keys: Collection[str]) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for client in self._clients:
            if client.reference and unique_key(client.name) in keys:
                found.setdefault(unique_key(client.name), []).append(client.reference)
        return found

    def clients_by_tax_reference(self, service: str, keys: Collection[str]) -> Mapping[str, int]:
        held = {unique_key(r): c.number for c in self._clients for s, r in c.services.items() if s == service}
        return {key: number for key, number in held.items() if key in keys}

    def members_by_email(self, keys: Collection[str]) -> Mapping[str, KnownMember]:
        return {key: m for m in self._members if (key := unique_key(m.email)) in keys}

    def members_by_external(self, keys: Collection[str]) -> Mapping[str, KnownMember]:
        return {key: m for m in self._members if m.external and (key := unique_key(m.external)) in keys}

    def members_by_name(self, keys: Collection[str]) -> Mapping[str, Sequence[KnownMember]]:
        return {key: [m for m in self._members if m.active and unique_key(m.name) == key] for key in keys}

    def groups_by_name(self, keys: Collection[str]) -> Mapping[str, int]:
        return {key: n for n, name in enumerate(self._groups, 2) if (key := unique_key(name)) in keys}

    def members_of(self, groups: Collection[int]) -> Mapping[int, Collection[int]]:
        return {number: held for number, held in enumerate(self._groups.values(), 2) if number in groups}
