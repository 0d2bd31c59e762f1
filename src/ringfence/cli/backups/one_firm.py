"""Putting one firm from its backup beside the firms that a database has already.

Firm, ledger and tokens keep their numbers. People who have an account here with the same address keep it as
it is; where that seats another user than before, the ledger gets one entry that says so. The file may be
anybody's work: what was proved where it comes from counts for nothing here, and no row touches another firm.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import connection, transaction
from django.db.models import AutoField, Model

from ringfence.access import verify
from ringfence.access.domains import doubt_restored
from ringfence.access.ledger.seating import seat_restored
from ringfence.access.ledger.telling import nothing_to_tell
from ringfence.access.sql import rows_of
from ringfence.access.webhooks import pause_restored
from ringfence.access.writing.tables.bulk import execute, insert
from ringfence.cli.faults import Fault
from ringfence.core.directory import unique_key
from ringfence.firms.models import (
    ApplicationLine,
    DocumentVersion,
    Firm,
    FirmDirectory,
    FirmDomain,
    FirmMove,
    Member,
    MovedKey,
    SignInProvider,
    User,
)

from .archive import ArchivedTable, BadArchive, Reader
from .keeping import Archived, Restored, need_same, need_whole, told_as_faults
from .kept_rows import models_of_firm, rows_back

Row = dict[str, Any]

HIGHEST = 2**30
"""The highest number of a firm or user that is taken, so that there are as many left to give."""


def read_firm(path: Path, key: bytes | None = None, elsewhere: Mapping[UUID, str] | None = None) -> Archived:
    """Put the firm of a backup beside those that are here, and prove its ledger; all or nothing.

    With a key, only a backup that was signed with it is taken. One that is `elsewhere`, by its id the name of
    the database, is refused. Raises `Fault` with nothing changed.
    """
    with told_as_faults(path), Reader(path, key) as archive, transaction.atomic(durable=True):
        need_same(archive.manifest)
        if not archive.manifest.firm:
            raise Fault(
                f"{path} is no backup of one firm: write one with `ringfence backup --firm F FILE`,"
                " or restore it without --firm into a database of its own."
            )
        arrival = FirmArrival(archive)
        firm = arrival.put()
        _need_nowhere_else(firm, elsewhere or {})
        arrival.seat()
        nothing_to_tell(firm)
        pause_restored(firm)
        restored = [Restored(firm=Firm.objects.get(pk=firm), report=verify(firm))]
        need_whole(restored)
        return Archived(restored, archive.signed, archive.manifest.made)


def _need_nowhere_else(firm: int, elsewhere: Mapping[UUID, str]) -> None:
    """A firm lives in one database. That it once left this one is over, as it is here again."""
    row = Firm.objects.get(pk=firm)
    if name := elsewhere.get(row.uid):
        raise Fault(f"{row.name} is in {name}: a firm lives in one database. Nothing was changed.")
    FirmMove.objects.filter(number=firm).delete()
    MovedKey.objects.filter(number=firm).delete()


class FirmArrival:
    """One archive on its way into the tables."""

    def __init__(self, archive: Reader, *, moving: bool = False) -> None:
        """`moving`: written by this very process, out of another database of the deployment.

        Then what was proved there is proved here, and nobody else waits for their number.
        """
        self.archive, self.moving = archive, moving
        self.firm = archive.manifest.firm
        self.users: dict[int, int] = {}
        """Users of then by number, with who they are here."""
        self.addresses: dict[int, str] = {}
        """Their addresses."""
        self.known: set[int] = set()
        """Users of then who have an account here already."""
        self.doubted: list[str] = []
        """Domains that the firm had proved."""
        self.providers: set[str] = set()
        """The providers that the backup links people to."""

    def put(self) -> int:
        """All rows written; the firm's number. Raises `BadArchive` and `Fault`."""
        # Nobody else gives numbers to firms and accounts meanwhile; SQLite has one writer anyway.
        if connection.vendor == "postgresql" and not self.moving:
            execute("LOCK TABLE firms_firm, firms_user IN SHARE ROW EXCLUSIVE MODE")
        models = {model._meta.db_table: model for model in models_of_firm(moving=self.moving)}
        for table in self.archive.manifest.tables:
            if table.name not in models:
                raise BadArchive(f"The backup has a table {table.name!r} that is no firm's")
            self._fill(models[table.name], table)
        self._need_nothing_else()
        connection.check_constraints()
        self._advance_numbers()
        doubt_restored(self.firm, self.doubted)
        return self.firm

    def seat(self) -> None:
        """Have the ledger say who sits where by another number; in `put`'s transaction, or later."""
        changed = {old: new for old, new in self.users.items() if old != new}
        if changed:
            seats = Member.objects.filter(firm=self.firm, user__in=changed.values()).order_by("number")
            seat_restored(self.firm, dict(seats.values_list("number", "user_id")))

    def _fill(self, model: type[Model], table: ArchivedTable) -> None:
        # Numbers that mean nothing outside their table are given anew.
        own = str(model._meta.pk.column) if isinstance(model._meta.pk, AutoField) else ""
        own = "" if model in {Firm, User} else own
        kept = [column for column in table.columns if column != own]
        for rows in rows_back(model, table, self.archive):
            fitted = [self._fitted(model, dict(zip(table.columns, row, strict=True))) for row in rows]
            insert(table.name, kept, [[row[column] for column in kept] for row in fitted if row is not None])

    def _fitted(self, model: type[Model], row: Row) -> Row | None:
        """The row as it is written here; None for one that is here already."""
        if model is Firm:
            return self._fitted_firm(row)
        if model is User:
            return self._fitted_user(row)
        if "firm_id" in row and row["firm_id"] != self.firm:
            raise BadArchive(f"The backup has rows of firm {row['firm_id']} among those of {self.firm}")
        if model is FirmDomain and row["proved_at"] and not self.moving:
            self.doubted.append(row["domain"])
            return row | {"proved_at": 0, "proved_by": None, "vouched": False, "missing_since": 0}
        if model is FirmDirectory and not self.moving:
            return row | {"trusted": ""}
        if "user_id" not in row or row["user_id"] is None:
            return row
        return self._fitted_of_user(model, row)

    def _fitted_of_user(self, model: type[Model], row: Row) -> Row | None:
        user = row["user_id"]
        if user not in self.users:
            raise BadArchive(f"The backup lacks user {user}")
        if user in self.known and model is not Member:
            # How they sign in here is theirs to say: the firm's provider is linked when they come by it.
            return None
        if model is SocialAccount:
            self.providers.add(row["provider"])
        if model is EmailAddress and unique_key(row["email"]) != self.addresses[user]:
            raise BadArchive(f"The backup gives user {user} another's address")
        return row | {"user_id": self.users[user]}

    def _fitted_firm(self, row: Row) -> Row:
        if row["id"] != self.firm:
            raise BadArchive(f"The backup has firm {row['id']} where it says {self.firm}")
        if self.firm > HIGHEST:
            raise BadArchive(f"The backup has a firm of number {self.firm}, which is too high")
        if row["name_key"] != unique_key(row["name"]):
            raise BadArchive(f"The backup calls the firm {row['name']} and something else")
        if there := Firm.objects.filter(pk=self.firm).first():
            raise Fault(
                f"Firm {self.firm} is here already: {there.name}. A firm keeps its number, which stands in"
                " addresses that others keep. Restore it into another database. Nothing was changed."
            )
        if Firm.objects.filter(name_key=row["name_key"]).exists():
            raise Fault(f"Another firm here is called {row['name']}. Nothing was changed.")
        return row

    def _fitted_user(self, row: Row) -> Row | None:
        number, email = row["id"], row["email"]
        if number in self.users or not 0 < number <= HIGHEST or email != unique_key(email):
            raise BadArchive(f"The backup has no sound account in user {number}")
        self.addresses[number] = email
        there = User.objects.filter(email=email).first()
        if there is None:
            here = self.users[number] = self._number_of(number)
            if self.moving and row["let_in_by"] is None:
                return row | {"id": here}
            # Nobody here has proved the address, so no other firm may take them for its owner.
            return row | {"id": here, "let_in_by": self.firm}
        if there.let_in_by is not None:
            raise Fault(
                f"{there.email} has an account here whose address nobody has proved, so it cannot take their"
                " place. Have its owner choose a password by mail first, or remove it. Nothing was changed."
            )
        self.users[number] = there.pk
        self.known.add(number)
        return None

    def _number_of(self, user: int) -> int:
        """The number that a new account gets: its own where that is free here."""
        free = user not in self.users.values() and not User.objects.filter(pk=user).exists()
        if not self.moving or connection.vendor != "postgresql":
            return user if free else self._next_user()
        # Others are given numbers meanwhile: never one that has been given.
        ((last,),) = rows_of("SELECT last_value FROM firms_user_id_seq")
        if free and user <= last:
            return user
        ((given,),) = rows_of("SELECT nextval('firms_user_id_seq')")
        return int(given)

    def _next_user(self) -> int:
        """A number that no user has, here or in the backup."""
        ((highest,),) = rows_of("SELECT COALESCE(MAX(id), 0) FROM firms_user")
        given = max([highest, *self.users.keys(), *self.users.values()])
        if connection.vendor == "postgresql":
            ((last,),) = rows_of("SELECT last_value FROM firms_user_id_seq")
            given = max(given, last)
        return int(given) + 1

    def _need_nothing_else(self) -> None:
        """Beside the firm only accounts of members and links to its own providers are taken."""
        if not Firm.objects.filter(pk=self.firm).exists():
            raise BadArchive(f"The backup lacks firm {self.firm}")
        members = set(Member.objects.filter(firm=self.firm).values_list("user_id", flat=True))
        if not set(self.users.values()) <= members:
            raise BadArchive("The backup has accounts of people who have no place in the firm")
        theirs = SignInProvider.objects.filter(firm=self.firm).values_list("uid", flat=True)
        if not self.providers <= set(theirs):
            raise BadArchive("The backup has links to providers that are not the firm's")
        for model in (DocumentVersion, ApplicationLine):
            if model._base_manager.filter(firm=self.firm).exclude(document__firm=self.firm).exists():
                raise BadArchive("The backup writes in documents that are not the firm's")

    def _advance_numbers(self) -> None:
        """On PostgreSQL, what is given next comes after what was restored; never back."""
        if connection.vendor != "postgresql":
            return
        for table in ("firms_firm", "firms_user"):
            execute(
                f"SELECT setval('{table}_id_seq', GREATEST((SELECT MAX(id) FROM {table}),"
                f" (SELECT last_value FROM {table}_id_seq)))"
            )
