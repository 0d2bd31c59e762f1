"""The backup file: a zip with every row of our tables, the same for both databases.

`manifest.json` says which form it has, which Ringfence and which migrations wrote it, and of each table its
columns, rows and checksum. Each table is one member: MessagePack arrays of rows, one after the other, each
with its length in front. Who signs in, firms, ledgers and documents are in it; sessions and the secret key
are not.
"""

import hashlib
import struct
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import msgspec

FORM = 1
"""The number of this form; a reader refuses any other."""
ROWS = 2_000
"""Rows in one array."""
LARGEST = 512 * 1024 * 1024
"""Bytes that one array may claim: more is no backup of ours."""
MANIFEST = "manifest.json"
_LENGTH = struct.Struct(">I")


class BadArchive(ValueError):
    """A file that is no backup, or a damaged one; the text says what is wrong."""


class ArchivedTable(msgspec.Struct, frozen=True, kw_only=True):
    """One table in the archive."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive says of itself."""

    form: int
    ringfence: str
    made: datetime
    database: str
    migrations: tuple[str, ...]
    tables: tuple[ArchivedTable, ...]


class Writer:
    """Writes an archive table by table; complete only once `finish` has been called."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=3)
        self._tables: list[ArchivedTable] = []

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Write one table; how many rows it has."""
        encoder = msgspec.msgpack.Encoder(enc_hook=_plain)
        digest, count = hashlib.sha256(), 0
        with self._zip.open(f"tables/{name}", "w", force_zip64=True) as out:
            for portion in _portions(rows):
                packed = encoder.encode(portion)
                for part in (_LENGTH.pack(len(packed)), packed):
                    out.write(part)
                    digest.update(part)
                count += len(portion)
        self._tables.append(
            ArchivedTable(name=name, columns=tuple(columns), rows=count, sha256=digest.hexdigest())
        )
        return count

    def finish(self, *, ringfence: str, database: str, migrations: Iterable[str]) -> Manifest:
        """Write the manifest and close."""
        manifest = Manifest(
            form=FORM,
            ringfence=ringfence,
            made=datetime.now(UTC),
            database=database,
            migrations=tuple(migrations),
            tables=tuple(self._tables),
        )
        self._zip.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        self._zip.close()
        return manifest


class Reader:
    """Reads an archive; raises `BadArchive`. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = msgspec.json.decode(self._zip.read(MANIFEST), type=Manifest)
        except (zipfile.BadZipFile, KeyError, msgspec.MsgspecError) as problem:
            raise BadArchive(f"{path} is no backup of Ringfence") from problem
        if self.manifest.form != FORM:
            raise BadArchive(f"{path} has form {self.manifest.form}; this Ringfence reads form {FORM}")

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def rows(self, table: ArchivedTable) -> Iterator[list[list[Any]]]:
        """The rows of a table, some thousands at a time; the checksum is looked at last."""
        digest, count = hashlib.sha256(), 0
        try:
            with self._zip.open(f"tables/{table.name}") as part:
                while head := part.read(_LENGTH.size):
                    packed = part.read(_length(head, table))
                    digest.update(head + packed)
                    rows = msgspec.msgpack.decode(packed, type=list[list[Any]])
                    count += len(rows)
                    yield rows
        except (zipfile.BadZipFile, KeyError, msgspec.MsgspecError, EOFError) as problem:
            raise _damaged(table) from problem
        if (digest.hexdigest(), count) != (table.sha256, table.rows):
            raise _damaged(table)


def _length(head: bytes, table: ArchivedTable) -> int:
    if len(head) != _LENGTH.size:
        raise _damaged(table)
    (length,) = _LENGTH.unpack(head)
    if length > LARGEST:
        raise _damaged(table)
    return int(length)


def _damaged(table: ArchivedTable) -> BadArchive:
    return BadArchive(f"The backup is damaged: the rows of {table.name} are not those that were written")


def _plain(value: Any) -> Any:
    """What MessagePack does not know; the reader's column types take it back."""
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be written")


def _portions(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    portion: list[Sequence[Any]] = []
    for row in rows:
        portion.append(row)
        if len(portion) == ROWS:
            yield portion
            portion = []
    if portion:
        yield portion
