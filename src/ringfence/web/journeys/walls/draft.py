"""The wall that a member has begun to raise or change, as the pages of the journey read and write it.

Kept in the database's drafts per member and firm, a row for each side. Clients are whole clients: a wall
keeps somebody from all of a client (rules.md 1).
"""

from __future__ import annotations

from dataclasses import dataclass

from pyroaring import BitMap

from ringfence.access import Side, Sides
from ringfence.core.commands.definitions import ChangeWall, RaiseWall
from ringfence.core.terms import Instant
from ringfence.firms.models import Draft
from ringfence.web.previews.agreed import mark_of
from ringfence.web.queries.drafts import (
    WALL,
    WALL_OTHER,
    draft_for,
    drafts_for,
    numbers_in,
    start_draft,
    stored,
)
from ringfence.web.shell.visit import Visit

Values = dict[str, str | int | bool]
"""Answers, by the names of their fields."""


@dataclass(frozen=True, slots=True)
class SideDraft:
    """One side as far as the firm still has what was chosen; what it has no more is counted."""

    row: Draft
    members: BitMap
    clients: BitMap
    gone: int

    @property
    def side(self) -> Side:
        return Side(members=frozenset(self.members), clients=frozenset(self.clients))

    def choose_members(self, members: BitMap) -> None:
        self.row.members = stored(members)
        self.row.save(update_fields=["members", "changed_at"])

    def choose_clients(self, clients: BitMap) -> None:
        self.row.clients = stored(clients)
        self.row.save(update_fields=["clients", "changed_at"])


@dataclass(frozen=True, slots=True)
class WallDraft:
    """A wall on its way. `wall` is 0 where it is a new one."""

    name: str
    wall: int
    begun: str
    """The mark of the wall as it stood when its change was begun."""
    sides: tuple[SideDraft, SideDraft]
    starts: Instant | None
    ends: Instant | None
    reason: str
    checked: bool
    """Whether the check has been seen, so that each choice leads back to it."""

    @property
    def token(self) -> str:
        """What makes a form of another draft known."""
        return str(self.sides[0].row.id)

    @property
    def whole(self) -> Sides:
        """Both sides as they are to be."""
        one, other = self.sides
        return one.side, other.side

    @property
    def command(self) -> RaiseWall | ChangeWall:
        """What the draft is to become."""
        if self.wall:
            return ChangeWall(
                wall=self.wall, sides=self.whole, starts=self.starts, ends=self.ends, reason=self.reason
            )
        return RaiseWall(
            name=self.name, sides=self.whole, starts=self.starts, ends=self.ends, reason=self.reason
        )

    def keep(self, **answers: str | int | bool) -> None:
        """Keep these answers beside those there are."""
        row = self.sides[0].row
        row.values = {**row.values, **answers}
        row.save(update_fields=["values", "changed_at"])

    def overtaken(self, visit: Visit) -> bool:
        """Whether somebody else changed or lowered the wall since its change was begun."""
        return bool(self.wall) and _mark(visit, self.wall) != self.begun


def read_draft(visit: Visit) -> WallDraft | None:
    """The member's draft; None where there is none."""
    found = drafts_for(visit.firm.pk, visit.number, (WALL, WALL_OTHER))
    one, other = found.get(WALL), found.get(WALL_OTHER)
    if one is None or other is None or "raised" in one.values:
        return None
    found_wall = one.values.get("wall", 0)
    wall = found_wall if isinstance(found_wall, int) else 0
    # What stands on the wall and is removed stays on it, though it cannot be chosen.
    standing = visit.firm_now.walls.get(wall)
    kept = BitMap() if standing is None else BitMap(standing.clients)
    return WallDraft(
        name=str(one.values.get("name", "")),
        wall=wall,
        begun=str(one.values.get("begun", "")),
        sides=(_side(visit, one, kept), _side(visit, other, kept)),
        starts=_time(one.values.get("starts")),
        ends=_time(one.values.get("ends")),
        reason=str(one.values.get("reason", "")),
        checked=bool(one.values.get("checked")),
    )


def _time(value: object) -> Instant | None:
    return Instant(value) if isinstance(value, int) and value else None


def _side(visit: Visit, row: Draft, kept: BitMap) -> SideDraft:
    members, clients = numbers_in(row.members), numbers_in(row.clients)
    there, standing = members & BitMap(visit.firm_now.members), clients & visit.firm_now.clients
    gone = len(members - there) + len(clients - standing - kept)
    return SideDraft(row, there, standing, gone)


def begin(visit: Visit, name: str) -> None:
    """A new wall of that name; where one was begun already, it gets the name and keeps its sides."""
    found = read_draft(visit)
    if found is not None and not found.wall:
        found.keep(name=name)
    else:
        _start(visit, {"name": name}, (Side(), Side()))


def begin_change(visit: Visit, wall: int, name: str, reason: str) -> None:
    """A change of the wall, from what it is."""
    stands = visit.firm_now.walls[wall]
    values: Values = {
        "name": name,
        "reason": reason,
        "starts": stands.starts or 0,
        "ends": stands.ends or 0,
        "wall": wall,
        "begun": _mark(visit, wall),
        "checked": True,
    }
    _start(visit, values, stands.sides)


def _start(visit: Visit, values: Values, sides: Sides) -> None:
    for purpose, side in zip((WALL, WALL_OTHER), sides, strict=True):
        row = start_draft(visit.firm.pk, visit.number, purpose)
        row.values = values if purpose == WALL else {}
        row.members, row.clients = stored(BitMap(side.members)), stored(BitMap(side.clients))
        row.save()


def mark_raised(draft: WallDraft, wall: int) -> None:
    """Remember what the draft became, for a second sending of the form."""
    one, other = (side.row for side in draft.sides)
    one.values = {"raised": wall}
    for row in (one, other):
        row.members = row.clients = b""
        row.save()


def raised(visit: Visit) -> int:
    """The wall that the member's last draft became; 0 for none."""
    row = draft_for(visit.firm.pk, visit.number, WALL)
    found = row.values.get("raised") if row is not None else None
    return found if isinstance(found, int) else 0


def _mark(visit: Visit, wall: int) -> str:
    found = visit.firm_now.walls.get(wall)
    if found is None:
        return ""
    return mark_of(RaiseWall(name="", sides=_ordered(found.sides), starts=found.starts, ends=found.ends))


def _ordered(sides: Sides) -> Sides:
    """The two sides have no order (rules.md 9)."""
    one, other = sorted(sides, key=lambda side: (sorted(side.members), sorted(side.clients)))
    return one, other
