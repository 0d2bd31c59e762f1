"""`ringfence firm place`: in which database each firm is, and moving one to another."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import click
import msgspec
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from ringfence.access.open_firms import MoveState
from ringfence.core.directory import unique_key
from ringfence.firms.models import Firm, FirmMove

from .faults import Fault
from .moving import STRAYS_SECONDS, FirmSeen, MovingFirm, seen
from .options import json_option
from .show import as_json, counted, line, table
from .standing import Database, all_databases, told_as_away

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
@json_option
def place(firm: str | None, database: str | None, json: bool) -> None:
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
        _move(databases, number_meant(databases, firm), databases[database], json=json)


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


def _move(databases: Mapping[str, Database], number: int, to: Database, *, json: bool) -> None:
    there = _seen(databases, number)
    have = [name for name, firm in there.items() if firm.name]
    if not have:
        raise Fault(f"There is no firm {number} in any database. `ringfence firm place` lists them.")
    arriving = [name for name in have if there[name].state == MoveState.ARRIVING]
    settled = [name for name in have if name not in arriving]
    if len({there[name].uid for name in have}) > 1:
        several = " and ".join(f"{there[name].name} in {name}" for name in have)
        raise Fault(f"Two firms have the number {number}: {several}. Neither can move to the other.")
    if len(settled) == 2 and (copy := _copy_of(there, settled, to.name)):
        with databases[copy].alone(), to.alone():
            _need_unmoved(databases, number, there)
            MovingFirm(number, databases[copy], to, line).drop_copy()
        line(f"{there[to.name].name} is in {to.name}. The copy in {copy} had nothing else, and is removed.")
        return
    if len(settled) > 1 or len(arriving) > 1:
        raise Fault(
            f"Firm {number} is in {' and in '.join(have)}: one of them was restored from a backup. See"
            " docs/scale.md, After a restore. Nothing was changed."
        )
    old, new, back = _meant(number, there, settled, arriving, to.name)
    name = there[have[0]].name
    if not new:
        _sweep(databases, number, there, old)
        line(f"{name} is in {old} already.")
        return
    if missing := {old, new} - set(databases):
        raise Fault(f"RINGFENCE_DATABASES does not name {missing.pop()}, where the firm is or is to be.")
    say = _silent if json else line
    move = MovingFirm(number, databases[old], databases[new], say)
    with ExitStack() as held:
        for each in sorted((old, new)):
            held.enter_context(databases[each].alone())
        _need_unmoved(databases, number, there)
        began = time.monotonic()
        if back:
            move.call_back()
            line(f"{name} stays in {old}, and can be changed again.")
            return
        if settled:
            say(f"{name} is closed in {old} while it goes to {new}.")
            move.go()
        else:
            move.open()
        seconds = time.monotonic() - began
        time.sleep(STRAYS_SECONDS)
        move.sweep()
    reached = settings.OTHER_ADDRESSES.get(new, "")
    if json:
        as_json({"firm": number, "database": new, "closed_seconds": round(seconds, 3)})
        return
    line(
        f"{name} is in {new}{f', at {reached}' if reached else ''}. Nothing could be changed for"
        f" {counted(round(seconds), 'second')}."
    )


def _copy_of(there: Mapping[str, FirmSeen], settled: list[str], to: str) -> str:
    """The database that has a closed copy, from a backup, of a firm that is in `to`; empty for none."""
    for name in settled:
        if name != to and there[name].state == MoveState.LEAVING and there[name].place == to:
            return name if to in settled and not there[to].state else ""
    return ""


def _meant(
    number: int, there: Mapping[str, FirmSeen], settled: list[str], arriving: list[str], to: str
) -> tuple[str, str, bool]:
    """From which database to which, empty for nothing to do, and whether it is called back."""
    if not settled:
        # The old one has let go of it: all that is left is to open it.
        (new,) = arriving
        if new != to:
            raise Fault(
                f"Firm {number} is about to open in {new}: `ringfence firm place #{number} {new}` first."
            )
        return there[new].place, new, False
    (old,) = settled
    firm = there[old]
    if firm.state != MoveState.LEAVING:
        # A restored backup was of the middle of a move.
        if arriving and to == old:
            return old, arriving[0], True
        if arriving and to not in arriving:
            raise Fault(
                f"A closed copy of it is in {arriving[0]}: `ringfence firm place #{number} {old}` first."
            )
        return (old, "", False) if old == to else (old, to, False)
    if to == old:
        return old, firm.place, True
    if to != firm.place:
        raise Fault(
            f"Firm {number} is on its way from {old} to {firm.place}: name {firm.place} to go on, or {old} to"
            " call it back."
        )
    return old, to, False


def _seen(databases: Mapping[str, Database], number: int) -> dict[str, FirmSeen]:
    found = {}
    for name, each in databases.items():
        with each.here(), told_as_away(name):
            found[name] = seen(number)
    return found


def _need_unmoved(databases: Mapping[str, Database], number: int, there: Mapping[str, FirmSeen]) -> None:
    """That all is as it was before we were alone. Raises `Fault`."""
    if _seen(databases, number) != there:
        raise Fault(f"Firm {number} has just been moved by somebody else: call this again.")


def _sweep(databases: Mapping[str, Database], number: int, there: Mapping[str, FirmSeen], home: str) -> None:
    """What processes wrote down of the firm, where it once was, after whoever moved it had gone."""
    for name, firm in there.items():
        if not firm.name and firm.state == MoveState.LEFT:
            with databases[home].alone(), databases[name].alone():
                _need_unmoved(databases, number, there)
                MovingFirm(number, databases[name], databases[home], _silent).sweep()


def _silent(_text: str) -> None:
    """Programs are told the end alone."""
