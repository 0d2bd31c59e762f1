"""`wall.*` (rules.md 5, 7)."""

import msgspec

from ringfence.core import events as e
from ringfence.core.authority.capability import may
from ringfence.core.authority.sharing import refused_on_own_wall
from ringfence.core.refusals import Problem, conflict, invalid, missing, need
from ringfence.core.terms import Capability, Instant, Thing
from ringfence.core.texts import WALL_NAME, clean, clean_reason
from ringfence.core.values import Sides, Wall

from . import definitions as w
from .context import Context
from .text_changes import EventsAndTexts


def raise_wall(context: Context, command: w.RaiseWall) -> EventsAndTexts:
    _need_clients_known(context, command.sides)
    context.need_administrator()
    _need_members_there(context, command.sides)
    name = clean(command.name, "name", most=WALL_NAME)
    _need_sides_full(command.sides)
    _need_times(context, command.starts, command.ends)
    context.free_name(Thing.WALL, name, "name")
    number = context.state.numbers.wall + 1
    fields = {"name": name}
    if reason := clean_reason(command.reason):
        fields["reason"] = reason
    return [_set(number, command, command.sides)], [e.Text(thing=Thing.WALL, number=number, fields=fields)]


def change_wall(context: Context, command: w.ChangeWall) -> EventsAndTexts:
    """The reason that is stated becomes the wall's; where none is, the wall keeps its own."""
    _need_clients_known(context, command.sides)
    _need_wall(context, command.wall)
    _need_members_there(context, command.sides)
    _need_sides_full(command.sides)
    _need_times(context, command.starts, command.ends)
    sides = _with_removed(context, command)
    stood, reason = context.state.walls[command.wall], clean_reason(command.reason)
    told = reason if reason != context.directory.text(Thing.WALL, command.wall, "reason") else ""
    times = stood.starts, stood.ends
    if stood.sides in (sides, sides[::-1]) and times == (command.starts, command.ends) and not told:
        conflict()
    texts = [e.Text(thing=Thing.WALL, number=command.wall, fields={"reason": told})] if told else []
    stands = msgspec.structs.replace(stood, sides=sides)
    anew = frozenset(member for member in stood.acknowledged if not _asked_alike(stood, stands, member))
    return [_set(command.wall, command, sides, anew)], texts


def _set(
    wall: int,
    command: w.RaiseWall | w.ChangeWall,
    sides: Sides,
    anew: frozenset[int] = frozenset(),
) -> e.WallSet:
    return e.WallSet(wall=wall, sides=sides, starts=command.starts, ends=command.ends, anew=anew)


def _asked_alike(one: Wall, other: Wall, member: int) -> bool:
    """Whether the member acknowledges the same by both: the clients kept from them, and those beside them."""
    mine = one.across(member), one.beside(member)
    return member in other.members and mine == (other.across(member), other.beside(member))


def _with_removed(context: Context, command: w.ChangeWall) -> Sides:
    """The sides as stated, with the removed clients that stand on the wall.

    Nobody can state these; one that is restored comes back behind the wall, as it does with its grants.
    """
    standing = context.state.walls[command.wall].sides
    if _in_common(standing, command.sides[::-1]) > _in_common(standing, command.sides):
        # The two sides have no order (rules.md 9): a removed client stays with who stood beside it.
        standing = standing[::-1]
    there = context.state.register.clients
    one, other = (
        msgspec.structs.replace(side, clients=side.clients | {c for c in was.clients if c not in there})
        for side, was in zip(command.sides, standing, strict=True)
    )
    return one, other


def _in_common(sides: Sides, others: Sides) -> int:
    pairs = zip(sides, others, strict=True)
    return sum(len(one.members & two.members) + len(one.clients & two.clients) for one, two in pairs)


def lower_wall(context: Context, command: w.LowerWall) -> list[e.Event]:
    _need_wall(context, command.wall)
    return [e.WallLowered(wall=command.wall)]


def acknowledge_wall(context: Context, command: w.AcknowledgeWall) -> list[e.Event]:
    """By whoever is on a side, once for what their sides are now (rules.md 10).

    That there is such a wall, others are told only where they read the control side (rules.md 9, knowing).
    """
    wall, actor = context.state.walls.get(command.wall), context.actor
    asked = wall is not None and actor in wall.members
    if not asked and not may(context.state, actor, Capability.READ_CONTROL):
        missing(Problem.UNKNOWN_WALL, "name")
    if wall is None:
        missing(Problem.UNKNOWN_WALL, "name")
    if actor is None:
        invalid(Problem.NO_MEMBER_ACTING, "name")
    if not asked or wall.over(context.now):
        invalid(Problem.NOT_ASKED, "name")
    if actor in wall.acknowledged:
        conflict(Problem.ACKNOWLEDGED, "name")
    return [e.WallAcknowledged(wall=command.wall, member=actor, at=context.now)]


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


def _need_clients_known(context: Context, sides: Sides) -> None:
    for side in sides:
        for client in sorted(side.clients):
            context.need_client(client, "sides")


def _need_members_there(context: Context, sides: Sides) -> None:
    for side in sides:
        for member in sorted(side.members):
            context.need_member(member, "sides")


def _need_times(context: Context, starts: Instant | None, ends: Instant | None) -> None:
    """Refuses a wall that would never stand again; a start that has passed means that it stands at once."""
    context.need_future(ends, "ends")
    if starts is not None and ends is not None and ends <= starts:
        invalid(Problem.ENDS_BEFORE_START, "ends")


def _need_sides_full(sides: Sides) -> None:
    """A wall that keeps nobody from anything is a mistake."""
    one, other = sides
    if not (one.members and other.clients) and not (other.members and one.clients):
        invalid(Problem.EMPTY_WALL, "sides")
