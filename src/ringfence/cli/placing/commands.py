"""`ringfence firm place`: in which database each firm is, and moving one to another.

What is done with one firm, by how it stands, is in `placing_one.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click
import msgspec
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from ringfence.access.open_firms import MoveState
from ringfence.cli.databases.deployment import Database, all_databases, told_as_away
from ringfence.cli.faults import Fault
from ringfence.cli.options import json_option
from ringfence.cli.show import as_json, line, table
from ringfence.core.directory import unique_key
from ringfence.firms.models import Firm, FirmMove

from .placing_one import PlacingFirm

AWAY = "does not answer"
_LONGEST = 10
"""Digits of a number that no firm has."""


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A firm in a database."""

    firm: int
    name: str
    database: str
    address: str
    state: str
    """Empty where it is simply there, else a word of `MoveState`."""
    place: str
    """The other database, where there is a state."""


@click.command()
@click.argument("firm", required=False)
@click.argument("database", required=False)
@click.option(
    "--yes-lose-copy",
    "lose",
    is_flag=True,
    help="Remove a closed copy from a backup, though it has what no ledger tells of and the firm lacks.",
)
@json_option
def place(firm: str | None, database: str | None, lose: bool, json: bool) -> None:
    """List in which database each firm is, or move FIRM to DATABASE.

    While it moves, nothing of the firm can be changed; decisions and pages go on until it is there. Where the
    command was killed, call it again. Naming the database that the firm is leaving calls it back.
    """
    with all_databases() as databases:
        if firm is None:
            _list(databases, json=json)
            return
        if database is None:
            raise Fault(f"Say where the firm is to go: {', '.join(databases)}.")
        if database not in databases:
            raise Fault(f"There is no database {database!r}: write {' or '.join(databases)}.")
        found = PlacingFirm.look(
            databases, number_meant(databases, firm), database, _silent if json else line, lose=lose
        )
        done = found.place()
        if json:
            as_json(done)
        else:
            line(done.told(found.name))


def _list(databases: Mapping[str, Database], *, json: bool) -> None:
    found, away = list[Placed](), list[str]()
    for name, each in databases.items():
        try:
            with each.here():
                found += placed(name)
        except (DatabaseError, InterfaceError):
            away.append(name)
    if json:
        as_json({"firms": [msgspec.to_builtins(each) for each in found], "away": away})
    else:
        rows = [(each.firm, each.name, each.database, each.address, _state(each)) for each in found]
        table(("Number", "Firm", "Database", "Address", "State"), rows)
        for name in away:
            line(f"{name} {AWAY}: its firms are not listed.")


def placed(name: str) -> Iterator[Placed]:
    """The firms of the database in which we stand, which is called so."""
    moves = {move.number: move for move in FirmMove.objects.all()}
    for firm in Firm.objects.order_by("name_key"):
        move = moves.get(firm.pk)
        yield Placed(
            firm=firm.pk,
            name=firm.name,
            database=name,
            address=settings.OTHER_ADDRESSES.get(name, ""),
            state=move.state if move else "",
            place=move.place if move else "",
        )


def _state(each: Placed) -> str:
    if each.state == MoveState.LEAVING:
        return f"closed, on its way to {each.place}"
    if each.state == MoveState.ARRIVING:
        return f"closed, coming from {each.place}"
    return "open"


def number_meant(databases: Mapping[str, Database], word: str) -> int:
    """The number of the firm that a word means in any of the databases. Raises `Fault`."""
    bare = word.removeprefix("#")
    if bare.isascii() and bare.isdecimal() and len(bare) < _LONGEST:
        return int(bare)
    found = set()
    for each in databases.values():
        with each.here(), told_as_away(each.name):
            found |= set(Firm.objects.filter(name_key=unique_key(word)).values_list("pk", flat=True))
    if len(found) > 1:
        several = ", ".join(f"#{number}" for number in sorted(found))
        raise Fault(f"Several firms are called {word!r}: name one by its number, {several}.")
    if not found:
        raise Fault(f"There is no firm {word!r} in any database. `ringfence firm place` lists them.")
    return found.pop()


def _silent(_text: str) -> None:
    """Programs are told the end alone."""
