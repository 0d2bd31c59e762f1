"""The backup file: a zip with every row of our tables, the same for both databases.

`manifest.json` says which form it has, which Ringfence and which migrations wrote it, and of each table its
columns, rows and checksum. `manifest.sig`, where there is one, is HMAC-SHA256 over the manifest's bytes with
a key that is kept apart. Each table is one member: MessagePack arrays of rows, one after the other, each with
its length in front. Who signs in, firms, ledgers and documents are in it; sessions and secret keys are not.
"""

import hashlib
import hmac
import lzma
import struct
import zipfile
import zlib
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
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
LONGEST_MANIFEST = 16 * 1024 * 1024
"""Bytes."""
_LENGTH = struct.Struct(">I")


UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    msgspec.MsgspecError,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What the readers of zip, its compressions and its rows raise over bytes that make no sense."""


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
    firm: int = 0
    """The number of the firm where it is of one alone; 0 where it is of all."""


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

    def finish(
        self,
        *,
        ringfence: str,
        database: str,
        migrations: Iterable[str],
        key: bytes | None,
        firm: int = 0,
    ) -> Manifest:
        """Write the manifest, signed where there is a key, and close."""
        manifest = Manifest(
            form=FORM,
            ringfence=ringfence,
            made=datetime.now(UTC),
            database=database,
            migrations=tuple(migrations),
            tables=tuple(self._tables),
            firm=firm,
        )
        said = msgspec.json.format(msgspec.json.encode(manifest))
        self._zip.writestr(MANIFEST, said)
        if key is not None:
            self._zip.writestr(SIGNATURE, _signed(said, key))
        self._zip.close()
        return manifest

    def give_up(self) -> None:
        """Let go of a file that cannot be written to its end."""
        # Closed by itself, the zip would try to write its end once more.
        self._zip.fp = None


def _signed(manifest: bytes, key: bytes) -> str:
    return hmac.digest(key, manifest, "sha256").hex()


class Reader:
    """Reads an archive; raises `BadArchive`. Use it as a context manager."""

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        """With a key, only an archive that was signed with it is taken. Lets `OSError` of opening through."""
        self._file = path.open("rb")
        try:
            self._zip = zipfile.ZipFile(self._file)
            said = self._member(MANIFEST)
            self.manifest = msgspec.json.decode(said, type=Manifest)
            self.signed = SIGNATURE in self._zip.namelist()
            """Whether it has a signature; without a key nobody has looked whether it is right."""
            signature = self._member(SIGNATURE) if self.signed else b""
        except UNREADABLE as problem:
            self._file.close()
            raise BadArchive(f"{path} is no backup of Ringfence, or is damaged") from problem
        fault = self._fault(said, signature, key)
        if fault:
            self._file.close()
            raise BadArchive(f"{path} {fault}")

    def _member(self, name: str) -> bytes:
        if self._zip.getinfo(name).file_size > LONGEST_MANIFEST:
            raise ValueError(name)
        return self._zip.read(name)

    def _fault(self, said: bytes, signature: bytes, key: bytes | None) -> str:
        if self.manifest.form != FORM:
            return f"has form {self.manifest.form}; this Ringfence reads form {FORM}"
        if key is not None and not self.signed:
            return "is not signed: somebody may have changed it, or it was written without --key"
        if key is not None and not hmac.compare_digest(signature, _signed(said, key).encode()):
            return "was not signed with this key, or was changed after it was signed"
        return ""

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def rows(self, table: ArchivedTable) -> Iterator[list[list[Any]]]:
        """The rows of a table, some thousands at a time; the checksum is looked at last."""
        digest, count = hashlib.sha256(), 0
        try:
            with self._zip.open(f"tables/{table.name}") as part:
                while head := part.read(_LENGTH.size):
                    packed = part.read(_length(head, table))
                    digest.update(head + packed)
                    rows = msgspec.msgpack.decode(packed, type=list[list[Any]])
                    if any(len(row) != len(table.columns) for row in rows):
                        raise _damaged(table)
                    count += len(rows)
                    yield rows
        except BadArchive:
            raise
        except UNREADABLE as problem:
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
