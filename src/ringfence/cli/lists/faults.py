"""The faults and remarks of a list in lines for a terminal, and what an option of the command line helps.

The sentences are those of `ringfence.wording.list_faults`.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ringfence.cli.faults import Fault
from ringfence.lists.export.fault_file import fault_cells, fault_headers
from ringfence.lists.export.replacing import replacing
from ringfence.lists.export.writing import Format, TooManyRows, write_list
from ringfence.lists.fault_kinds import by_kind
from ringfence.lists.faults import F, RowFault, TableError, shown

ROWS_SHOWN = 20
"""Rows with the same fault whose numbers are listed without being asked for all."""

_MAP = 'Say so with --map "HEADER=FIELD", for example --map "Code=reference".'
_ENCODING = "--encoding NAME says which encoding the file is in, and takes its letters as they are."
_SEPARATOR = "--separator says what stands between cells: comma, semicolon, tab or another character."
_HINTS: dict[F, str] = {
    F.NO_COLUMN: _MAP,
    F.MAPS_NOTHING: _MAP,
    F.MAPPED_TWICE: "Leave one --map out.",
    F.NO_SUCH_HEADER: "Correct the --map.",
    F.NO_SUCH_FIELD: "Correct the --map.",
    F.TWO_COLUMNS: '--map "HEADER=ignore" leaves a column out.',
    F.COLUMN_OF_UNKNOWN_SERVICE: (
        '--map "HEADER=service:NAME" says that a column is of another service, --map "HEADER=ignore" leaves '
        "it out."
    ),
    F.NO_SHEETS_IN_TEXT: "Leave --sheet out.",
    F.NO_SUCH_SHEET: "Correct --sheet.",
    F.TOO_MANY_SHEETS: "Or say with --sheet which it is.",
    F.GARBLED: _ENCODING,
    F.LOST_LETTER: _ENCODING,
    F.QUESTION_MARK: _ENCODING,
    F.DISAGREES: (
        "--first-row-counts takes name and type of a client from its first row, --last-row-counts from its "
        "last."
    ),
    F.UNDECODED: _ENCODING,
    F.UNSURE_ENCODING: _ENCODING,
    F.UNSURE_SEPARATOR: _SEPARATOR,
    F.NOT_CSV: _SEPARATOR,
    F.NO_HEADER_ROW: "Correct --header-row.",
    F.BELOW_LIST: "--read-totals reads what looks like a total at the end of the list as a row of it.",
}


TOO_MANY_ROWS = "{file} would have more rows than a worksheet can. Write a .csv file, which holds them all."


def write_faults(path: Path, faults: Sequence[RowFault]) -> None:
    """All of them as CSV or XLSX, by the file's name: row, column, what stands there, what to do."""
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in list(Format):
        raise Fault(
            f"{path.name}: faults are written as .csv or .xlsx. End the file's name with one of them."
        )
    try:
        with replacing(path) as stream:
            write_list(stream, fault_headers(), fault_cells(faults), Format(suffix))
    except TooManyRows as error:
        raise Fault(TOO_MANY_ROWS.format(file=path)) from error
    except OSError as error:
        raise Fault(f"{path} cannot be written ({error.strerror}). Choose another place.") from error


def hint(error: TableError) -> str:
    """The message of a list that cannot be read, with the option that helps."""
    return f"{error} {_HINTS[error.code]}" if error.code in _HINTS else str(error)


def hints_of(faults: Iterable[RowFault]) -> Iterator[str]:
    """What options help against these faults, each once."""
    yield from dict.fromkeys(_HINTS[fault.code] for fault in faults if fault.code in _HINTS)


def gathered(faults: Iterable[RowFault], *, everything: bool) -> Iterator[str]:
    """A line for each fault, in order of the rows. The very same fault in several rows is one line.

    Unless `everything` is asked for, many faults of one kind in one column are one line too: their rows, and
    what is wrong in the first of them.
    """
    for kind in by_kind(faults, everything=everything):
        place = f", {shown(kind.first.column)}" if kind.first.column else ""
        example = "" if kind.alike else f"for example row {kind.first.line}: "
        yield f"{row_numbers(kind.lines, everything)}{place}: {example}{kind.first.message}"


def row_numbers(lines: Sequence[int], everything: bool = False) -> str:
    """`row 7`, `rows 7, 9 and 12 more`."""
    if len(lines) == 1:
        return f"row {lines[0]}"
    some = lines if everything else lines[:ROWS_SHOWN]
    more = f" and {len(lines) - len(some):,} more (--all lists each)" if len(lines) > len(some) else ""
    return f"rows {', '.join(map(str, some))}{more}"
