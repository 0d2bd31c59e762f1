"""Everything that is wrong or odd in a list as rows of a file: where, what stood there, what to do."""

from collections.abc import Iterable, Iterator

from ringfence.lists.export.writing import Cells
from ringfence.lists.faults import RowFault
from ringfence.wording.list_faults import fault_file_headers, told_fault


def fault_headers() -> Cells:
    """The header, in the reader's language."""
    return fault_file_headers()


def fault_cells(faults: Iterable[RowFault]) -> Iterator[Cells]:
    """A row for each fault, in the order in which they are."""
    for fault in faults:
        yield str(fault.line), fault.column, fault.there, told_fault(fault.code, fault.values)
