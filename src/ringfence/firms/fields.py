"""Columns that several tables share: keys that every database orders alike, and the firm of a row."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _TextField = models.TextField[str | None, str | None]
else:
    _TextField = models.TextField


class KeyField(_TextField):
    """A key of `core.directory`, compared byte by byte: SQLite's way, and PostgreSQL's collation "C".

    Without a length: NFKC can make a key eighteen times as long as its text.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            return {**parameters, "collation": "C"}
        return parameters


def of_firm(*, checked: bool = True) -> "models.ForeignKey[Any, Any]":
    """The firm a row belongs to. Every primary key starts with it, so it needs no index of its own.

    `checked=False` leaves the database's own check out: for the tables into which one command may write
    hundreds of thousands of rows, all of the firm whose row the same transaction has locked.
    """
    return models.ForeignKey(
        "firms.Firm", models.CASCADE, related_name="+", db_index=False, db_constraint=checked
    )
