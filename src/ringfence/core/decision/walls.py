"""Step 3 of rules.md 2: which clients walls keep from whom."""

from collections.abc import Iterable

from pyroaring import BitMap

from ringfence.core.state.state import State
from ringfence.core.values import Wall


def kept_apart(walls: Iterable[Wall]) -> dict[int, BitMap]:
    """By member, the clients that the walls keep from them (rules.md 2, step 3); others are left out."""
    found: dict[int, BitMap] = {}
    for one, other in walls:
        for side, across in ((one, other), (other, one)):
            clients = BitMap(across.clients)
            for member in side.members if clients else ():
                found[member] = found[member] | clients if member in found else clients
    return found


def walled(state: State, member: int, engagement: int) -> bool:
    """Whether a wall stands between the member and the engagement's client."""
    return walled_from(state, member, state.register.client_of[engagement])


def walled_from(state: State, member: int, client: int) -> bool:
    """Whether a wall has the member on one side and the client on the other."""
    return any(
        (member in one.members and client in other.clients)
        or (member in other.members and client in one.clients)
        for one, other in state.walls.values()
    )
