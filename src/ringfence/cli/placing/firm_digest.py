"""The digest of all that a firm has in a database, by table: two that are equal are of equal rows.

It hangs neither on the database nor on the order of rows, nor on numbers that mean nothing elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import AutoField, Model

from ringfence.access.closing import LATE, NOTED
from ringfence.access.connection import answering, reading
from ringfence.cli.backups.kept_rows import cells, columns, models_of_firm, rows_of_firm
from ringfence.firms.models import Firm, User

_ENCODER = msgspec.json.Encoder(order="deterministic")
ACCOUNTS: tuple[type[Model], ...] = (User, EmailAddress, Authenticator, SocialAccount)
WIDTH = 32
"""Bytes of the sum of a table's rows."""

Digests = dict[str, str]
"""By table, how many rows and the sum of their digests."""


def digests(firm: int, users: Mapping[int, int] | None = None) -> Digests:
    """Of everything that the firm has, in one view of the database.

    Logs that stay open are left out, and when something was used last. With `users`, by the number that each
    has here the one to call them by; of accounts theirs alone are counted.
    """
    return _digests([model for model in models_of_firm(moving=True) if model not in LATE], firm, users)


def digests_of_accounts(firm: int, users: Mapping[int, int]) -> Digests:
    """The same of these users' accounts alone."""
    return _digests(ACCOUNTS, firm, users)


def _digests(models: Iterable[type[Model]], firm: int, users: Mapping[int, int] | None) -> Digests:
    with answering(), reading():
        return {model._meta.db_table: _digest(model, firm, users) for model in models}


def as_proof(found: Digests) -> bytes:
    """One digest of all."""
    return hashlib.sha256(_ENCODER.encode(found)).digest()


def _digest(model: type[Model], firm: int, users: Mapping[int, int] | None) -> str:
    count, total = 0, 0
    for row in _rows(model, firm, users):
        count += 1
        total += int.from_bytes(hashlib.sha256(_ENCODER.encode(row)).digest())
    return f"{count} {total % 256**WIDTH:064x}"


def _rows(model: type[Model], firm: int, users: Mapping[int, int] | None) -> Iterator[list[Any]]:
    names = columns(model)
    left_out = {NOTED.get(model)}
    if isinstance(model._meta.pk, AutoField) and model not in {Firm, User}:
        left_out.add(str(model._meta.pk.column))
    kept = [place for place, name in enumerate(names) if name not in left_out]
    user = names.index("id") if model is User else names.index("user_id") if "user_id" in names else None
    let_in = names.index("let_in_by") if model is User else None
    for cell in cells(rows_of_firm(model, firm)):
        row = list(cell)
        if users is not None and user is not None and row[user] is not None:
            if row[user] not in users and model in ACCOUNTS:
                continue
            row[user] = users.get(row[user], row[user])
        if let_in is not None and row[let_in] is not None:
            # By whichever firm: in another database it is the one that they came with.
            row[let_in] = firm
        yield [row[place] for place in kept]
