"""Of the thirty rows those that an encoding has letters for are read alike from it, or it is refused."""

import csv
from pathlib import Path

import pytest

from ringfence.lists.faults import TableError
from ringfence.lists.files.table import Told
from tests.lists.writers.thirty import HEADERS, TEXTS, differences

FOUND = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
    *("cp1252", "iso8859-1", "iso8859-15", "cp1250", "iso8859-2", "mac_roman"),
)
"""What spreadsheets write and nobody has to name."""


def written(path: Path, encoding: str, separator: str) -> list[int]:
    """The numbers of the rows that a CSV file in this encoding holds."""
    numbers = [number for number, row in enumerate(TEXTS, start=1) if _has_letters(encoding, row)]
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=separator).writerows([HEADERS, *(TEXTS[n - 1] for n in numbers)])
    return numbers


def _has_letters(encoding: str, row: list[str]) -> bool:
    try:
        return bool("".join(row).encode(encoding))
    except UnicodeEncodeError:
        return False


@pytest.mark.parametrize("encoding", FOUND)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_an_encoding_and_a_separator_are_found_out(tmp_path: Path, encoding: str, separator: str) -> None:
    numbers = written(tmp_path / "list.csv", encoding, separator)
    assert len(numbers) > 20
    assert differences(tmp_path / "list.csv", numbers=numbers) == set()


@pytest.mark.parametrize("encoding", ["cp850", "cp437", "utf-32", "gb18030", "iso8859-14", *FOUND])
def test_an_encoding_that_is_told_is_the_one(tmp_path: Path, encoding: str) -> None:
    numbers = written(tmp_path / "list.csv", encoding, ",")
    assert differences(tmp_path / "list.csv", Told(encoding=encoding), numbers) == set()


@pytest.mark.parametrize("encoding", ["utf-32", "gb18030", "euc_jp"])
def test_an_encoding_that_nobody_expects_is_refused_until_it_is_told(tmp_path: Path, encoding: str) -> None:
    written(tmp_path / "list.csv", encoding, ",")
    with pytest.raises(TableError, match=r"Save .* as CSV"):
        differences(tmp_path / "list.csv")
