"""All of our tables out of a database and into one: what a backup holds, and how it is put back.

Reading is one consistent view that keeps nobody waiting; putting back is one transaction, which ends with
every firm's ledger proved and is undone where one is not whole.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple
from uuid import UUID

import msgspec
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import (
    DataError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    connection,
    transaction,
)
from django.db.migrations.recorder import MigrationRecorder

import ringfence
from ringfence.access import Report, verify
from ringfence.access.clock import clock
from ringfence.access.connection import answering, reading
from ringfence.access.ledger.indexing import index_ledgers
from ringfence.access.ledger.seating import record_seats
from ringfence.access.ledger.telling import nothing_to_tell
from ringfence.access.open_firms import MoveState
from ringfence.access.webhooks import pause_restored
from ringfence.access.writing.tables.bulk import insert
from ringfence.cli.faults import Fault
from ringfence.firms.models import Firm, FirmMove, User
from ringfence.secret_keys import sync_folder

from .archive import BadArchive, Manifest, Reader, Writer
from .kept_rows import LEFT_OUT, cells, columns, models, models_of_firm, rows_back, rows_of_firm

UNFIT = (
    IntegrityError,
    DataError,
    NotSupportedError,
    ProgrammingError,
    ValidationError,
    msgspec.MsgspecError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What rows raise that were changed with their checksums: in the database, or when they are proved."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What was written or put back."""

    manifest: Manifest
    firms: int

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.manifest.tables)


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """A restored firm with the proof of its ledger."""

    firm: Firm
    report: Report


class Archived(NamedTuple):
    """What was restored, whether the backup has a signature, and when it was taken."""

    firms: list[Restored]
    signed: bool
    made: datetime


def migrations() -> list[str]:
    """The migrations that this database has seen, of the apps that are kept."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app not in LEFT_OUT)


# --- Out


def write_backup(path: Path, key: bytes | None = None, firm: int = 0, *, moving: bool = False) -> Kept:
    """Write everything to a new file that nobody else may read; it is there whole or not at all.

    With a firm's number what is of that firm alone, `moving` with what goes along (`kept_rows`). On return
    it is on disk, under its name. `key` signs it. Raises `Fault`.
    """
    if path.exists():
        raise Fault(f"{path} is there already: name another file, or remove it first.")
    part = path.with_name(f".{path.name}.part")
    try:
        with _unfinished(part, path) as file:
            kept = _write(file, key, firm, moving=moving)
            file.flush()
            os.fsync(file.fileno())
            part.rename(path)
        sync_folder(path.parent)
    except OSError as problem:
        raise Fault(f"{path} cannot be written: {problem.strerror}.") from problem
    return kept


@contextmanager
def _unfinished(part: Path, path: Path) -> Iterator[IO[bytes]]:
    """The empty file that becomes the backup, for this process alone; gone where it does not become one.

    What a process that was killed left of one is taken over. Raises `Fault` where another writes it.
    """
    with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Fault(f"Another backup is being written to {path}: wait until it is done.") from busy
        # One that was just finished goes by its real name, and is no part any more.
        if path.exists() or not (part.exists() and os.path.samestat(part.stat(), os.fstat(file.fileno()))):
            raise Fault(f"{path} is there already: name another file, or remove it first.")
        try:
            os.fchmod(file.fileno(), 0o600)
            file.truncate()
            yield file
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _write(file: IO[bytes], key: bytes | None, firm: int, *, moving: bool) -> Kept:
    writer = Writer(file)
    try:
        return _write_tables(writer, key, firm, moving=moving)
    except BaseException:
        writer.give_up()
        raise


def _write_tables(writer: Writer, key: bytes | None, firm: int, *, moving: bool) -> Kept:
    with answering(), reading():
        for model in models_of_firm(moving=moving) if firm else models():
            rows = rows_of_firm(model, firm) if firm else model._base_manager.all()
            writer.table(model._meta.db_table, columns(model), cells(rows))
        firms = Firm.objects.filter(pk=firm).count() if firm else Firm.objects.count()
        names = migrations()
    manifest = writer.finish(
        ringfence=ringfence.__version__,
        database=connection.vendor,
        migrations=names,
        key=key,
        firm=firm,
    )
    return Kept(manifest=manifest, firms=firms)


# --- In


def read_backup(
    path: Path, key: bytes | None = None, elsewhere: Mapping[UUID, str] | None = None
) -> Archived:
    """Fill the empty database that is connected; what was restored.

    With a key, only a backup that was signed with it is taken. Firms that are `elsewhere`, by their ids the
    names of the databases, are closed here. Raises `Fault` with nothing changed.
    """
    with told_as_faults(path), Reader(path, key) as archive, transaction.atomic(durable=True):
        need_same(archive.manifest)
        _need_empty()
        _put_back(archive)
        record_seats()
        index_ledgers()
        nothing_to_tell()
        pause_restored()
        _close(elsewhere or {})
        restored = [Restored(firm=firm, report=verify(firm.pk)) for firm in Firm.objects.order_by("name_key")]
        need_whole(restored)
        return Archived(restored, archive.signed, archive.manifest.made)


def _close(elsewhere: Mapping[UUID, str]) -> None:
    """A firm that has moved since the backup is not to take changes here as well."""
    moves = set(FirmMove.objects.exclude(state=MoveState.LEFT).values_list("number", flat=True))
    for number, uid in Firm.objects.values_list("pk", "uid"):
        if uid in elsewhere and number not in moves:
            row = {"state": MoveState.LEAVING.value, "place": elsewhere[uid], "at": clock()}
            FirmMove.objects.update_or_create(number=number, defaults=row)


@contextmanager
def told_as_faults(path: Path) -> Iterator[None]:
    """Turn what a damaged or altered backup raises into `Fault`."""
    try:
        yield
    except BadArchive as problem:
        raise Fault(f"{problem}. Nothing was changed.") from problem
    except UNFIT as problem:
        raise Fault(f"The rows of {path} do not fit together: {problem}. Nothing was changed.") from problem
    except OSError as problem:
        raise Fault(f"{path} cannot be read: {problem.strerror or problem}.") from problem


def need_same(manifest: Manifest) -> None:
    """Raises `Fault` where the backup has other tables than this Ringfence."""
    here = migrations()
    if list(manifest.migrations) != here:
        raise Fault(
            f"The backup is of Ringfence {manifest.ringfence}, whose tables are not those of"
            f" {ringfence.__version__}: restore it with Ringfence {manifest.ringfence}, then upgrade."
        )


def _need_empty() -> None:
    if Firm.objects.exists() or User.objects.exists():
        raise Fault(
            "The database is not empty: a backup is restored into a new one. Name one in RINGFENCE_DATABASE."
        )


def need_whole(restored: Iterable[Restored]) -> None:
    """Raises `Fault` where a restored ledger is not whole."""
    for one in restored:
        if not one.report.whole:
            raise Fault(
                f"The ledger of {one.firm.name} in the backup is not whole: {one.report.problems[0]}"
                " Nothing was restored."
            )


def _put_back(archive: Reader) -> None:
    known = {model._meta.db_table: model for model in models()}
    for table in archive.manifest.tables:
        model = known.get(table.name)
        if model is None:
            raise BadArchive(f"The backup has a table {table.name!r} that this Ringfence does not know")
        for rows in rows_back(model, table, archive):
            insert(table.name, table.columns, rows)
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(known.values())):
            cursor.execute(statement)
