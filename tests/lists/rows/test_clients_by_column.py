"""What a column of a service says of many clients at once, held against what each row says by itself."""

import random

import pytest

from ringfence.lists.files.shape import Row
from ringfence.lists.rows import client_rows
from ringfence.lists.rows.client_rows import read_clients
from ringfence.lists.rows.columns import Columns, guess_columns
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.typed_rows import Reading, TypedClient

HEADERS = ("Client code", "Client name", "Client type", "VAT", "Income Tax")
CELLS = (
    "",
    "",
    "yes",
    "no",
    "1955839661",
    "1955839662",
    "19558 39661",
    "GB980780684",
    "n/k",
    "=1+1",
    "ab 12",
)


def read(rows: list[Row], columns: Columns, some: int, patch: pytest.MonkeyPatch) -> Reading[TypedClient]:
    """The clients, so many rows looked at together."""
    patch.setattr(client_rows, "SOME", some)
    return read_clients(rows, columns)


@pytest.mark.parametrize("seed", range(30))
def test_columns_say_of_many_rows_what_each_says_by_itself(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    columns = guess_columns("list.csv", HEADERS, ListKind.CLIENTS)
    rows = [
        Row(
            line,
            (
                chance.choice(["", "", f"C{chance.randrange(60)}", f"C{line}", f"C{line}"]),
                chance.choice(["", f"Client {line}", "Client"]),
                chance.choice(["", "Ltd"]),
                chance.choice([*CELLS, f"{chance.randrange(10**9):09}"]),
                chance.choice([*CELLS, f"{chance.randrange(10**10):010}"]),
            ),
        )
        for line in range(2, 90)
    ]
    together = read(rows, columns, 1_000, monkeypatch)
    assert read(rows, columns, 3, monkeypatch) == together
    assert list(read(rows, columns, 3, monkeypatch).named) == list(together.named)


def test_clients_are_given_their_services_by_column_once_all_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    columns = guess_columns("list.csv", HEADERS, ListKind.CLIENTS)
    rows = [Row(n, (f"C{n}", f"Client {n}", "", f"{n:09}", f"{n:010}")) for n in range(2, 6)]
    one_by_one: list[int] = []
    before = client_rows._ClientReader._give_all

    def give_all(reader: object, row: Row, *rest: object) -> None:
        one_by_one.append(row.line)
        before(reader, row, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(client_rows._ClientReader, "_give_all", give_all)
    found = read(rows, columns, 2, monkeypatch)
    assert one_by_one == [2, 3]
    assert [client.services["VAT"] for client in found.rows] == [f"{n:09}" for n in range(2, 6)]
