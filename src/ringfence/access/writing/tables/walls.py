"""What becomes of walls in the tables: their words, times, sides, and who acknowledged them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.core import events as e
from ringfence.core.terms import Thing

from .words import columns_for

if TYPE_CHECKING:
    from .write import Writing


def wall_set(event: e.WallSet, to: Writing) -> None:
    words = to.words.take(Thing.WALL, event.wall)
    columns = columns_for(Thing.WALL, words)
    if "name" in columns:
        rows = {"firm_id": to.firm, "number": event.wall, "reason": "", **columns}
        to.statements.insert("firms_wall", list(rows), [list(rows.values())])
    elif columns:
        to.statements.update_texts("firms_wall", list(columns), to.firm, {event.wall: list(columns.values())})
    to.statements.execute(
        "UPDATE firms_wall SET starts = %s, ends = %s WHERE firm_id = %s AND number = %s",
        event.starts,
        event.ends,
        to.firm,
        event.wall,
    )
    for member in sorted(event.anew):
        _delete("firms_wallacknowledgement", to, "wall = %s AND member = %s", event.wall, member)
    _clear_sides(to, event.wall)
    members, clients = [], []
    for number, side in enumerate(event.sides):
        members += [(to.firm, event.wall, number, member) for member in sorted(side.members)]
        clients += [(to.firm, event.wall, number, client) for client in sorted(side.clients)]
    to.statements.insert("firms_wallmember", ("firm_id", "wall", "side", "member"), members)
    to.statements.insert("firms_wallclient", ("firm_id", "wall", "side", "client"), clients)


def _clear_sides(to: Writing, wall: int) -> None:
    _delete("firms_wallmember", to, "wall = %s", wall)
    _delete("firms_wallclient", to, "wall = %s", wall)


def wall_lowered(event: e.WallLowered, to: Writing) -> None:
    _clear_sides(to, event.wall)
    _delete("firms_wallacknowledgement", to, "wall = %s", event.wall)
    _delete("firms_wall", to, "number = %s", event.wall)


def _delete(table: str, to: Writing, condition: str, *parameters: int) -> None:
    to.statements.execute(f"DELETE FROM {table} WHERE firm_id = %s AND {condition}", to.firm, *parameters)
