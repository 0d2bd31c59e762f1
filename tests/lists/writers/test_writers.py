"""One list of thirty awkward rows, written by real programs: the same thirty rows are read from each file.

Where a program loses something on the way to the file, what is read instead, or its fault, stands here with
the reason. Programs that are not on PyPI wrote the files of `files/`, which are read beside this.
"""

from pathlib import Path

import pytest

from ringfence.lists.faults import F
from tests.lists.writers.other_files import HTML_TABLES, OLD_WORKBOOKS, OPEN_DOCUMENTS, TEXT_FILES
from tests.lists.writers.thirty import HEADERS, TEXTS, Difference, Writer, differences
from tests.lists.writers.workbooks import WORKBOOKS

WRITERS: dict[str, tuple[str, Writer]] = {
    name: (suffix, writer)
    for suffix, writers in (
        (".xlsx", WORKBOOKS),
        (".ods", OPEN_DOCUMENTS),
        (".csv", TEXT_FILES),
        (".html", HTML_TABLES),
        (".xls", OLD_WORKBOOKS),
    )
    for name, writer in writers.items()
}

LOST: dict[str, set[Difference]] = {
    # Told to make a number of every text that is one, which takes the zeros with it, and more: whatever is
    # still to be seen of it is a fault.
    "XlsxWriter, numbers from texts": {
        (1, "reference", "12"),
        (2, "Client reference", F.REFERENCE_TWICE),
        (3, "reference", "100000"),
        (4, "Client reference", F.REFERENCE_TWICE),
        (7, "reference", "1.1"),
        (8, "Client reference", F.REFERENCE_TWICE),
        (8, "Email address", F.GRANT_TWICE),
        (9, "Client reference", F.ROUNDED),
        (10, "Client reference", F.ROUNDED),
        (11, "reference", "7"),
        (21, "reference", "44"),
    },
    # A text with formats inside is escaped twice.
    "XlsxWriter, a table below a title": {(28, "name", "Bay_x005F_x0020_View")},
    # It writes no-break spaces for several spaces, and a backslash and an n for a line break.
    "pandas, HTML": {
        (
            15,
            "name",
            "Double\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}Space\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}Ltd",
        ),
        (30, "owners", ("Ann Lloyd\\nBryn O'Connell",)),
    },
    # To a web page any white space is one space.
    "tablib, HTML": {(15, "name", "Double Space Ltd"), (30, "owners", ("Ann Lloyd Bryn O'Connell",))},
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_thirty_rows_are_read_whoever_wrote_them(tmp_path: Path, name: str) -> None:
    suffix, writer = WRITERS[name]
    path = tmp_path / f"list{suffix}"
    writer.write(path, HEADERS, writer.rows())
    assert differences(path) == LOST.get(name, set())


def test_there_are_thirty_rows_and_a_loss_belongs_to_a_writer() -> None:
    assert len(TEXTS) == 30
    assert LOST.keys() <= WRITERS.keys()
