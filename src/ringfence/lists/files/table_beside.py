"""A long text file walked through by a process beside this one, while its rows are looked at here.

Cells of workbooks are more than their text, and stay with the process that reads them.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec

from .kinds import kind_of
from .shape import Aside, Row
from .source import ListFile, OnDisk
from .table import Table

Walk = Callable[[], Iterator[Table | bytes]]
BeginBeside = Callable[[Walk], AbstractContextManager[Iterable[Table | bytes]]]
"""Begins such a walk in another process: `access.beside.ProcessBeside`, which readers do not know."""
LARGE = 1_000_000
"""Bytes from which on a file is worth a process."""
SOME = 1_000
"""Rows that are sent together."""


class _Walked(msgspec.Struct, array_like=True):
    """Rows, and what had been found beside them when they were walked through."""

    rows: list[Row]
    totals: list[Aside]
    unheaded: set[str]


_ENCODER, _DECODER = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(_Walked)


def worth_beside(source: Path | ListFile) -> bool:
    """Whether it is a long text. Raises TableError as `kind_of`."""
    source = OnDisk(source) if isinstance(source, Path) else source
    try:
        large = source.size() >= LARGE
    except OSError:
        return False  # Whoever reads it says so.
    return large and kind_of(source) == "text"


@contextmanager
def table_beside(opened: Callable[[], Table], beside: BeginBeside) -> Iterator[Table]:
    """The table that is `opened` there; within it, its rows are walked through once.

    Raises EOFError, at the beginning and while they are walked through, where anything went wrong with the
    process or with the file: what that was, `opened` says here.
    """
    with beside(partial(_walk, opened)) as other:
        heard = iter(other)
        table = next(heard)
        assert isinstance(table, Table)
        yield msgspec.structs.replace(table, rows=_rows(heard, table))


def _walk(opened: Callable[[], Table]) -> Iterator[Table | bytes]:
    table = opened()
    yield msgspec.structs.replace(table, rows=iter(()))
    while rows := list(islice(table.rows, SOME)):
        yield _ENCODER.encode(_Walked(rows, table.totals, table.unheaded))
    yield _ENCODER.encode(_Walked([], table.totals, table.unheaded))


def _rows(heard: Iterator[Table | bytes], table: Table) -> Iterator[Row]:
    for packed in heard:
        assert isinstance(packed, bytes)
        walked = _DECODER.decode(packed)
        table.totals[:] = walked.totals
        table.unheaded.update(walked.unheaded)
        yield from walked.rows
