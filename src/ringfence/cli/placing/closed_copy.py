"""Removing a closed copy of a firm, restored from a backup, where the firm goes on in another database.

What the ledger says is proved to be there. What people do that is no entry (passwords, texts, choices) is
compared row by row: what only the copy has is named, and removed only by who says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

import msgspec
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Model

from ringfence.access.closing import keep_closed
from ringfence.cli.backups.kept_rows import columns, rows_of_firm
from ringfence.cli.databases.deployment import Database
from ringfence.cli.faults import Fault
from ringfence.cli.show import counted
from ringfence.firms.models import (
    ClientDetails,
    DetailField,
    DigestChoice,
    DocumentVersion,
    Firm,
    LedgerEntry,
    Member,
    NoticeChoice,
    User,
)

from .moving import MovingFirm, remove

ACCOUNTS: dict[type[Model], tuple[str, ...]] = {
    User: ("email", "password", "name", "language", "is_active"),
    EmailAddress: ("user__email", "email", "verified"),
    Authenticator: ("user__email", "type", "data"),
    SocialAccount: ("user__email", "provider", "uid"),
}
"""What an account is of, by the address of its user."""
OWN: dict[type[Model], tuple[str, str]] = {
    ClientDetails: ("version of a client's details", "versions of clients' details"),
    DetailField: ("field of the firm's own", "fields of the firm's own"),
    DigestChoice: ("choice of the daily mail", "choices of the daily mail"),
    DocumentVersion: ("version of a document", "versions of documents"),
    NoticeChoice: ("choice of a notice", "choices of notices"),
}
"""What else people write and keep that is no entry of the ledger; a row of it, and several, in words."""
_NAMED = 10
"""Addresses that are named at most."""


def remove_copy(move: MovingFirm, *, lose: bool) -> None:
    """Remove it from the old database; the new one has the firm and goes on with it.

    With both for ourselves. Raises `Fault`, with nothing changed, where the copy has entries that the firm
    lacks; unless `lose`, also where it has anything else.
    """
    number, copy, home = move.number, move.old, move.new
    _need_gone_on(number, copy, home)
    if not lose and (found := lacking(number, copy, home)):
        raise Fault(
            f"The copy in {copy.name} has what the firm in {home.name} lacks, and no entry of a ledger tells"
            f" of it: {'; '.join(found)}. If none of it is wanted, call `ringfence firm place #{number}"
            f" {home.name} --yes-lose-copy`. Nothing was changed."
        )
    move.bring_logs()
    with copy.here():
        with transaction.atomic(durable=True):
            remove(number, home.name)
        keep_closed()


def _need_gone_on(number: int, copy: Database, home: Database) -> None:
    with copy.here():
        version, head = Firm.objects.values_list("version", "head").get(pk=number)
    with home.here():
        hashes = LedgerEntry.objects.filter(firm=number, number=version).values_list("hash", flat=True)
        goes_on = [bytes(each) for each in hashes] == [bytes(head)]
    if not goes_on:
        raise Fault(
            f"The ledger in {home.name} does not go on from entry {version} in {copy.name}: each has entries"
            " that the other lacks. Nothing was changed."
        )


def lacking(number: int, copy: Database, home: Database) -> list[str]:
    """What only the copy has, in words; accounts that are in another firm of either database are left out.

    Those keep there what they have: it is theirs, and not the firm's.
    """
    with copy.here():
        in_copy, copied = set(_of_this_firm_alone(number)), _rows(number)
    with home.here():
        in_home, here = set(_of_this_firm_alone(number)), _rows(number)
    people = set[str]()
    for model in ACCOUNTS:
        only = copied[model] - here[model]
        people |= {address for address, _row in only} & in_copy & in_home
    found = list(_people(sorted(people)))
    for kind, (one, several) in OWN.items():
        if count := len(copied[kind] - here[kind]):
            found.append(counted(count, one, several))
    return found


def _people(addresses: list[str]) -> Iterator[str]:
    if addresses:
        rest = len(addresses) - _NAMED
        named = ", ".join(addresses[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
        yield f"how {named} signed in or were called there"


def _of_this_firm_alone(number: int) -> Iterator[str]:
    """The addresses of members' accounts that have no place in another firm of this database."""
    users = Member.objects.filter(firm=number, user__isnull=False)
    others = Member.objects.filter(user__in=users.values("user")).exclude(firm=number)
    yield from users.exclude(user__in=others.values("user")).values_list("user__email", flat=True)


def _rows(number: int) -> dict[type[Model], set[tuple[str, bytes]]]:
    """By model, each row's digest, of an account with the address of its user."""
    found = {model: _digests(model, number, names, str) for model, names in ACCOUNTS.items()}
    for kind in OWN:
        # Such a number means nothing in another database.
        names = tuple(name for name in columns(kind) if name != "id")
        found[kind] = _digests(kind, number, names, lambda _first: "")
    return found


def _digests(
    model: type[Model], number: int, names: tuple[str, ...], called: Callable[[object], str]
) -> set[tuple[str, bytes]]:
    rows = rows_of_firm(model, number).values_list(*names).iterator(chunk_size=2_000)
    encode = msgspec.json.Encoder(order="deterministic").encode
    return {(called(row[0]), sha256(encode(row)).digest()) for row in rows}
