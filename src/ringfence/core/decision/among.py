"""What members see of some clients alone: for mails, which ask for many members of a large firm at once, and
for a state that is asked of one client, as the past is.

The same ten steps as everywhere (`sets.py`), looked at through a mask, so that nobody's whole reach is worked
out or kept for it.
"""

from collections.abc import Iterable, Iterator

from pyroaring import BitMap

from ringfence.core.state.compiled import Mask
from ringfence.core.terms import Level

from . import sets
from .moment import Moment


def seen_among(moment: Moment, members: Iterable[int], clients: BitMap) -> Iterator[tuple[int, BitMap]]:
    """Of each member the engagements of these clients that they see; members who see none are left out.

    `clients` may name such as are not there.
    """
    register = moment.state.register
    there = register.spread(clients & register.clients)
    evaluation = moment.evaluation.narrowed(Mask(there))
    asked = list(members)
    sets.look_ahead(evaluation, len(asked))
    for member in asked:
        seen = sets.reach(evaluation, member).see
        # A thousand members would hold each other's sets in memory for nothing.
        evaluation.granted.pop(member, None)
        if seen:
            yield member, seen


def who_sees(moment: Moment, client: int) -> dict[int, Level]:
    """The members who see the client, with their level on it as a whole: `Moment.who`.

    Of a state of which little is known, the first client is looked at through a mask; who asks for a second
    one will ask for more, and everybody's reach is worked out and kept.
    """
    evaluation, everyone = moment.evaluation, moment.state.everyone
    known = sum(1 for member in everyone if member in evaluation.granted)
    if evaluation.asked_who or 2 * known >= len(everyone):
        return moment.who(client)
    evaluation.asked_who = True
    mask = Mask(moment.state.register.spread(BitMap([client]) & moment.state.register.clients))
    narrow = evaluation.narrowed(mask)
    sets.look_ahead(narrow, len(everyone))
    return Moment(moment.state, moment.now, narrow).who(client)
