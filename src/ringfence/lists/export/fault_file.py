"""Everything that is wrong or odd in a list as rows of a file: where, what stood there, what to do."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ringfence.lists.export.writing import Cells
from ringfence.lists.faults import RowFault, TableError
from ringfence.lists.files.table import read_table
from ringfence.wording.catalogue import LANGUAGES, in_language
from ringfence.wording.list_faults import fault_file_headers, told_fault


def fault_headers() -> Cells:
    """The header, in the reader's language."""
    return fault_file_headers()


def is_fault_file(path: Path) -> bool:
    """Whether a file holds what is wrong with a list, in either language, and so is no list itself."""
    try:
        headers = read_table(path).headers
    except TableError:
        return False  # Whoever reads it as a list says so.
    return headers in set(map(_headers_in, LANGUAGES))


def _headers_in(language: str) -> Cells:
    with in_language(language):
        return fault_headers()


def fault_cells(faults: Iterable[RowFault]) -> Iterator[Cells]:
    """A row for each fault, in the order in which they are."""
    for fault in faults:
        yield str(fault.line), fault.column, fault.there, told_fault(fault.code, fault.values)
