"""A long text walked through by a process beside this one is the list that one process reads."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ringfence.access.beside import ProcessBeside
from ringfence.lists.faults import F, TableError
from ringfence.lists.files import table_beside
from ringfence.lists.files.table_beside import worth_beside
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import ReadList, read_list
from tests.lists.lists import save, save_xlsx

pytestmark = pytest.mark.usefixtures("transactional_db")

ROWS = [f"C{n};Client {n};Ltd;GB{n:09};{n:010}" for n in range(3_000)]
ROWS[5] = "C5;Client 5"
ROWS[6] = "C6;Client 6;Ltd;;;;one;too many"
ROWS[7] = "C7;Client 7;Ltd;;;without a header"
ROWS[2_900] = "C3;Client 3 again;Ltd;;"
AWKWARD = "\n".join(["Clients of Ward & Sons", "Code;Name;Client type;VAT;Income Tax;", *ROWS, "Total;;3000"])


@pytest.fixture(autouse=True)
def short_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_beside, "LARGE", 10)


def read(path: Path, beside: Any = ProcessBeside) -> ReadList:
    return read_list(path, ListKind.CLIENTS, ("VAT", "Income Tax"), beside=beside)


def test_the_list_its_faults_and_what_stands_beside_it_are_the_same(tmp_path: Path) -> None:
    path = save(tmp_path / "list.csv", AWKWARD)
    found = read(path)
    assert found == read(path, beside=None)
    assert found.count == len(ROWS)
    assert {fault.code for fault in found.faults} == {F.TOO_MANY_CELLS, F.REFERENCE_TWICE}
    assert found.source.unheaded == ("F",)
    assert [total.text for total in found.source.totals] == ["Total | 3000"]


def test_its_rows_are_walked_through_beside(tmp_path: Path) -> None:
    path = save(tmp_path / "list.csv", AWKWARD)
    walked: list[object] = []

    def noting(work: Callable[[], Iterator[Any]]) -> ProcessBeside[Any]:
        walked.append(work)
        return ProcessBeside(work)

    assert read(path, noting).clients
    assert len(walked) == 1


def test_what_is_wrong_with_the_file_is_told_as_ever(tmp_path: Path) -> None:
    path = save(tmp_path / "list.csv", AWKWARD + "\nC9\0")
    with pytest.raises(TableError) as alone:
        read(path, beside=None)
    with pytest.raises(TableError) as raised:
        read(path)
    assert raised.value.code is F.NUL_CHARACTER
    assert str(raised.value) == str(alone.value)


def test_a_process_that_is_ended_on_its_way_leaves_the_file_to_this_one(tmp_path: Path) -> None:
    path = save(tmp_path / "list.csv", AWKWARD)

    def ended(work: Callable[[], Iterator[Any]]) -> ProcessBeside[Any]:
        def some() -> Iterator[Any]:
            walk = work()
            yield next(walk)
            yield next(walk)
            os._exit(1)

        return ProcessBeside(some)

    assert read(path, ended) == read(path, beside=None)


@pytest.mark.parametrize("text", ["", "\0\0\0 no list at all"])
def test_a_file_that_is_no_list_is_refused_as_ever(tmp_path: Path, text: str) -> None:
    with pytest.raises(TableError):
        read(save(tmp_path / "list.csv", text))


def test_workbooks_and_short_texts_are_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "list.csv", AWKWARD)
    assert worth_beside(path)
    assert not worth_beside(save_xlsx(tmp_path / "list.xlsx", [["Code", "Name"], ["C1", "Client"]]))
    assert not worth_beside(tmp_path / "none.csv")
    monkeypatch.setattr(table_beside, "LARGE", 1_000_000)
    assert not worth_beside(path)
