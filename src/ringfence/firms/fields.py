"""Columns that several tables share: keys that databases order alike, sealed texts, the firm of a row."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from .sealing import is_sealed

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


class SealedField(_TextField):
    """A secret as `firms.sealing` seals it for a purpose; empty for none. It refuses whatever is not sealed.

    `ringfence rotate-secret` finds all columns of this kind by themselves.
    """

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def get_prep_value(self, value: Any) -> Any:
        """Raises `ValueError` for a text that is not sealed, so that no secret lies open by an oversight."""
        if value and not is_sealed(value):
            raise ValueError(f"what is to be kept for {self.purpose} is not sealed")
        return super().get_prep_value(value)


def of_firm(*, checked: bool = True) -> "models.ForeignKey[Any, Any]":
    """The firm a row belongs to. Every primary key starts with it, so it needs no index of its own.

    `checked=False` leaves the database's own check out: for the tables into which one command may write
    hundreds of thousands of rows, all of the firm whose row the same transaction has locked.
    """
    return models.ForeignKey(
        "firms.Firm", models.CASCADE, related_name="+", db_index=False, db_constraint=checked
    )
