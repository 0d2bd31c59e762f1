"""`wall.*` (rules.md 5, 7)."""

import msgspec

from ringfence.core import events as e
from ringfence.core.authority.capability import may
from ringfence.core.authority.sharing import refused_on_own_wall
from ringfence.core.refusals import Problem, conflict, invalid, missing, need
from ringfence.core.terms import (
    Capability,
    Thing,
)
from ringfence.core.texts import WALL_NAME, clean
from ringfence.core.values import Side, Wall

from . import definitions as w
from .context import Context
from .text_changes import EventsAndTexts


def raise_wall(context: Context, command: w.RaiseWall) -> EventsAndTexts:
    _need_clients_known(context, command.sides)
    context.need_administrator()
    _need_members_there(context, command.sides)
    name = clean(command.name, "name", most=WALL_NAME)
    _need_sides_full(command.sides)
    context.free_name(Thing.WALL, name, "name")
    number = context.state.numbers.wall + 1
    text = e.Text(thing=Thing.WALL, number=number, fields={"name": name})
    return [e.WallSet(wall=number, sides=command.sides)], [text]


def change_wall(context: Context, command: w.ChangeWall) -> list[e.Event]:
    _need_clients_known(context, command.sides)
    _need_wall(context, command.wall)
    _need_members_there(context, command.sides)
    _need_sides_full(command.sides)
    command = msgspec.structs.replace(command, sides=_with_removed(context, command))
    if context.state.walls[command.wall] in (command.sides, command.sides[::-1]):
        conflict()
    return [e.WallSet(wall=command.wall, sides=command.sides)]


def _with_removed(context: Context, command: w.ChangeWall) -> Wall:
    """The sides as stated, with the removed clients that stand on the wall.

    Nobody can state these; one that is restored comes back behind the wall, as it does with its grants.
    """
    standing = context.state.walls[command.wall]
    if _in_common(standing, command.sides[::-1]) > _in_common(standing, command.sides):
        # The two sides have no order (rules.md 9): a removed client stays with who stood beside it.
        standing = standing[::-1]
    there = context.state.register.clients
    one, other = (
        msgspec.structs.replace(side, clients=side.clients | {c for c in was.clients if c not in there})
        for side, was in zip(command.sides, standing, strict=True)
    )
    return one, other


def _in_common(sides: Wall, others: Wall) -> int:
    pairs = zip(sides, others, strict=True)
    return sum(len(one.members & two.members) + len(one.clients & two.clients) for one, two in pairs)


def lower_wall(context: Context, command: w.LowerWall) -> list[e.Event]:
    _need_wall(context, command.wall)
    return [e.WallLowered(wall=command.wall)]


def _need_wall(context: Context, wall: int) -> None:
    """Refuses who may not change it; a member on the wall may not while another could (rules.md 5).

    Walls are told of to those who read the control side, to nobody else (rules.md 2).
    """
    if not may(context.judged().state, context.actor, Capability.READ_CONTROL):
        missing(Problem.UNKNOWN_WALL, "name")
    context.need_administrator()
    if wall not in context.state.walls:
        missing(Problem.UNKNOWN_WALL, "name")
    need(refused_on_own_wall(context, wall))


def _need_clients_known(context: Context, sides: tuple[Side, Side]) -> None:
    for side in sides:
        for client in sorted(side.clients):
            context.need_client(client, "sides")


def _need_members_there(context: Context, sides: tuple[Side, Side]) -> None:
    for side in sides:
        for member in sorted(side.members):
            context.need_member(member, "sides")


def _need_sides_full(sides: tuple[Side, Side]) -> None:
    """A wall that keeps nobody from anything is a mistake."""
    one, other = sides
    if not (one.members and other.clients) and not (other.members and one.clients):
        invalid(Problem.EMPTY_WALL, "sides")
