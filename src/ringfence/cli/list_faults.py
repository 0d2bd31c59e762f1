"""The faults and remarks of a list in lines for a terminal, and what an option of the command line helps.

The sentences are those of `ringfence.wording.list_faults`.
"""

from collections.abc import Iterable, Iterator, Sequence

from ringfence.lists.fault_kinds import by_kind
from ringfence.lists.faults import F, RowFault, TableError, shown

ROWS_SHOWN = 20
"""Rows with the same fault whose numbers are listed without being asked for all."""

_MAP = 'Say so with --map "HEADER=FIELD", for example --map "Code=reference".'
_ENCODING = "--encoding NAME says which encoding the file is in, and takes its letters as they are."
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
    F.GARBLED: _ENCODING,
    F.LOST_LETTER: _ENCODING,
    F.QUESTION_MARK: _ENCODING,
    F.DISAGREES: "--first-row-counts takes name and type of a client from its first row.",
    F.NOT_CSV: "--separator says what stands between cells: comma, semicolon, tab or another character.",
}


def hint(error: TableError) -> str:
    """The message of a list that cannot be read, with the option that helps."""
    return f"{error} {_HINTS[error.code]}" if error.code in _HINTS else str(error)


def hints_of(faults: Iterable[RowFault]) -> Iterator[str]:
    """What options help against these faults, each once."""
    yield from dict.fromkeys(_HINTS[fault.code] for fault in faults if fault.code in _HINTS)


def gathered(faults: Iterable[RowFault], *, everything: bool) -> Iterator[str]:
    """A line for each fault, in order of the rows. The very same fault in several rows is one line.

    Unless `everything` is asked for, many faults of one kind in one column are one line too: the first of
    them, and the numbers of the other rows.
    """
    for kind in by_kind(faults, everything=everything):
        line = _line(kind.lines, kind.first.column, kind.first.message, everything)
        yield f"{line} Likewise {row_numbers(kind.likewise, everything)}." if kind.likewise else line


def _line(lines: Sequence[int], column: str, message: str, everything: bool) -> str:
    return f"{row_numbers(lines, everything)}{f', {shown(column)}' if column else ''}: {message}"


def row_numbers(lines: Sequence[int], everything: bool = False) -> str:
    """`row 7`, `rows 7, 9 and 12 more`."""
    if len(lines) == 1:
        return f"row {lines[0]}"
    some = lines if everything else lines[:ROWS_SHOWN]
    more = f" and {len(lines) - len(some):,} more (--all lists each)" if len(lines) > len(some) else ""
    return f"rows {', '.join(map(str, some))}{more}"
