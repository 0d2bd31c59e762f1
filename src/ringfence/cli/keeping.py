"""All of our tables out of a database and into one: what a backup holds, and how it is put back.

Reading is one consistent view that keeps nobody waiting; putting back is one transaction, which ends with
every firm's ledger proved and is undone where one is not whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec
from django.apps import apps
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
from django.db.models import (
    BinaryField,
    DateTimeField,
    Field,
    ForeignKey,
    JSONField,
    Model,
    UUIDField,
)

import ringfence
from ringfence.access import Report, verify
from ringfence.access.connection import answering, reading
from ringfence.access.ledger.indexing import index_ledgers
from ringfence.access.ledger.seating import record_seats
from ringfence.access.ledger.telling import nothing_to_tell
from ringfence.access.webhooks import pause_restored
from ringfence.access.writing.tables.bulk import insert
from ringfence.firms.models import (
    AddressChange,
    Attempt,
    AuditPack,
    AuditPackPart,
    Checkpoint,
    CheckpointPart,
    Firm,
    ListPart,
    ListUpload,
    ProviderSession,
    RepeatedAnswer,
    SignIn,
    User,
)

from .archive import ArchivedTable, BadArchive, Manifest, Reader, Writer
from .faults import Fault

LEFT_OUT = frozenset({"auth", "contenttypes", "sessions", "django_tasks_database"})
"""Apps whose rows are not kept: sessions end with a restore, and so does background work, so that no mail
goes out a second time; the others write theirs when migrating."""
PASSING: frozenset[type[Model]] = frozenset(
    {
        AddressChange,
        Attempt,
        AuditPack,
        AuditPackPart,
        Checkpoint,
        CheckpointPart,
        ListPart,
        ListUpload,
        ProviderSession,
        RepeatedAnswer,
        SignIn,
    }
)
"""Models of ours whose rows are not kept: what they hold is over within a day, or made anew."""


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


def models() -> list[type[Model]]:
    """The models whose rows are kept, each after those it refers to."""
    found = {
        model
        for model in apps.get_models()
        if model._meta.app_label not in LEFT_OUT
        and model not in PASSING
        and model._meta.managed
        and not model._meta.proxy
    }
    ordered = sorted(found, key=lambda model: model._meta.db_table)
    before = {
        model: {
            other
            for other in ordered
            if other is not model
            and any(field.related_model is other for field in model._meta.concrete_fields)
        }
        for model in ordered
    }
    return list(TopologicalSorter(before).static_order())


def migrations() -> list[str]:
    """The migrations that this database has seen, of the apps that are kept."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app not in LEFT_OUT)


# --- Out


def write_backup(path: Path, key: bytes | None = None) -> Kept:
    """Write everything to a new file that nobody else may read; it is there whole or not at all.

    On return it is on disk, under its name. `key` signs it. Raises `Fault`.
    """
    if path.exists():
        raise Fault(f"{path} is there already: name another file, or remove it first.")
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            kept = _write(file, key)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        _sync_folder(path.parent)
    except OSError as problem:
        raise Fault(f"{path} cannot be written: {problem.strerror}.") from problem
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return kept


def _sync_folder(folder: Path) -> None:
    """The name of a new file is on disk only once its folder is."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _write(file: IO[bytes], key: bytes | None) -> Kept:
    writer = Writer(file)
    try:
        return _write_tables(writer, key)
    except BaseException:
        writer.give_up()
        raise


def _write_tables(writer: Writer, key: bytes | None) -> Kept:
    with answering(), reading():
        for model in models():
            fields = model._meta.concrete_fields
            writer.table(model._meta.db_table, [str(field.column) for field in fields], _rows(model, fields))
        firms = Firm.objects.count()
        names = migrations()
    manifest = writer.finish(
        ringfence=ringfence.__version__, database=connection.vendor, migrations=names, key=key
    )
    return Kept(manifest=manifest, firms=firms)


def _rows(model: type[Model], fields: Sequence[Field[Any, Any]]) -> Iterator[tuple[Any, ...]]:
    rows = model._base_manager.values_list(*(field.attname for field in fields))
    binary = [place for place, field in enumerate(fields) if isinstance(field, BinaryField)]
    for row in rows.iterator(chunk_size=2_000):
        if not binary:
            yield row
            continue
        cells = list(row)
        for place in binary:
            cells[place] = None if cells[place] is None else bytes(cells[place])
        yield tuple(cells)


# --- In


def read_backup(path: Path, key: bytes | None = None) -> Archived:
    """Fill the empty database that is connected; what was restored.

    With a key, only a backup that was signed with it is taken. Raises `Fault` with nothing changed.
    """
    try:
        with Reader(path, key) as archive, transaction.atomic(durable=True):
            _need_same(archive.manifest)
            _need_empty()
            _put_back(archive)
            record_seats()
            index_ledgers()
            nothing_to_tell()
            pause_restored()
            restored = [
                Restored(firm=firm, report=verify(firm.pk)) for firm in Firm.objects.order_by("name_key")
            ]
            _need_whole(restored)
            return Archived(restored, archive.signed, archive.manifest.made)
    except BadArchive as problem:
        raise Fault(f"{problem}. Nothing was changed.") from problem
    except UNFIT as problem:
        raise Fault(f"The rows of {path} do not fit together: {problem}. Nothing was changed.") from problem
    except OSError as problem:
        raise Fault(f"{path} cannot be read: {problem.strerror or problem}.") from problem


def _need_same(manifest: Manifest) -> None:
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


def _need_whole(restored: Iterable[Restored]) -> None:
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
        _fill(model, table, archive)
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(known.values())):
            cursor.execute(statement)


def _fill(model: type[Model], table: ArchivedTable, archive: Reader) -> None:
    fields = {str(field.column): field for field in model._meta.concrete_fields}
    if set(table.columns) != set(fields):
        raise BadArchive(f"The backup's table {table.name!r} has other columns than this Ringfence's")
    odd = [
        (place, fields[column])
        for place, column in enumerate(table.columns)
        if isinstance(_held(fields[column]), JSONField | UUIDField | DateTimeField)
    ]
    for rows in archive.rows(table):
        for row in rows:
            for place, field in odd:
                row[place] = _stored(field, row[place])
        insert(table.name, table.columns, rows)


def _held(field: Field[Any, Any]) -> Field[Any, Any]:
    """The field itself, or of one that leads to another table the field that it holds."""
    return field.target_field if isinstance(field, ForeignKey) else field


def _stored(field: Field[Any, Any], value: Any) -> Any:
    """A value as the database takes it where it is not simply itself."""
    return field.get_db_prep_save(field.to_python(value), connection)
