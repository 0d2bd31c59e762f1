"""What edges ask besides the state itself: names, which clients one may know of, why and how to change it.

Asks only; every write goes through `door.py`.
"""

from pyroaring import BitMap

from ringfence.core.explain import ClientExplanation, explain_client
from ringfence.core.parts import EMPTY
from ringfence.core.remedies import Remedy, client_remedies
from ringfence.core.terms import Role
from ringfence.store.name_index import NameIndex
from ringfence.store.names import Names

from .connection import answering, plain
from .door import FirmView

NAMES = NameIndex()
"""The names that this process keeps."""


def client_names(firm: int) -> Names:
    """The firm's clients in the order of their names, no older than this call.

    Raises `FirmUnknown`, and `StateUnavailable` where the database cannot say.
    """
    with answering():
        return NAMES.current(plain(), firm)


def known_clients(view: FirmView, member: int) -> BitMap:
    """The clients whose existence the member may be told of (rules.md 3 `inaccessible`, rules.md 5).

    All for those who manage or audit; else those the member sees, and under `named` all but the ones
    behind a wall.
    """
    moment = view.moment
    state = moment.state
    who = state.members.get(member)
    if who is None or not who.active:
        return EMPTY
    if who.administers or who.manage_access or who.role == Role.AUDITOR:
        return state.register.clients
    seen = moment.clients(member)
    if state.settings.inaccessible != "named":
        return seen
    walled: set[int] = set()
    for one, other in state.walls.values():
        if member in one.members:
            walled |= other.clients
        if member in other.members:
            walled |= one.clients
    return (state.register.clients - BitMap(walled)) | seen if walled else state.register.clients


def explained(view: FirmView, member: int, client: int) -> ClientExplanation:
    """Why the member's level on the client is what it is. To show it safely, see `ringfence.wording`."""
    return explain_client(view.moment, member, client)


def ways_in(view: FirmView, member: int, client: int) -> tuple[Remedy, ...]:
    """The smallest changes that would let a denied member see all of the client, and who may make them."""
    return client_remedies(view.moment, member, client)
