"""Where a list that is imported comes from: a file, the newest of a folder, or standard input.

What is in it is read in `ringfence.lists`; that it stayed the same while it was read is seen to here.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ringfence.cli.faults import Fault
from ringfence.lists.export.fault_file import is_fault_file
from ringfence.lists.faults import F, TableError
from ringfence.lists.files.kinds import MAX_FILE_BYTES
from ringfence.lists.files.source import InMemory, ListFile, OnDisk

STANDARD_INPUT = "-"
ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".ods", ".xls", ".xlsb")
"""Names that lists in a folder end in; others (`.part`, `.tmp`) are on their way, or no lists."""

_Looks = tuple[int, int, int]


class ListInput:
    """One list as it is given; `source` is read as often as it is needed.

    `passed_over` are newer files of its folder that are no lists, but hold what was wrong with one.
    """

    def __init__(self, source: ListFile, path: Path | None, passed_over: Sequence[str] = ()) -> None:
        self.source = source
        self.passed_over = passed_over
        self._path = path
        self._before = self._looks()

    def content(self) -> bytes | None:
        """All of its bytes; None where the file has gone since. Raises what `need_unchanged` raises."""
        try:
            with self.source.open() as stream:
                found = stream.read()
        except OSError:
            return None
        self.need_unchanged()
        return found

    def need_unchanged(self) -> None:
        """Raises TableError where the file is not what it was when it was found."""
        if self._before is not None and self._looks() != self._before:
            raise TableError(self.source.name, F.FILE_CHANGED)

    def _looks(self) -> _Looks | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except OSError:
            return None  # Whoever reads it says so.
        return found.st_ino, found.st_size, found.st_mtime_ns


def given_list(path: Path) -> ListInput:
    """The list at this path; of a folder, the file that was changed last. Raises `Fault` and TableError."""
    if str(path) == STANDARD_INPUT:
        content = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise TableError("standard input", F.FILE_TOO_LARGE, limit=MAX_FILE_BYTES // 1024 // 1024)
        return ListInput(InMemory("standard input", content), None)
    passed_over: list[str] = []
    if path.is_dir():
        path = _newest(path, passed_over)
    return ListInput(OnDisk(path), path, passed_over)


def _newest(folder: Path, passed_over: list[str]) -> Path:
    """The list that was changed last; names of newer files of faults go into `passed_over`."""
    try:
        found = [
            (entry.stat().st_mtime_ns, Path(entry.path))
            for entry in os.scandir(folder)
            if entry.is_file()
            and not entry.name.startswith((".", "~"))
            and entry.name.lower().endswith(ENDINGS)
        ]
    except OSError as error:
        raise Fault(f"{folder} cannot be read ({error.strerror}). Choose another place.") from error
    found.sort(reverse=True)
    while found and is_fault_file(found[0][1]):
        passed_over.append(found.pop(0)[1].name)
    if not found:
        raise Fault(f"{folder} holds no list: no file whose name ends in {', '.join(ENDINGS)}.")
    last = found[0][0]
    newest = sorted(path for when, path in found if when == last and not is_fault_file(path))
    if len(newest) > 1:
        names = ", ".join(path.name for path in newest)
        raise Fault(f"{folder}: {names} are equally new. Name the one that is meant.")
    return newest[0]
