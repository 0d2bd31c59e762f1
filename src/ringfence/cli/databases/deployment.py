"""The databases of a deployment, by their names, and standing in one of them for a while.

Everything of ours asks the one connection of Django. Who works on two databases in one process has two, and
says for each step which is meant.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, connections
from django.db.models import QuerySet
from django.db.utils import load_backend

from ringfence.access.open_firms import MoveState
from ringfence.access.sql import rows_of
from ringfence.cli.faults import Fault
from ringfence.firms.models import Firm, FirmMove
from ringfence.settings import database

LOCK = 0x52494E474D4F5645
"""The key of PostgreSQL's advisory lock of whoever moves firms ("RINGMOVE")."""


@dataclass(frozen=True)
class Database:
    """One of the databases, over a connection of its own, which is opened when it is first asked."""

    name: str
    wrapper: Any

    @contextmanager
    def here(self) -> Iterator[None]:
        """Whatever is asked inside is asked of this database."""
        before = connections["default"]
        connections["default"] = self.wrapper
        try:
            yield
        finally:
            connections["default"] = before

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else moves a firm into or out of it meanwhile. Raises `Fault` where somebody does."""
        with ExitStack() as held, self.here():
            if connection.vendor == "sqlite":
                _lock_beside_file(held)
                yield
                return
            # It ends with the connection.
            self.need_alone()
            yield

    def need_alone(self) -> None:
        """That it still is so: a connection that was made anew has lost it. Raises `Fault`."""
        with self.here():
            if connection.vendor == "sqlite":
                return
            ((mine,),) = rows_of("SELECT pg_try_advisory_lock(%s)", LOCK)
        if not mine:
            raise _busy(self.name)


@contextmanager
def alone_here() -> Iterator[None]:
    """Nobody moves a firm into or out of this process's own meanwhile. Raises `Fault` where somebody does."""
    with Database(settings.DATABASE_NAME, connections["default"]).alone():
        try:
            yield
        finally:
            if connection.vendor == "postgresql":
                rows_of("SELECT pg_advisory_unlock(%s)", LOCK)


def _lock_beside_file(held: ExitStack) -> None:
    path = f"{connection.settings_dict['NAME']}-moving"
    # It stays: whoever removed it would let two others each hold one of that name.
    opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    held.callback(os.close, opened)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _busy(path) from None


def _busy(where: str) -> Fault:
    return Fault(f"Another `ringfence firm place` is at work in {where}: wait until it has ended.")


@contextmanager
def all_databases() -> Iterator[dict[str, Database]]:
    """Each of them by name, the connections closed at the end. Raises `Fault` where none is named."""
    if not settings.NAMED_DATABASES:
        raise Fault(
            "There is one database: name several in RINGFENCE_DATABASES, as docs/scale.md says, to move firms"
            " between them."
        )
    found = {name: Database(name, _wrapper(address)) for name, address in settings.NAMED_DATABASES.items()}
    try:
        yield found
    finally:
        for each in found.values():
            each.wrapper.close()


def _wrapper(address: str) -> Any:
    described = connections.configure_settings({"default": database(address)})["default"]
    return load_backend(described["ENGINE"]).DatabaseWrapper(described, "default")


def firms_elsewhere(*, coming: bool = True) -> dict[UUID, str]:
    """By their ids, the firms that are in another database than this process's, with its name.

    `coming`: with those that are on their way here. Raises `Fault` where one of them does not answer.
    """
    found: dict[UUID, str] = {}
    if not settings.NAMED_DATABASES:
        return found
    with all_databases() as databases:
        for name, each in databases.items():
            if name == settings.DATABASE_NAME:
                continue
            with each.here(), told_as_away(name):
                there = Firm.objects.all() if coming else Firm.objects.exclude(pk__in=leaving())
                found |= dict.fromkeys(there.values_list("uid", flat=True), name)
    return found


class FirmAstray(NamedTuple):
    """A firm that has left a database, and is not where that leads who comes for it."""

    number: int
    left: str
    """The database that it left."""
    led_to: str
    """What that says."""
    home: str
    """The database that has it; empty for none."""


def firms_astray() -> list[FirmAstray]:
    """One for each number, of all databases. Raises `Fault` where one of them does not answer."""
    have, left = dict[str, set[int]](), dict[str, dict[int, str]]()
    with all_databases() as databases:
        for name, each in databases.items():
            with each.here(), told_as_away(name):
                have[name] = set(Firm.objects.values_list("pk", flat=True))
                gone = FirmMove.objects.filter(state=MoveState.LEFT)
                left[name] = dict(gone.values_list("number", "place"))
    found = dict[int, FirmAstray]()
    for name, rows in left.items():
        for number, place in rows.items():
            if number not in found and not _leads_home(number, place, have, left):
                home = next((each for each in have if number in have[each]), "")
                found[number] = FirmAstray(number, name, place, home)
    return list(found.values())


def _leads_home(
    number: int, place: str, have: Mapping[str, set[int]], left: Mapping[str, Mapping[int, str]]
) -> bool:
    """Whether a firm is found by going where each database says that it went."""
    been = set[str]()
    while place in have and place not in been:
        if number in have[place]:
            return True
        been.add(place)
        place = left[place].get(number, "")
    return False


def everywhere() -> Iterator[str]:
    """Stand in each database of the deployment in turn; in the one that there is where it has no name."""
    if not settings.NAMED_DATABASES:
        yield ""
        return
    with all_databases() as databases:
        for name, each in databases.items():
            with each.here():
                yield name


def leaving() -> QuerySet[Any]:
    """The numbers of the firms that are about to leave the database in which we stand for this process's."""
    rows = FirmMove.objects.filter(state=MoveState.LEAVING, place=settings.DATABASE_NAME)
    return rows.values("number")


@contextmanager
def told_as_away(name: str) -> Iterator[None]:
    """Turn what is raised where the database of that name does not answer into `Fault`."""
    try:
        yield
    except (DatabaseError, InterfaceError) as problem:
        first = str(problem).strip().partition("\n")[0]
        raise Fault(
            f"{name} does not answer, so it cannot be known which firms are there: {first}. Nothing was"
            " changed."
        ) from problem
