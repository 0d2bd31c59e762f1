"""Which column of a file is which field: guessed from its header, or told by the person.

An explicit mapping beats a guess, the header closest to our own words beats a looser one, and what is not
used is reported, never dropped in silence. Cells are not looked at.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from ringfence.lists.faults import F, TableError, shown
from ringfence.lists.rows.headers import (
    FIELD_OF_HEADER,
    REQUIRED,
    SERVICE_OF_HEADER,
    ListKind,
    fields_of,
    header_key,
)

IGNORE = "ignore"
SERVICE_PREFIX = "service:"
BOTH = "reference_and_name"
"""What a column of a list of clients is seldom, so that nobody is told to look for it first."""


class Column(msgspec.Struct, frozen=True):
    """One used column: its place (0-based), its header, and the field (or the service) it fills."""

    index: int
    header: str
    field: str
    service: str = ""
    """Set when `field` is "tax_reference_of": the column holds this service's tax reference."""

    @property
    def meaning(self) -> str:
        """The field, or `service:VAT`: what `wording.list_faults.field_text` has words for."""
        return f"{SERVICE_PREFIX}{self.service}" if self.service else self.field


class Columns(msgspec.Struct, frozen=True):
    """All used columns of a list, and the headers of those that are ignored."""

    kind: ListKind
    used: tuple[Column, ...]
    ignored: tuple[str, ...] = ()

    def of(self, field: str) -> Column | None:
        """The column of a field, if there is one."""
        return next((column for column in self.used if column.field == field), None)

    def services(self) -> tuple[Column, ...]:
        """The columns that each hold one service's tax reference."""
        return tuple(column for column in self.used if column.service)

    def header(self, *fields: str) -> str:
        """The header of the first of these fields that has a column; "" where none has."""
        found = (column.header for field in fields if (column := self.of(field)) is not None)
        return next(found, "")

    def header_of_service(self, service: str) -> str:
        """The header under which a service seems to be named."""
        return self._own_header(service) or self.header("service", "services", "utr")

    def header_of_tax_reference(self, service: str) -> str:
        """The header under which a service's tax reference seems to stand."""
        return self._own_header(service) or self.header("tax_reference", "utr", "services")

    def _own_header(self, service: str) -> str:
        key = header_key(service)
        return next((each.header for each in self.services() if header_key(each.service) == key), "")


NO_COLUMNS = Columns(ListKind.CLIENTS, ())
"""Those of rows that no file was read for."""


def parse_map(file: str, options: Iterable[str]) -> dict[str, str]:
    """`Header=field` options as header key to field; the last `=` divides, headers may hold others.

    Raises TableError for an option without `=` and for a header mapped twice.
    """
    told: dict[str, str] = {}
    for option in options:
        header, divided, field = option.rpartition("=")
        if not divided or not header.strip() or not field.strip():
            raise TableError(file, F.MAPS_NOTHING, told=shown(option))
        if header_key(header) in told:
            raise TableError(file, F.MAPPED_TWICE, header=shown(header.strip()))
        told[header_key(header)] = field.strip()
    return told


def guess_columns(
    file: str,
    headers: tuple[str, ...],
    kind: ListKind,
    *,
    services: Collection[str] = (),
    told: Mapping[str, str] | None = None,
) -> Columns:
    """The fields of the columns under these headers.

    `services` are the names in the firm's catalogue: a header that is one of them is that service's
    column. `told` is what `parse_map` returned. Raises TableError: a mapping to a field or header that
    does not exist, two columns equally good for one field, a required field without a column.
    """
    told = told or {}
    _check_told(file, headers, kind, told)
    catalogue = {header_key(name): name for name in services} if kind is ListKind.CLIENTS else {}
    best: dict[tuple[str, str], tuple[int, Column]] = {}
    for index, header in enumerate(headers):
        found = _meaning(header, kind, catalogue, told)
        if found is None:
            continue
        rank, field, service = found
        column = Column(index, header, field, service)
        target = (field, header_key(service))
        rival = best.get(target)
        if rival is not None and rival[0] == rank:
            raise _both(file, rival[1], column)
        if rival is None or rank < rival[0]:
            best[target] = (rank, column)
    used = _usable(kind, [column for _, column in best.values()])
    _check_required(file, headers, kind, used)
    places = {column.index for column in used}
    ignored = tuple(header for place, header in enumerate(headers) if place not in places and header)
    return Columns(kind, used, ignored)


def placed_columns(file: str, headers: tuple[str, ...], kind: ListKind, meanings: Sequence[str]) -> Columns:
    """The columns as somebody said what each is, by its place: a `Column.meaning`, or "" to leave it out.

    Raises TableError as `guess_columns` does; columns beyond the meanings are left out.
    """
    used: dict[tuple[str, str], Column] = {}
    allowed = fields_of(kind)
    for index, (header, meaning) in enumerate(zip(headers, meanings, strict=False)):
        service = meaning.removeprefix(SERVICE_PREFIX) if meaning.startswith(SERVICE_PREFIX) else ""
        if not meaning:
            continue
        if not service and meaning not in allowed:
            raise TableError(file, F.NO_SUCH_FIELD, told=shown(meaning), fields=", ".join(allowed))
        column = Column(index, header, "tax_reference_of" if service else meaning, service)
        rival = used.setdefault((column.field, header_key(service)), column)
        if rival is not column:
            raise _both(file, rival, column)
    columns = _usable(kind, list(used.values()))
    _check_required(file, headers, kind, columns)
    places = {column.index for column in columns}
    ignored = tuple(header for place, header in enumerate(headers) if place not in places and header)
    return Columns(kind, columns, ignored)


def proposed_meanings(
    headers: tuple[str, ...],
    kind: ListKind,
    services: Collection[str],
    told: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """What each column seems to be, by its place; "" for one that is nothing known, or as good as another.

    `told` is what is known of the headers beforehand, as of a known program's list.
    """
    catalogue = {header_key(name): name for name in services} if kind is ListKind.CLIENTS else {}
    best: dict[tuple[str, str], tuple[int, Column]] = {}
    for index, header in enumerate(headers):
        if (found := _meaning(header, kind, catalogue, told or {})) is not None:
            rank, field, service = found
            rival = best.get((field, header_key(service)))
            if rival is None or rank < rival[0]:
                best[field, header_key(service)] = (rank, Column(index, header, field, service))
    meant = {column.index: column.meaning for column in _usable(kind, [each for _, each in best.values()])}
    return tuple(meant.get(index, "") for index in range(len(headers)))


def _both(file: str, one: Column, other: Column) -> TableError:
    """Two columns equally good for one field; nothing that is said of a header tells two alike apart."""
    same = header_key(one.header) == header_key(other.header)
    return TableError(
        file,
        F.SAME_HEADER_TWICE if same else F.TWO_COLUMNS,
        one=one.index + 1,
        other=other.index + 1,
        field=other.meaning,
        header=shown(one.header),
        second=shown(other.header),
    )


def is_header_of(kind: ListKind, told: Mapping[str, str] | None = None) -> Callable[[tuple[str, ...]], int]:
    """A test for the row that is the header of such a list: how many of its cells are known as columns.

    0 where a required field has none.
    """

    def is_header(cells: tuple[str, ...]) -> int:
        known = [
            meaning[1] for cell in cells if cell and (meaning := _meaning(cell.strip(), kind, {}, told or {}))
        ]
        return len(known) if all(set(known) & set(fields) for fields in REQUIRED[kind]) else 0

    return is_header


def access_or_places(headers: tuple[str, ...], told: Mapping[str, str] | None = None) -> ListKind:
    """Whether a list for `import access` holds grants or places in groups: places name no client."""
    if is_header_of(ListKind.ACCESS, told)(headers) or not is_header_of(ListKind.PLACES, told)(headers):
        return ListKind.ACCESS
    return ListKind.PLACES


def _meaning(
    header: str, kind: ListKind, catalogue: Mapping[str, str], told: Mapping[str, str]
) -> tuple[int, str, str] | None:
    """Rank (told -1, guessed from 0), field and service of a header, or None where it means nothing."""
    key = header_key(header)
    explicit = told.get(key)
    if explicit == IGNORE or not key:
        return None
    if explicit is not None and explicit.startswith(SERVICE_PREFIX):
        return -1, "tax_reference_of", explicit.removeprefix(SERVICE_PREFIX).strip()
    if explicit is not None:
        return -1, explicit, ""
    if known := FIELD_OF_HEADER[kind].get(key):
        return known[1], known[0], ""
    if kind is not ListKind.CLIENTS:
        return None
    if key in catalogue:
        return 0, "tax_reference_of", catalogue[key]
    if known := SERVICE_OF_HEADER.get(key):
        return known[1] + 1, "tax_reference_of", catalogue.get(header_key(known[0]), known[0])
    return None


def _usable(kind: ListKind, columns: list[Column]) -> tuple[Column, ...]:
    """The columns in the file's order, without a tax reference that no service column goes with."""
    columns.sort(key=lambda column: column.index)
    paired = any(column.field == "service" for column in columns) or kind is not ListKind.CLIENTS
    return tuple(column for column in columns if paired or column.field != "tax_reference")


def _check_told(file: str, headers: tuple[str, ...], kind: ListKind, told: Mapping[str, str]) -> None:
    present = {header_key(header) for header in headers}
    allowed = (*fields_of(kind), IGNORE)
    for header, field in told.items():
        if header not in present:
            raise TableError(file, F.NO_SUCH_HEADER, header=header, field=field, headers=_named(headers))
        of_service = kind is ListKind.CLIENTS and field.removeprefix(SERVICE_PREFIX).strip()
        if field not in allowed and not (field.startswith(SERVICE_PREFIX) and of_service):
            extra = (f"{SERVICE_PREFIX}…",) if kind is ListKind.CLIENTS else ()
            raise TableError(file, F.NO_SUCH_FIELD, told=field, fields=", ".join((*allowed, *extra)))


def _check_required(file: str, headers: tuple[str, ...], kind: ListKind, used: tuple[Column, ...]) -> None:
    fields = {column.field for column in used}
    for choice in REQUIRED[kind]:
        if not fields.intersection(choice):
            fields_named = "|".join(field for field in choice if field != BOTH) or BOTH
            raise TableError(file, F.NO_COLUMN, field=fields_named, headers=_named(headers))


def _named(headers: tuple[str, ...]) -> str:
    return ", ".join(map(shown, filter(None, headers))) or "-"
