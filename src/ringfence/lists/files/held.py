"""How much of a list is held in memory: counted as it is read, and limited, whatever the file says."""

from collections.abc import Sequence
from sys import getsizeof

from ringfence.lists.faults import F, TableError

MOST_CELLS = 5_000_000
"""Cells of a list: a row counts as many as it has up to its last one with content."""
MOST_BYTES = 1024 * 1024 * 1024
"""What their texts may take up in memory."""


class Held:
    """What is held of one file so far; more than a list may have is a TableError."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._cells = self._bytes = 0

    def cells(self, cells: Sequence[str]) -> None:
        """These too: the cells of a row, or texts that cells refer to."""
        self._bytes += sum(map(getsizeof, cells))
        self.more(len(cells))

    def more(self, count: int) -> None:
        """So many more cells, their texts held already."""
        self._cells += count
        if self._cells > MOST_CELLS or self._bytes > MOST_BYTES:
            raise TableError(self._file, F.LIST_TOO_LARGE, limit=MOST_CELLS)
