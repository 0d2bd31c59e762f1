"""Walls in the tables: their words, times, sides, and who acknowledged them."""

from ringfence.core import events as e
from ringfence.core.terms import Thing

from .words import columns_for
from .writing import Writing


def wall_set(event: e.WallSet, to: Writing) -> None:
    columns = columns_for(Thing.WALL, to.words.take(Thing.WALL, event.wall))
    if "name" in columns:
        to.insert("firms_wall", number=event.wall, **{"reason": "", **columns})
    elif columns:
        to.statements.update_texts("firms_wall", list(columns), to.firm, {event.wall: list(columns.values())})
    to.update("firms_wall", event.wall, starts=event.starts, ends=event.ends)
    for member in sorted(event.anew):
        to.delete("firms_wallacknowledgement", "wall = %s AND member = %s", event.wall, member)
    _clear_sides(to, event.wall)
    members, clients = [], []
    for number, side in enumerate(event.sides):
        members += [(to.firm, event.wall, number, member) for member in sorted(side.members)]
        clients += [(to.firm, event.wall, number, client) for client in sorted(side.clients)]
    to.statements.insert("firms_wallmember", ("firm_id", "wall", "side", "member"), members)
    to.statements.insert("firms_wallclient", ("firm_id", "wall", "side", "client"), clients)


def _clear_sides(to: Writing, wall: int) -> None:
    to.delete("firms_wallmember", "wall = %s", wall)
    to.delete("firms_wallclient", "wall = %s", wall)


def wall_lowered(event: e.WallLowered, to: Writing) -> None:
    _clear_sides(to, event.wall)
    to.delete("firms_wallacknowledgement", "wall = %s", event.wall)
    to.delete("firms_wall", "number = %s", event.wall)


def wall_acknowledged(event: e.WallAcknowledged, to: Writing) -> None:
    to.insert("firms_wallacknowledgement", wall=event.wall, member=event.member, at=event.at)
