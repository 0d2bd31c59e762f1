"""Which clients a change leaves without the Owner who is a person that the firm requires (rules.md 5)."""

from ringfence.core.decision.ownerless import Ownerless, ownerless
from ringfence.core.state.state import State
from ringfence.core.terms import Instant


def newly_ownerless(before: State, after: State, now: Instant) -> Ownerless:
    """What the preview of a change lists: the clients that are so afterwards only.

    Of turning `owner_required` on, all that have no person Owner; of a wall, those whose last it keeps out.
    """
    was, will = ownerless(before, now), ownerless(after, now)
    return Ownerless(without=will.without - was.without, walled_off=will.walled_off - was.walled_off)
