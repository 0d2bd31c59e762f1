"""What can be wrong with a list: the whole file, or one row of it, each a code with its values.

The sentences, which say what to do as well, stand in `ringfence.wording.list_faults`.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum, auto

import msgspec

from ringfence.wording.list_faults import fault_text

Value = str | int
"""A piece of the file, a number, or a code that has its own words (a refusal, a kind of file, a field)."""


class F(StrEnum):
    """The codes, in the order in which a list is read: file, columns, cells, rows, the firm; last remarks."""

    # The file
    NOT_READABLE = auto()
    EMPTY_FILE = auto()
    FILE_TOO_LARGE = auto()
    LIST_TOO_LARGE = auto()
    LISTS_AT_WORK = auto()
    TOO_MANY_LISTS = auto()
    NOT_A_LIST = auto()
    OTHER_SPREADSHEET = auto()
    PASSWORD = auto()
    DAMAGED = auto()
    UNPACKS_TOO_LARGE = auto()
    FAR_CELL = auto()
    REPEATED_ROW = auto()
    NO_SUCH_SHEET = auto()
    NO_LIST_IN_WORKBOOK = auto()
    NO_SHEETS_IN_TEXT = auto()
    ONLY_FOR_TEXT = auto()
    NO_SUCH_ENCODING = auto()
    NO_SUCH_SEPARATOR = auto()
    NO_TEXT = auto()
    TOO_MANY_COLUMNS = auto()
    CELL_TOO_LONG = auto()
    NOT_CSV = auto()
    NUL_CHARACTER = auto()
    UNDECODED = auto()
    FILE_CHANGED = auto()
    EMPTY_WHOLE_LIST = auto()
    NOTHING_OF_SERVICE = auto()
    SCOPE_OF_CLIENTS = auto()
    NO_SUCH_SHAPE = auto()
    UNSURE_ENCODING = auto()
    UNSURE_SEPARATOR = auto()
    NO_TABLE = auto()
    TOO_MANY_TABLES = auto()
    TOO_MANY_SHEETS = auto()
    TOO_DEEP = auto()
    # Its columns
    MAPS_NOTHING = auto()
    MAPPED_TWICE = auto()
    NO_SUCH_HEADER = auto()
    NO_SUCH_FIELD = auto()
    SAME_HEADER_TWICE = auto()
    TWO_COLUMNS = auto()
    NO_COLUMN = auto()
    NO_HEADER_ROW = auto()
    # A cell
    TOO_LONG = auto()
    CONTROL_CHARACTER = auto()
    FORMULA = auto()
    FORMULA_WITHOUT_VALUE = auto()
    ERROR_CELL = auto()
    ROUNDED = auto()
    PROGRAMS_OWN = auto()
    POINT_ZERO = auto()
    DATE_CELL = auto()
    SWITCH_CELL = auto()
    FORMATTED_NUMBER = auto()
    LOST_LETTER = auto()
    GARBLED = auto()
    NOT_YES_OR_NO = auto()
    NO_EMAIL = auto()
    # A row
    TOO_MANY_CELLS = auto()
    BROKEN_ROW = auto()
    BELOW_LIST = auto()
    MISSING_REFERENCE = auto()
    REFERENCE_TWICE = auto()
    NAME_TWICE = auto()
    DISAGREES = auto()
    CONFIDENTIAL_DISAGREES = auto()
    TAX_REFERENCE_ALONE = auto()
    SERVICE_OTHERWISE = auto()
    TWO_TAX_REFERENCES = auto()
    TAX_REFERENCE_TWICE = auto()
    MISSING_EMAIL = auto()
    EMAIL_TWICE = auto()
    EXTERNAL_TWICE = auto()
    NO_ROLE = auto()
    AUDITOR_PERMISSIONS = auto()
    MISSING_CLIENT = auto()
    MISSING_GROUP = auto()
    MISSING_MEMBER = auto()
    GROUP_AND_MEMBER = auto()
    NEITHER_GROUP_NOR_MEMBER = auto()
    GRANT_TWICE = auto()
    PLACE_TWICE = auto()
    MISSING_LEVEL = auto()
    NO_LEVEL = auto()
    GIVEN_OTHERWISE = auto()
    NO_DATE = auto()
    NO_FEE_SPLIT = auto()
    FRACTION_OR_PERCENTAGE = auto()
    FEE_SPLIT_PLACE = auto()
    # What the firm has
    COLUMN_OF_UNKNOWN_SERVICE = auto()
    UNKNOWN_SERVICE = auto()
    UNKNOWN_CLIENT = auto()
    UNKNOWN_GROUP = auto()
    UNKNOWN_MEMBER = auto()
    UNKNOWN_GRANTEE = auto()
    SEVERAL_GRANTEES = auto()
    CLIENT_WITHOUT_SERVICE = auto()
    NEW_CLIENT_WITHOUT_NAME = auto()
    NEW_MEMBER_WITHOUT_NAME = auto()
    MEMBER_TWICE = auto()
    OTHER_EXTERNAL = auto()
    SEVERAL_WITHOUT_REFERENCE = auto()
    ONE_WITHOUT_REFERENCE = auto()
    KNOWN_OTHERWISE = auto()
    REFERENCE_TAKEN = auto()
    REFERENCE_OF_REMOVED = auto()
    TAX_REFERENCE_TAKEN = auto()
    EVERYONE_HOLDS_ALL = auto()
    BEYOND_CALENDAR = auto()
    EXPIRY_PASSED = auto()
    REFUSED = auto()
    # Remarks: the row is taken as it stands, and whoever imports is to look at it
    UNKNOWN_KIND = auto()
    COMPANY_WITHOUT_KIND = auto()
    LETTERS_ALONE = auto()
    MASKED_REFERENCE = auto()
    WORD_LEFT_OUT = auto()
    TAX_CHECK_DIGIT = auto()
    TAX_ZERO_MISSING = auto()
    TAX_OTHER_KIND = auto()
    TAX_NO_FORM = auto()
    QUESTION_MARK = auto()
    PASSED_OVER = auto()
    ZEROS_FEWER = auto()


class TableError(Exception):
    """The file cannot be read as a list at all; nothing of it was taken.

    `file` is the name as the person gave it, `row` the line or spreadsheet row (None: the file as a whole).
    """

    def __init__(self, file: str, code: F, row: int | None = None, **values: Value) -> None:
        self.file = file
        self.code = code
        self.row = row
        self.values = values
        super().__init__(file, code)

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}, row {self.row}"
        return f"{place}: {fault_text(self.code, self.values)}"


class RowFault(msgspec.Struct, frozen=True):
    """One thing wrong in one row: the row is refused, and with it the whole import. Or a remark on the row.

    `line` is the row number that the person sees, `column` the header as it stands in the file ("" when
    the row as a whole is meant), `there` what stands in it.
    """

    line: int
    column: str
    code: F
    values: Mapping[str, Value] = {}
    there: str = ""

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the reader's language."""
        return fault_text(self.code, self.values)

    def __str__(self) -> str:
        place = f"row {self.line}" if not self.column else f"row {self.line}, {self.column}"
        return f"{place}: {self.message}"


def in_order(faults: Iterable[RowFault]) -> tuple[RowFault, ...]:
    """The faults by row, then by column."""
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.column, fault.code)))


def shown(text: str) -> str:
    """Text from the file, short and printable enough to be shown in a message."""
    short = text if len(text) <= 40 else f"{text[:39]}…"
    if short.isprintable():
        return short
    return "".join(map(_shown, short.replace("\r\n", "\n")))


def _shown(letter: str) -> str:
    """The letter, where it can be shown: a line break as such, other kinds of space as a space."""
    if letter in "\n\r":
        return "↵"
    return letter if letter.isprintable() else " " if letter.isspace() else "\ufffd"
