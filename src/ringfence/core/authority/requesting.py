"""What a member could ask for on a client by `request.open` (rules.md 5, 7)."""

from ringfence.core.decision.lasting import lasts_until
from ringfence.core.decision.moment import Moment
from ringfence.core.terms import FOREVER, GIVING, Capability, Level

from .capability import may
from .knowing import knows


def requestable(moment: Moment, member: int, client: int) -> tuple[Level, ...]:
    """The levels that the member could ask for on the client, lowest first.

    Also the one that they have, where that ends. None for a client that they may not know of, where they have
    asked already, and where requests are off.
    """
    state = moment.state
    if not (state.settings.requests and may(state, member, Capability.USE_CLIENTS)):
        return ()
    if client not in state.register.clients or not knows(moment, member, client):
        return ()
    if (client, member) in state.requests:
        return ()
    has = moment.client_level(member, client)
    more = tuple(level for level in GIVING if level > has)
    return more if lasts_until(moment, member, client, has) == FOREVER else (has, *more)
