"""Which tables and rows a backup holds, of all firms or of one, and how their values are written and read.

Nothing is put into a table here: that is `keeping` for a whole database and `one_firm` for one firm.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.apps import apps
from django.db import connection
from django.db.models import (
    BinaryField,
    DateTimeField,
    Field,
    ForeignKey,
    JSONField,
    Model,
    QuerySet,
    UUIDField,
)

from ringfence.firms.models import (
    AddressChange,
    Attempt,
    AuditPack,
    AuditPackPart,
    Checkpoint,
    CheckpointPart,
    Firm,
    FirmMove,
    ListPart,
    ListUpload,
    Member,
    MovedKey,
    ProviderSession,
    RepeatedAnswer,
    SignIn,
    SignInProvider,
    User,
)

from .archive import ArchivedTable, BadArchive, Reader

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

OF_NOBODY: frozenset[type[Model]] = frozenset({EmailConfirmation, SocialApp, SocialToken})
"""Tables of libraries that we leave empty."""

OF_THE_DATABASE: frozenset[type[Model]] = frozenset({FirmMove, MovedKey})
"""What a database knows of firms on their way between databases."""

MOVED: tuple[type[Model], ...] = (AuditPack, AuditPackPart, RepeatedAnswer)
"""What is over within a day and goes along all the same, where a firm moves."""


@cache
def models() -> tuple[type[Model], ...]:
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
    return tuple(TopologicalSorter(before).static_order())


def models_of_firm(*, moving: bool = False) -> list[type[Model]]:
    """The models of which a backup of one firm has rows, each after those it refers to.

    `moving`: with what goes along to another database besides.
    """
    found = [model for model in models() if model not in OF_NOBODY | OF_THE_DATABASE]
    return [*found, *MOVED] if moving else found


def rows_of_firm(model: type[Model], firm: int) -> QuerySet[Any]:
    """The rows of a model that are the firm's own, with the accounts of its members. Raises `LookupError`.

    Of a person's links to providers those to the firm's own alone.
    """
    rows = model._base_manager.order_by("pk")
    if model is Firm:
        return rows.filter(pk=firm)
    if "firm" in {field.name for field in model._meta.concrete_fields}:
        return rows.filter(firm=firm)
    members = Member.objects.filter(firm=firm, user__isnull=False).values("user")
    if model is User:
        return rows.filter(pk__in=members)
    if model in {EmailAddress, Authenticator}:
        return rows.filter(user__in=members)
    if model is SocialAccount:
        theirs = SignInProvider.objects.filter(firm=firm).values("uid")
        return rows.filter(user__in=members, provider__in=theirs)
    raise LookupError(f"nobody has said which rows of {model.__name__} are one firm's")


def columns(model: type[Model]) -> list[str]:
    """The model's columns, in the order of `cells`."""
    return [str(field.column) for field in model._meta.concrete_fields]


def cells(rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """The values of all columns, row by row."""
    fields = rows.model._meta.concrete_fields
    binary = [place for place, field in enumerate(fields) if isinstance(field, BinaryField)]
    for row in rows.values_list(*(field.attname for field in fields)).iterator(chunk_size=2_000):
        if not binary:
            yield row
            continue
        values = list(row)
        for place in binary:
            values[place] = None if values[place] is None else bytes(values[place])
        yield tuple(values)


def rows_back(model: type[Model], table: ArchivedTable, archive: Reader) -> Iterator[list[list[Any]]]:
    """The rows of a table as its database takes them, some thousands at a time. Raises `BadArchive`."""
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
        yield rows


def _held(field: Field[Any, Any]) -> Field[Any, Any]:
    """The field itself, or of one that leads to another table the field that it holds."""
    return field.target_field if isinstance(field, ForeignKey) else field


def _stored(field: Field[Any, Any], value: Any) -> Any:
    """A value as the database takes it where it is not simply itself."""
    return field.get_db_prep_save(field.to_python(value), connection)
