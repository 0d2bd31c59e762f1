"""Lists out and in again: whatever the texts, an export is read back as it was, and nothing in it runs."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.core.directory import shows, unique_key
from ringfence.core.terms import Level, Role
from ringfence.lists.export import writing
from ringfence.lists.export.writing import Format, write_list
from ringfence.lists.files.table import read_table
from ringfence.lists.plans.client_plan import KnownClient, plan_clients
from ringfence.lists.rows.cell_texts import neutralise, restore
from ringfence.lists.rows.typed_rows import AccessRow, MemberRow, Reading, TypedClient
from tests.lists.lists import FirmInMemory, access_in, clients_in, members_in, nothing_to_do

# What steers the writing cannot be in the firm's texts (rules.md 5); all else may, odd starts above all.
TURNING = "\u202a\u202b\u202d\u202e"
LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=TURNING)
STARTS = st.sampled_from(["", "", "=", "+", "-", "@", "'", "'=", "''=", '"', ";", ",", "＝", "0", "sep="])


def texts(size: int) -> st.SearchStrategy[str]:
    made = st.builds(lambda start, rest: (start + rest).strip(), STARTS, st.text(LETTERS, max_size=12))
    return made.filter(lambda text: 0 < len(text) <= size and shows(text))


EMAILS = st.from_regex(r"[a-z+\-=][a-z0-9.+]{0,10}@[a-z]{1,8}\.(com|co\.uk)", fullmatch=True)
SWITCHES = st.none() | st.booleans()
SERVICES = st.dictionaries(texts(40), st.just("") | texts(40), max_size=3).filter(
    lambda services: len({unique_key(name) for name in services}) == len(services)
)
CLIENTS = st.builds(
    TypedClient, st.just(0), texts(60), texts(60), st.none() | texts(40), SWITCHES, services=SERVICES
)
MEMBERS = st.builds(
    MemberRow,
    st.just(0),
    texts(60),
    EMAILS,
    st.sampled_from([None, *list(Role)[:3]]),
    SWITCHES,
    SWITCHES,
    SWITCHES,
)
MOMENTS = (
    st.none()
    | st.dates(datetime.date(1970, 1, 1))
    | st.datetimes(datetime.datetime(1970, 1, 1), timezones=st.just(datetime.UTC))  # noqa: DTZ001 - a bound
)
SPLITS = st.none() | st.decimals(0, 100, places=2)
ACCESS = st.builds(
    AccessRow,
    st.just(0),
    texts(60),
    st.none() | texts(40),
    texts(40),
    st.none(),
    st.sampled_from(list(Level)[1:]),
    MOMENTS,
) | st.builds(
    AccessRow,
    st.just(0),
    texts(60),
    st.none(),
    st.none(),
    EMAILS,
    st.sampled_from(list(Level)[1:]),
    MOMENTS,
    SPLITS,
)
FORMS = st.sampled_from(list(Format))
SETTINGS = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def written(path: Path, headers: writing.Cells, rows: Iterable[writing.Cells], form: Format) -> int:
    """Write one list to a file; how many rows it has."""
    with path.open("wb") as stream:
        return write_list(stream, headers, rows, form)


def told(row: Any) -> dict[str, Any]:
    """What a row states, apart from where it stood."""
    return {f: getattr(row, f) for f in row.__struct_fields__ if f not in ("line", "service_lines")}


def assert_same(reading: Reading[Any], rows: list[Any]) -> None:
    assert reading.faults == ()
    assert [told(row) for row in reading.rows] == [told(row) for row in rows]


@SETTINGS
@given(st.lists(CLIENTS, min_size=1, max_size=5, unique_by=lambda row: unique_key(row.reference)), FORMS)
def test_exported_clients_import_as_nothing_to_do(
    tmp_path: Path, rows: list[TypedClient], form: Format
) -> None:
    taken: set[tuple[str, str]] = set()
    kept = []
    for row in rows:
        pairs = {(unique_key(name), unique_key(ref)) for name, ref in row.services.items() if ref}
        if pairs.isdisjoint(taken):
            taken |= pairs
            kept.append(row)
    path = tmp_path / "clients"
    written(path, writing.CLIENT_HEADERS, writing.client_cells(kept), form)
    reading = clients_in(path)
    assert_same(reading, kept)
    firm = FirmInMemory(
        services=[name for row in kept for name in row.services],
        clients=[
            KnownClient(
                number,
                row.name,
                row.reference,
                row.kind or "",
                bool(row.confidential),
                {unique_key(name): reference for name, reference in row.services.items()},
            )
            for number, row in enumerate(kept, start=1)
        ],
    )
    assert nothing_to_do(plan_clients(reading.rows, firm))


@SETTINGS
@given(st.lists(MEMBERS, min_size=1, max_size=5, unique_by=lambda row: unique_key(row.email)), FORMS)
def test_exported_members_are_read_back(tmp_path: Path, rows: list[MemberRow], form: Format) -> None:
    path = tmp_path / "members"
    written(path, writing.MEMBER_HEADERS, writing.member_cells(rows), form)
    assert_same(members_in(path), rows)


def target_of(row: AccessRow) -> tuple[str, ...]:
    parts = (row.client_reference, row.service, row.group, row.email)
    return tuple(unique_key(part or "") for part in parts)


@SETTINGS
@given(st.lists(ACCESS, min_size=1, max_size=5, unique_by=target_of), FORMS)
def test_exported_access_is_read_back(tmp_path: Path, rows: list[AccessRow], form: Format) -> None:
    path = tmp_path / "access"
    written(path, writing.ACCESS_HEADERS, writing.access_cells(rows), form)
    # A reference may begin as a note below a list does, and its row lack what all others have.
    assert_same(access_in(path, read_totals=True), rows)


PIECES = st.sampled_from(["=", "+", "'", ";", "; ", "\t", "\n", "a", "#N/A", "＝"])


@given(st.builds(lambda start, rest: start + rest, STARTS, st.text() | st.lists(PIECES).map("".join)))
def test_a_guarded_cell_is_restored_exactly(text: str) -> None:
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(start: str) -> None:
    assert neutralise(f"{start}HYPERLINK(1)").startswith("'")


@pytest.mark.parametrize("separator", [";", ";  ", "\t", "\n"])
def test_what_a_program_would_run_that_parts_cells_otherwise_is_guarded(separator: str) -> None:
    assert neutralise(f"Acme{separator}=HYPERLINK(1)") == f"Acme{separator}'=HYPERLINK(1)"


def test_an_ordinary_cell_is_written_as_it_is() -> None:
    assert neutralise("O'Neill & Co") == "O'Neill & Co"


def test_an_existing_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("x" * 1000)
    assert written(path, ("Group", "Email"), [("Team A", "jo@example.com")], Format.CSV) == 1
    assert path.read_bytes() == b"\xef\xbb\xbfGroup,Email\r\nTeam A,jo@example.com\r\n"


def test_a_split_of_money_is_written_as_a_percentage() -> None:
    row = AccessRow(2, "A1", None, None, "jo@example.com", Level.OWNER, None, Decimal("12.5"))
    assert next(iter(writing.access_cells([row])))[-1] == "12.5%"


def test_no_row_is_lost_where_a_worksheet_has_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SHEET_ROWS", 4)
    rows = [("A1",), ("A2",), ("A3",)]
    with (tmp_path / "a.xlsx").open("wb") as stream:
        assert write_list(stream, ("Code",), rows, Format.XLSX) == 3
        with pytest.raises(writing.TooManyRows):
            write_list(stream, ("Code",), [*rows, ("A4",)], Format.XLSX)
        assert write_list(stream, ("Code",), [*rows, ("A4",)], Format.CSV) == 4


def test_a_cell_that_is_longer_than_a_workbooks_can_be_says_that_it_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as stream:
        write_list(stream, ("Code",), [("x" * 40_000,)], Format.XLSX)
    (row,) = read_table(path).rows
    assert row.cells == ("x" * 32_766 + "…",)
