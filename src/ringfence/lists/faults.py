"""What can be wrong with a list: the whole file, or one row of it.

A fault always says where it is and what to do about it. Nothing here reads files.
"""

import msgspec


class TableError(Exception):
    """The file cannot be read as a list at all; nothing of it was taken.

    `file` is the name as the person gave it, `row` the line or spreadsheet row (None: the file as a
    whole), `problem` and `remedy` are whole English sentences.
    """

    def __init__(self, file: str, problem: str, remedy: str, row: int | None = None) -> None:
        self.file = file
        self.problem = problem
        self.remedy = remedy
        self.row = row
        place = file if row is None else f"{file}, row {row}"
        super().__init__(f"{place}: {problem} {remedy}")


class RowFault(msgspec.Struct, frozen=True, order=True):
    """One thing wrong in one row: the row is refused, and with it the whole import.

    `line` is the row number that the person sees, `column` the header as it stands in the file ("" when
    the row as a whole is meant), `message` says what is wrong and what to do.
    """

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"row {self.line}" if not self.column else f"row {self.line}, {self.column}"
        return f"{place}: {self.message}"
