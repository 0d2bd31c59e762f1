"""Step 3 of rules.md 2: which clients walls keep from whom, while they stand (rules.md 10, independence)."""

from collections.abc import Iterable

from pyroaring import BitMap

from ringfence.core.state.state import State
from ringfence.core.terms import Instant
from ringfence.core.values import Wall


def standing(walls: Iterable[Wall], now: Instant) -> list[Wall]:
    """Those that have begun and have not ended."""
    return [wall for wall in walls if wall.stands(now)]


def kept_apart(walls: Iterable[Wall]) -> dict[int, BitMap]:
    """By member, the clients that walls keep from them while they stand (rules.md 2, step 3); others are
    left out."""
    found: dict[int, BitMap] = {}
    for wall in walls:
        one, other = wall.sides
        for side, across in ((one, other), (other, one)):
            clients = BitMap(across.clients)
            for member in side.members if clients else ():
                found[member] = found[member] | clients if member in found else clients
    return found


def walled(state: State, member: int, engagement: int, now: Instant) -> bool:
    """Whether a wall stands between the member and the engagement's client."""
    return bool(state.walls) and walled_from(state, member, state.register.client_of[engagement], now)


def walled_from(state: State, member: int, client: int, now: Instant) -> bool:
    """Whether a wall that stands has the member on one side and the client on the other."""
    # Part of every explained check: `between` in place, since most walls have nothing to do with the member.
    for wall in state.walls.values():
        one, other = wall.sides
        across = (member in one.members and client in other.clients) or (
            member in other.members and client in one.clients
        )
        if across and wall.stands(now):
            return True
    return False


def later_starts(state: State, client: int, now: Instant) -> list[Instant]:
    """When walls begin that will keep the client from somebody."""
    walls = [wall for wall in state.walls.values() if client in wall.clients]
    return [wall.starts for wall in walls if wall.starts is not None and wall.starts > now]


def between(wall: Wall, member: int, client: int) -> bool:
    """Whether the wall has the member on one side and the client on the other."""
    one, other = wall.sides
    return (member in one.members and client in other.clients) or (
        member in other.members and client in one.clients
    )
