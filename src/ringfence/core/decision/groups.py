"""Groups as pages list them: what is in a group, how many clients it gives, why it gives nothing.

Who sees what by a group is decided in `sets.py`; the grants that stand on one client are in `holders.py`.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core.state.compiled import counting
from ringfence.core.state.holding import EMPTY, Holding
from ringfence.core.state.state import State
from ringfence.core.terms import Level, Subject, Target, group_subject

from . import sets
from .holders import holders, opens_ungranted
from .moment import Moment


class GivesNothing(StrEnum):
    """Why a group gives nobody anything (rules.md 1): about who is in it, then about what it was given."""

    NO_MEMBERS = "no_members"
    INACTIVE_MEMBERS = "inactive_members"
    NO_ACCESS_PERMISSION = "no_access_permission"
    NO_GRANTS = "no_grants"
    EXPIRED = "expired"
    ONLY_BLOCKS = "only_blocks"
    """Nothing was given, or blocks of its own deny all of it."""
    NO_CLIENTS = "no_clients"
    """Grants count, on nothing that the firm still has."""


class LeftWithout(NamedTuple):
    """What an engagement is left with once it is taken out of a group."""

    opens: bool
    """Whether step 9 opens it then: nothing but the group's grants assigns it."""
    holders: tuple[Subject, ...]
    """Who else was given it, its client or its service, and can open it by that."""


def standing(moment: Moment, group: int) -> BitMap:
    """The engagements on which a grant of the group other than Blocked stands, counting or not (rules.md 1).

    A grant on all clients is on every engagement while it counts; as it assigns nothing, nowhere afterwards.
    """
    state, subject = moment.state, group_subject(group)
    if _gives(moment.evaluation.wide_level(subject)):
        return state.register.engagements
    return BitMap.union(EMPTY, *state.compiled(subject).standing()) & state.register.engagements


def standing_blocks(moment: Moment, group: int) -> BitMap:
    """The engagements on which a Blocked grant of the group stands, counting or not."""
    state, subject = moment.state, group_subject(group)
    if moment.evaluation.wide_level(subject) is Level.BLOCKED:
        return state.register.engagements
    return state.compiled(subject).blocked() & state.register.engagements


def groups_on(
    moment: Moment, engagements: BitMap, *, counting_only: bool, among: Collection[int] | None = None
) -> dict[int, BitMap]:
    """By group, those of the engagements on which a grant of it other than Blocked stands; others left out.

    With `counting_only`, those that it gives its members now. `among`: the groups that are looked at.
    """
    part = _given_of if counting_only else _standing_of
    holding = (subject.number for subject in moment.state.holdings if subject.kind == "group")
    numbers = holding if among is None else (each for each in holding if each in among)
    found = {number: part(moment, number, engagements) for number in numbers}
    return {number: theirs for number, theirs in found.items() if theirs}


def _standing_of(moment: Moment, group: int, engagements: BitMap) -> BitMap:
    subject = group_subject(group)
    if _gives(moment.evaluation.wide_level(subject)):
        return engagements
    return _within(engagements, moment.state.compiled(subject).standing())


def _given_of(moment: Moment, group: int, engagements: BitMap) -> BitMap:
    """As `sets.given`, for a few engagements."""
    evaluation, subject = moment.evaluation, group_subject(group)
    wide, compiled = evaluation.wide_level(subject), evaluation.compiled(subject)
    if wide is Level.BLOCKED:
        return EMPTY
    theirs = engagements if wide else _within(engagements, compiled.standing())
    return theirs - compiled.blocked() if theirs else theirs


def _within(engagements: BitMap, parts: Iterable[BitMap]) -> BitMap:
    """Those of a few engagements that are in any part: looked up in each, rather than all united first."""
    found = [engagements & part for part in parts if part.intersect(engagements)]
    return found[0] if len(found) == 1 else BitMap.union(EMPTY, *found)


def clients_given(moment: Moment, group: int) -> BitMap:
    """The clients of which the group's counting grants give its members at least one engagement."""
    state, register = moment.state, moment.state.register
    held = state.held_by(group_subject(group))
    counts = counting(held, moment.now)
    if _blocks(counts):
        return register.clients_of(sets.given(moment.evaluation, group))
    if counts.all:
        return register.clients
    # Every client has an engagement, so those that were given whole need not be looked up one by one.
    compiled = moment.evaluation.compiled(group_subject(group))
    single = BitMap.union(EMPTY, *compiled.engagements, *compiled.services) & register.engagements
    return (BitMap.union(EMPTY, *counts.clients) & register.clients) | register.clients_of(single)


def left_without(moment: Moment, group: int, engagement: int) -> LeftWithout:
    """What the engagement is left with without the group's grants on it, its client and its service."""
    client = moment.client_of(engagement)
    on = {Target("engagement", engagement), Target("client", client)}
    on.add(Target("service", moment.service_of(engagement)))
    others = [
        held
        for held in holders(moment, client)
        if held.subject != group_subject(group) and held.target in on and _gives(held.terms.level)
    ]
    counting = dict.fromkeys(held.subject for held in others if held.idle is None)
    return LeftWithout(opens=not others and opens_ungranted(moment.state, client), holders=tuple(counting))


def gives_nothing(moment: Moment, group: int) -> tuple[GivesNothing, ...]:
    """Why the group gives nobody anything, at most one reason of each kind; none where it gives something."""
    reasons = (_of_members(moment.state, group), _of_grants(moment, group))
    return tuple(reason for reason in reasons if reason is not None)


def _of_members(state: State, group: int) -> GivesNothing | None:
    members = state.groups[group]
    active = members & state.everyone
    if not members:
        return GivesNothing.NO_MEMBERS
    if not active:
        return GivesNothing.INACTIVE_MEMBERS
    if not any(state.members[member].access for member in active):
        return GivesNothing.NO_ACCESS_PERMISSION
    return None


def _of_grants(moment: Moment, group: int) -> GivesNothing | None:
    if sets.given(moment.evaluation, group):
        return None
    subject = group_subject(group)
    if moment.state.held_by(subject).empty:
        return GivesNothing.NO_GRANTS
    counts = counting(moment.state.held_by(subject), moment.now)
    if counts.empty:
        return GivesNothing.EXPIRED
    if not _gives_any(counts) or _denies_what_it_gives(moment, group):
        return GivesNothing.ONLY_BLOCKS
    return GivesNothing.NO_CLIENTS


def _denies_what_it_gives(moment: Moment, group: int) -> bool:
    evaluation, subject = moment.evaluation, group_subject(group)
    parts = evaluation.compiled(subject).standing()
    if _gives(evaluation.wide_level(subject)):
        parts = [evaluation.everything()]
    denied = sets.denied(evaluation, group)
    return any(part.intersect(denied) for part in parts)


def _gives(level: Level) -> bool:
    return level not in {Level.NONE, Level.BLOCKED}


def _gives_any(held: Holding) -> bool:
    """Whether any of the grants is other than Blocked."""
    narrow = any(held.engagements[: Level.OWNER]) or any(held.clients[: Level.OWNER])
    return narrow or _gives(held.all) or any(map(_gives, held.services.values()))


def _blocks(held: Holding) -> bool:
    """Whether any of the grants is Blocked."""
    at = Level.BLOCKED - 1
    narrow = bool(held.engagements[at]) or bool(held.clients[at])
    return narrow or held.all is Level.BLOCKED or Level.BLOCKED in held.services.values()
