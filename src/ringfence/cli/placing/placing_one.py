"""What `ringfence firm place FIRM DATABASE` does with one firm, case by case, and how it ended.

How a firm moves is `moving.py`'s matter.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum

import msgspec
from django.conf import settings

from ringfence.access.open_firms import MoveState
from ringfence.cli.databases.deployment import Database, told_as_away
from ringfence.cli.faults import Fault
from ringfence.cli.show import counted
from ringfence.firms.models import FirmMove

from .closed_copy import remove_copy
from .moving import FORESEEN, STRAYS_SECONDS, FirmSeen, MovingFirm, Say, seen


class PlaceEnd(StrEnum):
    """What became of it."""

    MOVED = "moved"
    CALLED_BACK = "called_back"
    THERE_ALREADY = "there_already"
    COPY_REMOVED = "copy_removed"


class PlacedFirm(msgspec.Struct, frozen=True, kw_only=True):
    """How a call ended, as `--json` says it."""

    firm: int
    database: str
    """Where the firm is, and can be changed."""
    done: PlaceEnd
    other: str
    """The database that it came from, was to go to, or had a copy; empty where it was there already."""
    closed_seconds: float
    """How long this call kept the firm from being changed; 0 where it did not."""

    def told(self, name: str) -> str:
        """The same for people. `name` is the firm's."""
        match self.done:
            case PlaceEnd.MOVED:
                reached = settings.OTHER_ADDRESSES.get(self.database, "")
                return (
                    f"{name} is in {self.database}{f', at {reached}' if reached else ''}. Nothing could be"
                    f" changed for {counted(round(self.closed_seconds), 'second')}."
                )
            case PlaceEnd.CALLED_BACK:
                return f"{name} stays in {self.database}, and can be changed again."
            case PlaceEnd.THERE_ALREADY:
                return f"{name} is in {self.database} already."
            case PlaceEnd.COPY_REMOVED:
                copy = f"The copy in {self.other} is removed."
                return f"{name} is in {self.database}. {copy}"


@dataclass(frozen=True)
class PlacingFirm:
    """A firm as each database has it, and where it is to be."""

    databases: Mapping[str, Database]
    number: int
    to: str
    there: Mapping[str, FirmSeen]
    say: Say
    lose: bool = False
    """Whether what only a closed copy has may be lost with it."""

    @classmethod
    def look(
        cls, databases: Mapping[str, Database], number: int, to: str, say: Say, *, lose: bool = False
    ) -> PlacingFirm:
        """See how it stands. Raises `Fault` where a database does not answer."""
        return cls(databases, number, to, _seen(databases, number), say, lose)

    @property
    def name(self) -> str:
        """The firm's, first as it is called where it is to be."""
        return self.there[self.to].name or next(firm.name for firm in self.there.values() if firm.name)

    @property
    def _arriving(self) -> list[str]:
        """The databases in which it is closed, as it comes from another."""
        return [name for name, firm in self.there.items() if firm.name and firm.state == MoveState.ARRIVING]

    @property
    def _settled(self) -> list[str]:
        """The others that have it."""
        return [name for name, firm in self.there.items() if firm.name and firm.state != MoveState.ARRIVING]

    def place(self) -> PlacedFirm:
        """Whatever its case asks for. Raises `Fault`, with nothing moved."""
        self._need_one()
        if copy := self._copy():
            return self._remove_copy(copy)
        self._need_one_place()
        old, new, back = self._meant()
        if not new:
            return self._stay(old)
        if missing := {old, new} - set(self.databases):
            raise Fault(f"RINGFENCE_DATABASES does not name {missing.pop()}, where the firm is or is to be.")
        return self._call_back(old, new) if back else self._move(old, new)

    def _need_one(self) -> None:
        """Raises `Fault` where the number is nobody's, or that of two firms."""
        found = {name: firm for name, firm in self.there.items() if firm.name}
        if not found:
            raise Fault(f"There is no firm {self.number} in any database. `ringfence firm place` lists them.")
        if len({firm.uid for firm in found.values()}) > 1:
            several = " and ".join(f"{firm.name} in {name}" for name, firm in found.items())
            raise Fault(f"Two firms have the number {self.number}: {several}. Neither can move to the other.")

    def _need_one_place(self) -> None:
        if len(self._settled) > 1 or len(self._arriving) > 1:
            have = " and in ".join(name for name, firm in self.there.items() if firm.name)
            raise Fault(
                f"Firm {self.number} is in {have}: one of them was restored from a backup. See docs/scale.md,"
                " After a restore. Nothing was changed."
            )

    def _copy(self) -> str:
        """The database with a closed copy, from a backup, of a firm that is where it is to be; else empty."""
        if self.to not in self._settled or self.there[self.to].state or len(self._settled) > 2:
            return ""
        closed = (MoveState.LEAVING, self.to)
        found = (name for name in self._settled if (self.there[name].state, self.there[name].place) == closed)
        return next(found, "")

    def _meant(self) -> tuple[str, str, bool]:
        """From which database to which, empty for nothing to do, and whether it is called back."""
        arriving, to = self._arriving, self.to
        if not self._settled:
            # The old one has let go of it: all that is left is to open it.
            (new,) = arriving
            if new != to:
                raise Fault(f"Firm {self.number} is about to open in {new}: {self._call(new)} first.")
            return self.there[new].place, new, False
        (old,) = self._settled
        firm = self.there[old]
        if firm.state != MoveState.LEAVING:
            # A restored backup was of the middle of a move.
            if arriving and to == old:
                return old, arriving[0], True
            if arriving and to not in arriving:
                raise Fault(f"A closed copy of it is in {arriving[0]}: {self._call(old)} first.")
            return (old, "", False) if old == to else (old, to, False)
        if to == old:
            return old, firm.place, True
        if to != firm.place:
            raise Fault(
                f"Firm {self.number} is on its way from {old} to {firm.place}: name {firm.place} to go on, or"
                f" {old} to call it back."
            )
        return old, to, False

    def _call(self, database: str) -> str:
        return f"`ringfence firm place #{self.number} {database}`"

    # --- The cases

    def _remove_copy(self, copy: str) -> PlacedFirm:
        with self._alone(copy, self.to):
            move = MovingFirm(self.number, self.databases[copy], self.databases[self.to], self.say)
            remove_copy(move, lose=self.lose)
        return self._ended(PlaceEnd.COPY_REMOVED, self.to, copy)

    def _stay(self, home: str) -> PlacedFirm:
        """Bring what processes wrote down of the firm, where it once was, after whoever moved it had gone."""
        left = [name for name, firm in self.there.items() if not firm.name and firm.state == MoveState.LEFT]
        with self._alone(home, *left):
            for name in left:
                MovingFirm(self.number, self.databases[name], self.databases[home], self.say).sweep()
            self._lead_to(home)
        return self._ended(PlaceEnd.THERE_ALREADY, home)

    def _call_back(self, old: str, new: str) -> PlacedFirm:
        with self._alone(old, new):
            MovingFirm(self.number, self.databases[old], self.databases[new], self.say).call_back()
        return self._ended(PlaceEnd.CALLED_BACK, old, new)

    def _move(self, old: str, new: str) -> PlacedFirm:
        move = MovingFirm(self.number, self.databases[old], self.databases[new], self.say)
        with self._alone(old, new):
            began = time.monotonic()
            if self._settled:
                self.say(f"{self.name} is closed in {old} while it goes to {new}.")
                move.go()
            else:
                move.open()
            seconds = time.monotonic() - began
            time.sleep(STRAYS_SECONDS)
            move.sweep()
            self._lead_to(new)
        return self._ended(PlaceEnd.MOVED, new, old, seconds)

    def _lead_to(self, home: str) -> None:
        """Whoever comes to a database that the firm once left is led straight to where it is now.

        Raises `Fault` where one does not answer any more.
        """
        for name, each in self.databases.items():
            try:
                with each.here():
                    left = FirmMove.objects.filter(number=self.number, state=MoveState.LEFT)
                    left.exclude(place=home).update(place=home)
            except FORESEEN as problem:
                raise Fault(
                    f"{self.name} is in {home}. {name} does not answer, so who comes for it there is not led"
                    " there yet: call this again."
                ) from problem

    def _ended(self, done: PlaceEnd, database: str, other: str = "", seconds: float = 0) -> PlacedFirm:
        return PlacedFirm(
            firm=self.number, database=database, done=done, other=other, closed_seconds=round(seconds, 3)
        )

    @contextmanager
    def _alone(self, *names: str) -> Iterator[None]:
        """Nobody else moves firms into or out of these, and all is as it was seen. Raises `Fault`."""
        with ExitStack() as held:
            for each in sorted(names):
                held.enter_context(self.databases[each].alone())
            if _seen(self.databases, self.number) != self.there:
                raise Fault(f"Firm {self.number} has just been moved by somebody else: call this again.")
            yield


def _seen(databases: Mapping[str, Database], number: int) -> dict[str, FirmSeen]:
    found = {}
    for name, each in databases.items():
        with each.here(), told_as_away(name):
            found[name] = seen(number)
    return found
