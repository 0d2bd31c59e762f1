"""Until when a member keeps a level on a client, as things stand: grants and delegations that end included.

Asked of one member and one client, at each instant at which something that bears on them ends, or at which
a wall begins.
"""

from collections.abc import Iterable, Iterator

import msgspec

from ringfence.core.state.holding import Holding
from ringfence.core.state.state import State
from ringfence.core.terms import ALL_CLIENTS, FOREVER, Instant, Level, Target, group_subject, member_subject

from .evaluation import Evaluation
from .moment import Moment
from .single import decide
from .walls import later_starts


def lasts_until(moment: Moment, member: int, client: int, level: Level) -> Instant:
    """The first instant, from now on, at which the member's level on the client as a whole is below `level`.

    `FOREVER` where nothing that is known now ends it.
    """
    engagements = moment.state.register.engagements_of(client)
    later = (_at(moment, time) for time in sorted(set(_ends(moment, member, client))))
    for seen in (moment, *later):
        held = min((decide(seen, member, number).level for number in engagements), default=Level.NONE)
        if held < level:
            return seen.now
    return FOREVER


def _at(moment: Moment, time: Instant) -> Moment:
    """The same state later on, without taking from the state what is kept for the present."""
    if not (moment.state.settings.delegation and moment.state.delegations):
        return msgspec.structs.replace(moment, now=time)
    evaluation = Evaluation.of(moment.state, time)
    # What is unassigned is so at any time: also an expired grant assigns (rules.md 1).
    evaluation.keep_open(moment.evaluation)
    return Moment(moment.state, time, evaluation)


def _ends(moment: Moment, member: int, client: int) -> Iterator[Instant]:
    state, register = moment.state, moment.state.register
    yield from later_starts(state, client, moment.now)
    near = {ALL_CLIENTS, Target("client", client)}
    for number in register.engagements_of(client):
        near |= {Target("engagement", number), Target("service", register.service_of[number])}
    for held in _held(state, member):
        yield from (held.expires[on] for on in near & held.expires.keys() if held.expires[on] > moment.now)
    opened = state.emergencies.get((client, member))
    if opened is not None and opened.counts(moment.now):
        yield opened.expires
    if state.settings.delegation:
        made = (each.expires for each in state.delegations.values())
        yield from (expires for expires in made if expires is not None and expires > moment.now)


def _held(state: State, member: int) -> Iterable[Holding]:
    """What bears on the member: with delegations, whatever anybody was given."""
    if state.settings.delegation and state.delegations:
        return state.holdings.values()
    subjects = (member_subject(member), *map(group_subject, state.groups_of(member)))
    return [state.held_by(subject) for subject in subjects]
