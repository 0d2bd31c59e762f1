"""Thirty awkward rows (`rows.json`), as texts and as the values that people give programs; reading them back.

They are a list of clients and a list of grants at once: a file is read as both. Who writes it is not known
here.
"""

import datetime
import json
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from ringfence.lists.faults import RowFault
from ringfence.lists.files.table import Told
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import Choices, ReadList, read_list
from ringfence.lists.rows.typed_rows import AccessRow, TypedClient

SERVICES = ("VAT", "PAYE", "Income Tax", "Corporation Tax")
MOST_DIGITS = 15
"""More than these no spreadsheet keeps of a number: people who know enter a text."""
_PLAIN = json.loads((Path(__file__).parent / "rows.json").read_text("utf-8"))
HEADERS: list[str] = _PLAIN["headers"]
TEXTS: list[list[str]] = [row["cells"] for row in _PLAIN["rows"]]


class Zeros(msgspec.Struct, frozen=True):
    """A number in a format that shows this many digits: 12 in `00000` is 00012."""

    number: int
    digits: int

    @property
    def format(self) -> str:
        """The number format."""
        return "0" * self.digits


class Percent(msgspec.Struct, frozen=True):
    """A number in the format `0.00%`."""

    fraction: float


Row = Sequence[Any]
Value = str | Zeros | Percent | float | bool | datetime.date | datetime.datetime | None
"""A cell as people give it to a program; None for an empty one."""
_NUMBERS = {"Client reference", "VAT number", "UTR"}


def values() -> list[list[Value]]:
    """The thirty rows with numbers, dates, percentages and truths instead of texts, where they can be."""
    return [[_value(header, cell) for header, cell in zip(HEADERS, row, strict=True)] for row in TEXTS]


def _value(header: str, cell: str) -> Value:
    if not cell:
        return None
    if header in _NUMBERS and cell.isdigit() and len(cell) <= MOST_DIGITS:
        return Zeros(int(cell), len(cell))
    if header == "Confidential" and cell in {"yes", "no"}:
        return cell == "yes"
    if header == "Expires" and cell[4:5] == "-" and "T" not in cell:
        moment = datetime.datetime.fromisoformat(cell)
        return moment.date() if len(cell) == len("2028-02-29") else moment
    if header == "Fee split":
        return Percent(float(cell[:-1]) / 100) if cell.endswith("%") else float(cell)
    return cell


def with_codes_as_texts() -> list[list[Value]]:
    """The values for programs that know no formats: what has zeros in front or percents stays a text."""
    return [
        [text if isinstance(value, Zeros | Percent) else value for text, value in zip(*rows, strict=True)]
        for rows in zip(TEXTS, values(), strict=True)
    ]


class Writer(msgspec.Struct, frozen=True):
    """One way to write a list: to a path, below its headers."""

    write: Callable[[Path, Row, Sequence[Row]], None]
    rows: Callable[[], Sequence[Row]] = lambda: TEXTS


# --- What a file says


Difference = tuple[int, str, Any]
"""The number of one of the thirty rows, a field or column, and what is read there instead, or its fault."""


def differences(
    path: Path,
    told: Told = Told(),  # noqa: B008 - immutable
    numbers: Sequence[int] = range(1, 31),
) -> set[Difference]:
    """In what the list in a file differs from the thirty rows; nothing where it is read as it was meant.

    `numbers` are those of the thirty that were written, in this order.
    """
    clients = read_list(path, ListKind.CLIENTS, SERVICES, Choices(file=told))
    grants = read_list(path, ListKind.ACCESS, SERVICES, Choices(file=told))
    return {
        *_differences("client", clients, {row.line: _of_client(row) for row in clients.clients}, numbers),
        *_differences("grant", grants, {row.line: _of_grant(row) for row in grants.access}, numbers),
    }


def _differences(
    kind: str, read: ReadList, rows: dict[int, dict[str, Any]], numbers: Sequence[int]
) -> Iterator[Difference]:
    faults: dict[int, list[RowFault]] = {}
    for fault in read.faults:
        faults.setdefault(fault.line, []).append(fault)
    for line, number in enumerate(numbers, start=read.source.header_line + 1):
        plain = _PLAIN["rows"][number - 1][kind]
        wanted = _of_plain_grant(plain) if kind == "grant" else plain
        got, wrong = rows.pop(line, None), faults.pop(line, [])
        yield from ((number, fault.column, fault.code) for fault in wrong)
        if got is None and not wrong:
            yield number, kind, "missing"
        if got is not None:
            yield from ((number, key, _hashable(got[key])) for key in wanted if got[key] != wanted[key])
    for line in rows.keys() | faults.keys():
        yield line - read.source.header_line, kind, "more"


def _of_client(row: TypedClient) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "name": row.name,
        "kind": row.kind,
        "confidential": row.confidential,
        "services": dict(row.services),
        "owners": [given.who for given in row.given],
    }


def _of_grant(row: AccessRow) -> dict[str, Any]:
    return {
        "reference": row.client_reference,
        "email": row.email,
        "level": row.level.name.lower() if row.level else None,
        "expires": row.expires,
        "fee_split": row.fee_split,
    }


def _of_plain_grant(row: dict[str, Any]) -> dict[str, Any]:
    expires, split = row["expires"], row["fee_split"]
    moment = datetime.datetime.fromisoformat(expires) if expires else None
    return {
        **row,
        "expires": moment.date() if moment and len(expires) == len("2028-02-29") else moment,
        "fee_split": Decimal(split) if split else None,
    }


def _hashable(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return tuple(value) if isinstance(value, list) else value
