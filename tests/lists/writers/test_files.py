"""The thirty rows in files of programs beyond PyPI (`files/`): read alike, or a fault where one was lost.

What a program lost stands here with the reason. How the files are made: `files/README.md`.
"""

import datetime
from pathlib import Path

import pytest

from ringfence.lists.faults import F
from tests.lists.writers.thirty import Difference, differences

FILES = Path(__file__).parent / "files"
SCRIPTS = {".mjs", ".sh", ".md"}
NAMES = sorted(path.name for path in FILES.iterdir() if path.suffix not in SCRIPTS)

NUMBERS_ALONE: set[Difference] = {
    # Numbers without the format that shows their zeros: nothing says that there were any.
    (1, "reference", "12"),
    (2, "Client reference", F.REFERENCE_TWICE),
    (11, "reference", "7"),
    # Fractions without the format that shows percents.
    (5, "Fee split", F.FRACTION_OR_PERCENTAGE),
    (6, "Fee split", F.NO_FEE_SPLIT),
    (7, "Fee split", F.NO_FEE_SPLIT),
}
SERIAL_DAYS: set[Difference] = {
    # Days without the format that shows them.
    (number, "Expires", F.NO_DATE)
    for number in (1, 2, 3, 4, 5, 12, 30)
}
NO_SUCH_HOUR: set[Difference] = {
    # A JavaScript program in Britain has no half past one on the day on which clocks go forward.
    (3, "expires", datetime.datetime(2027, 3, 28, 2, 30)),  # noqa: DTZ001 - the firm's time
}
NO_SUCH_LETTERS: set[Difference] = {
    # The encoding has no such letters, and question marks were written.
    (1, "Client name", F.QUESTION_MARK),
    (7, "Confidential", F.NOT_YES_OR_NO),
    (11, "Client name", F.QUESTION_MARK),
    (11, "Owner", F.QUESTION_MARK),
    (12, "Client name", F.QUESTION_MARK),
    (13, "Client name", F.QUESTION_MARK),
    (25, "Client name", F.QUESTION_MARK),
    (27, "Client reference", F.QUESTION_MARK),
    (27, "Client name", F.QUESTION_MARK),
}
ONE_SPACE: set[Difference] = {
    # To a web page any white space is one space.
    (15, "name", "Double Space Ltd"),
}
LOST: dict[str, set[Difference]] = {
    # Its CSV has numbers as they are, 1% as 0.0099999999999999999998.
    "gnumeric-values.csv": NUMBERS_ALONE | {(12, "Fee split", F.NO_FEE_SPLIT)},
    "libreoffice-texts-windows-1252.csv": NO_SUCH_LETTERS,
    "libreoffice-values-windows-1252.csv": NO_SUCH_LETTERS,
    **dict.fromkeys(("gnumeric-texts.html", "gnumeric-values.html"), ONE_SPACE),
    **dict.fromkeys(("libreoffice-texts.html", "libreoffice-values.html"), ONE_SPACE),
    **{
        f"sheetjs-values.{suffix}": NO_SUCH_HOUR
        for suffix in ("csv", "html", "txt", "xls", "xlsb", "xlsx", "xml")
    },
    # It writes no formats to ODS.
    "sheetjs-values.ods": NUMBERS_ALONE | SERIAL_DAYS | {(12, "Fee split", F.FRACTION_OR_PERCENTAGE)},
}


@pytest.mark.parametrize("name", NAMES)
def test_the_same_thirty_rows_are_read_whichever_program_wrote_them(name: str) -> None:
    assert differences(FILES / name) == LOST.get(name, set())


def test_a_loss_belongs_to_a_file() -> None:
    assert LOST.keys() <= set(NAMES)
