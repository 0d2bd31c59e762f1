"""A list read whole, from its file to typed rows and faults; of the firm, only services are known here."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from ringfence.lists.faults import RowFault, in_order, shown
from ringfence.lists.files.kinds import Kind
from ringfence.lists.files.shape import Aside
from ringfence.lists.files.sheet import column_letters
from ringfence.lists.files.source import ListFile
from ringfence.lists.files.table import Row, Table, Told, read_table
from ringfence.lists.files.table_beside import BeginBeside, table_beside, worth_beside
from ringfence.lists.rows.access_rows import read_access, read_places, split_places
from ringfence.lists.rows.client_rows import Settled, read_clients
from ringfence.lists.rows.columns import (
    Columns,
    access_or_places,
    guess_columns,
    is_header_of,
    parse_map,
    placed_columns,
)
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.member_rows import read_members
from ringfence.lists.rows.shapes import is_header_of_shape, shape_of, with_shape
from ringfence.lists.rows.typed_rows import AccessRow, MemberRow, PlaceRow, TypedClient
from ringfence.lists.watching import Watch, unwatched

MOST_THERE = 500
"""Characters of a cell that are kept beside its fault."""
_AROUND_WORDS = '()[],.;:!?"“”'
WORDS_NAMED = 10
"""Words with letters beyond ASCII that are named for whoever imports to look at."""


class ListSource(msgspec.Struct, frozen=True, kw_only=True):
    """Where a list was read from, and how."""

    file: str
    kind: Kind = "text"
    encoding: str
    """Of a file that is text of some kind, as people call it; "" for a workbook."""
    separator: str
    """"" where every line is one cell, and for what is no text file."""
    doubtful: tuple[str, ...]
    """Where the encoding is a guess: words that would look wrong if it was a wrong one."""
    sheet: str
    """The worksheet; "" for a text file."""
    other_sheets: tuple[str, ...]
    """Visible worksheets that were not read."""
    hidden_sheets: tuple[str, ...] = ()
    """Worksheets that are not shown, and were not read."""
    unheaded: tuple[str, ...]
    """Letters of the columns that hold something and have no header, and are not used."""
    hidden_rows: tuple[int, ...]
    """Rows below the header that the worksheet does not show."""
    without_hidden: bool = False
    """Whether these were left out; else they are read all the same."""
    hidden_columns: tuple[str, ...] = ()
    """Letters of the columns with a header that it does not show, and that are read all the same."""
    header_line: int
    above: tuple[Aside, ...] = ()
    """What stands above the header."""
    totals: tuple[Aside, ...] = ()
    """Totals below the list, which are no rows of it."""


class ReadList(msgspec.Struct, frozen=True, kw_only=True):
    """A list read whole: where from, which columns, its rows by what they are, and every fault in them."""

    source: ListSource
    columns: Columns
    count: int
    """How many rows there are below the header, blank ones left out."""
    shape: str = ""
    """The code of the known program whose list it was read as; "" for any other list."""
    clients: tuple[TypedClient, ...] = ()
    members: tuple[MemberRow, ...] = ()
    access: tuple[AccessRow, ...] = ()
    places: tuple[PlaceRow, ...] = ()
    faults: tuple[RowFault, ...] = ()
    remarks: tuple[RowFault, ...] = ()
    named: Mapping[str, int] = {}
    """Of clients, the services that the list names and in how many rows, bad ones too."""
    groups: tuple[str, ...] = ()
    """Groups that a directory lists beside its people, with or without anybody in them."""
    spared: tuple[MemberRow, ...] = ()
    """People of a directory of whom nothing is taken, and who are not to be taken for gone."""


class Choices(msgspec.Struct, frozen=True):
    """What whoever imports says about a list, beyond what stands in it."""

    file: Told = Told()
    columns: tuple[str, ...] = ()
    """What columns are, each as `Header=field`."""
    settled: Settled = Settled.NEITHER
    """Which row of a client settles its name and kind where others say otherwise."""
    placed: tuple[str, ...] = ()
    """What the columns are by their places, where all of them were told: see `placed_columns`."""
    shape: str = ""
    """Whose list it is; "" where that is to be found out, `shapes.NO_SHAPE` for nobody's."""


def read_list(
    path: Path | ListFile,
    kind: ListKind,
    services: Collection[str],
    choices: Choices = Choices(),  # noqa: B008 - immutable
    *,
    watch: Watch = unwatched,
    beside: BeginBeside | None = None,
) -> ReadList:
    """Read and check a list; `services` are the names in the firm's catalogue.

    With `beside`, a long text is walked through by a process of its own, while its rows are checked.
    Raises TableError: no list at all.
    """
    mapping = parse_map(path.name, choices.columns)
    opened = partial(read_table, path, is_header=header_test(kind, mapping), told=choices.file)
    if beside is not None and worth_beside(path):
        with suppress(EOFError), table_beside(opened, beside) as table:
            columns, shape = _understood(table, kind, services, choices, mapping)
            rows: list[Row] = []
            checked = _kept(watch("Reading", table.rows, None), rows)
            return _checked(table, columns, shape, rows, checked, choices)
    table = opened()
    columns, shape = _understood(table, kind, services, choices, mapping)
    rows = list(watch("Reading", table.rows, None))
    return _checked(table, columns, shape, rows, watch("Checking", rows, len(rows)), choices)


def _understood(
    table: Table, kind: ListKind, services: Collection[str], choices: Choices, mapping: Mapping[str, str]
) -> tuple[Columns, str]:
    """What the columns are, and the code of the known program whose list it is."""
    shape = shape_of(table.file, table.headers, kind, choices.shape)
    told = with_shape(shape, table.headers, mapping)
    return _columns(table, kind, services, choices, told), shape.code if shape else ""


def _kept(walked: Iterable[Row], rows: list[Row]) -> Iterator[Row]:
    """The rows, which are put into `rows` as they come."""
    for row in walked:
        rows.append(row)
        yield row


def _checked(
    table: Table, columns: Columns, shape: str, rows: list[Row], checked: Iterable[Row], choices: Choices
) -> ReadList:
    """The list; `rows` are complete once what is to be `checked` was walked through."""
    taken = _taken(checked, columns, choices, guessed=table.guessed)
    cells = _Cells(rows, columns)
    return ReadList(
        source=_source(table, columns, rows, choices.file),
        columns=columns,
        count=len(rows),
        shape=shape,
        clients=taken.clients,
        members=taken.members,
        access=taken.access,
        places=taken.places,
        faults=cells.beside(taken.faults),
        remarks=cells.beside(taken.remarks),
        named=taken.named,
    )


class _Taken(msgspec.Struct, frozen=True):
    """The rows of a list by its kind, and what is wrong or odd in them."""

    faults: tuple[RowFault, ...]
    remarks: tuple[RowFault, ...]
    named: Mapping[str, int] = {}
    clients: tuple[TypedClient, ...] = ()
    members: tuple[MemberRow, ...] = ()
    access: tuple[AccessRow, ...] = ()
    places: tuple[PlaceRow, ...] = ()


def _taken(checked: Iterable[Row], columns: Columns, choices: Choices, *, guessed: bool) -> _Taken:
    """The rows by the kind of the list."""
    kind = columns.kind
    if kind is ListKind.CLIENTS:
        clients = read_clients(checked, columns, settled=choices.settled, guessed=guessed)
        return _Taken(clients.faults, clients.remarks, clients.named, clients=clients.rows)
    if kind is ListKind.MEMBERS:
        members = read_members(checked, columns, guessed=guessed)
        return _Taken(members.faults, members.remarks, members=members.rows)
    access_rows, place_rows = split_places(checked, columns)
    access = read_access(access_rows, columns, guessed=guessed)
    places = read_places(place_rows, columns, guessed=guessed)
    return _Taken(
        in_order(access.faults + places.faults),
        in_order(access.remarks + places.remarks),
        access=access.rows,
        places=places.rows,
    )


class _Cells:
    """What stood in the cells of a list's rows, for the faults of some of them."""

    def __init__(self, rows: Sequence[Row], columns: Columns) -> None:
        self._rows = rows
        self._at = {column.header: column.index for column in columns.used}

    def beside(self, faults: Sequence[RowFault]) -> tuple[RowFault, ...]:
        """The faults, each with what stands in its cell."""
        if not faults:
            return ()
        wrong = {fault.line for fault in faults}
        cells = {row.line: row.cells for row in self._rows if row.line in wrong}
        return tuple(self._with(fault, cells.get(fault.line, ())) for fault in faults)

    def _with(self, fault: RowFault, cells: Sequence[str]) -> RowFault:
        index = self._at.get(fault.column)
        if index is None or index >= len(cells) or fault.there:
            return fault
        return msgspec.structs.replace(fault, there=str(cells[index])[:MOST_THERE])


def _columns(
    table: Table, kind: ListKind, services: Collection[str], choices: Choices, mapping: Mapping[str, str]
) -> Columns:
    if choices.placed:
        if kind is ListKind.ACCESS and "reference" not in choices.placed:
            kind = ListKind.PLACES
        return placed_columns(table.file, table.headers, kind, choices.placed)
    if kind is ListKind.ACCESS:
        kind = access_or_places(table.headers, mapping)
    return guess_columns(table.file, table.headers, kind, services=services, told=mapping)


def _source(table: Table, columns: Columns, rows: Sequence[Row], told: Told) -> ListSource:
    return ListSource(
        file=table.file,
        kind=table.kind,
        encoding=table.encoding,
        separator=table.separator,
        doubtful=tuple(islice(_doubtful(columns, rows), WORDS_NAMED)) if table.guessed else (),
        sheet=table.sheet,
        other_sheets=table.other_sheets,
        hidden_sheets=table.hidden_sheets,
        unheaded=tuple(sorted(table.unheaded, key=lambda letters: (len(letters), letters))),
        hidden_rows=tuple(sorted(number for number in table.hidden_rows if number > table.header_line)),
        without_hidden=told.without_hidden,
        hidden_columns=tuple(
            column_letters(number) for number in sorted(table.hidden_columns) if number <= len(table.headers)
        ),
        header_line=table.header_line,
        above=table.above,
        totals=tuple(table.totals),
    )


def _doubtful(columns: Columns, rows: Sequence[Row]) -> Iterator[str]:
    """The words of used columns with letters beyond ASCII, each once."""
    told: set[str] = set()
    for row in rows:
        for column in columns.used:
            cell = row.cells[column.index]
            if cell.isascii():
                continue
            for word in (part.strip(_AROUND_WORDS) for part in cell.split()):
                if not word.isascii() and word not in told:
                    told.add(word)
                    yield shown(word)


def header_test(kind: ListKind, told: Mapping[str, str]) -> Callable[[tuple[str, ...]], int]:
    """How many columns a row names that can be the header of a list of this kind; 0 where it cannot."""
    accepts = [is_header_of(kind, told), is_header_of_shape(kind)]
    if kind is ListKind.ACCESS:
        accepts.append(is_header_of(ListKind.PLACES, told))
    return lambda cells: max(accept(cells) for accept in accepts)
