"""What a change does to access: who gains, who loses, what opens and closes, exactly (rules.md 6).

Two states are compared through the engagements that the events can touch; nothing is estimated or sampled.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import cast

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all, touched_by
from ringfence.core.apply.patch import Touched
from ringfence.core.decision.evaluation import Comparison, Evaluation, known_evaluation
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.reach import united
from ringfence.core.decision.sets import everybodys, open_to_all
from ringfence.core.settings import DECIDING
from ringfence.core.state.compiled import Lens, Mask
from ringfence.core.state.holding import EMPTY, Holding
from ringfence.core.state.register import Register
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, group_subject

from .engagements import EverybodysEngagements, MovedEngagements, ShiftedEngagements
from .moved import MovedByOpening, MovedClass, Pairs, moved_members
from .places import ClientPlaces, look_at
from .renumbering import Renumbering
from .turned import Turned, turns_control

_OF_NO_CLIENT = (
    e.Described
    | e.ServiceAdded
    | e.ServiceRemoved
    | e.GroupCreated
    | e.DefaultsSet
    | e.RequestOpened
    | e.RequestClosed
    | e.EmergencyAcknowledged
    | e.RecordOpened
    | e.ExportTaken
    | e.AccessExpired
    | e.WallsTurned
    | e.WebhookNoted
    | e.DecisionLogSet
    | e.SignInNoted
    | e.ProofNoted
    | e.PolicyNoted
    | e.EntryUndone
    | e.ByToken
    | e.TokenAdded
    | e.TokenRevoked
    | e.NamesSet
    | e.PolicySet
    | e.PolicyRemoved
    | e.GroupKept
    | e.SuccessorSet
    | e.UserSeated
    | e.WallAcknowledged
    | e.ReviewStarted
    | e.ReviewDecided
    | e.ReviewHanded
    | e.ReviewExtended
    | e.ReviewClosed
    | e.ReviewScheduled
    | e.ScheduledReviewBegun
    | e.ReviewUnscheduled
)
"""Events that matter to nobody's access to any client."""


class Difference(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Before against after. To *see* a client is to see one of its engagements."""

    gains: Pairs
    """Clients that a member sees afterwards only."""
    loses: Pairs
    changes: Pairs
    """Clients seen before and after, with another level or other engagements."""
    opens: BitMap
    """Clients with an engagement that starts being open to all."""
    closes: BitMap
    gained: MovedEngagements
    """By member, the engagements that they see afterwards only."""
    lost: MovedEngagements
    shifted: ShiftedEngagements
    """By member, the engagements that they see before and after, at another level."""
    openness: EverybodysEngagements
    moved: Mapping[int, MovedClass]
    """By member, what moves; of whom nothing does is left out."""
    places: ClientPlaces
    """What its places stand for."""
    touched: BitMap | None
    """The clients that were looked at; None for all."""
    touches: Touched
    """The members to whom more can matter than what opens or closes; None for all."""

    @property
    def empty(self) -> bool:
        return not (self.gained or self.lost or self.shifted or self.opens or self.closes)


def difference(before: State, after: State, events: Sequence[e.Event], now: Instant) -> Difference:
    """What changes at `now` by `events`, which lead from `before` to `after`."""
    return between(at(before, now), at(after, now), events)


def between(one: Moment, other: Moment, events: Sequence[e.Event]) -> Difference:
    """The same between two moments; `events` touch all for whom and on what the two can differ.

    Kept with the later one, for a preview and the firm's policies ask the same.
    """
    known = as_compared(one, other, events)
    if known is not None:
        return known
    found = _between(one, other, events)
    # One step is kept, or every state would keep the one before it.
    one.evaluation.compared = None
    other.evaluation.compared = Comparison(one.evaluation, tuple(events), found)
    return found


def as_compared(one: Moment, other: Moment, events: Sequence[e.Event]) -> Difference | None:
    """What `between` has found, where these were compared last."""
    known = other.evaluation.compared
    if known is not None and known.before is one.evaluation and known.events == tuple(events):
        return cast(Difference, known.found)
    return None


def forget_compared(state: State) -> None:
    """Of a change that is made nobody asks any more what it moves: kept, that would fill the memory."""
    known = known_evaluation(state)
    if known is not None:
        known.compared = None


def _between(one: Moment, other: Moment, events: Sequence[e.Event]) -> Difference:
    before, after = one.state, other.state
    register = after.register
    alive = before.register.engagements | register.engagements
    touched = touched_clients(one, other, events)
    looked_at = None if touched is None else register.spread(touched, alive)
    lens, places = look_at(before, register, looked_at)
    was, will = _aside(one, lens), _aside(other, lens)
    before_open, after_open = open_to_all(was), open_to_all(will)
    opened, closed = after_open - before_open, before_open - after_open
    moved: dict[int, MovedClass] = {}
    counted: dict[int, MovedClass] = {}
    changed = touched_by(before, events)
    if looked_at is None or looked_at:
        members = before.everyone | after.everyone
        others = BitMap() if changed is None else members - BitMap(changed)
        if looked_at is None and turns_control(events) and before.settings.control != after.settings.control:
            moved |= moved_members(was, will, members, places, told=Turned(was, will, places).of)
        else:
            moved |= moved_members(was, will, members - others, places)
        counted |= moved
        if others and (opened or closed):
            # To them only what opens or closes makes a difference; what they were granted stays.
            clients = places.clients(places.of(opened | closed))
            narrow = partial(_evaluated, one, other, lens)
            there = narrow(places.theirs(clients, opened | closed))
            found = moved_members(*there, others, places, granted_alike=True)
            moved |= found
            # How many clients that are is asked of few of them.
            whole = MovedByOpening(*narrow(register.spread(clients, alive)), places)
            for member, each in found.items():
                counted[member] = each.within(partial(whole.of, member))
    return Difference(
        gains=Pairs(counted, places, 0),
        loses=Pairs(counted, places, 1),
        changes=Pairs(counted, places, 2),
        opens=places.clients(places.of(opened)),
        closes=places.clients(places.of(closed)),
        gained=MovedEngagements(_only(moved, "gains_any"), "gained", register, places),
        lost=MovedEngagements(_only(moved, "loses_any"), "lost", register, places),
        shifted=ShiftedEngagements(_only(moved, "shifts_any"), "shifted", register, places),
        openness=EverybodysEngagements(
            register=register,
            places=places,
            before=everybodys(was),
            after=everybodys(will),
            closed=closed,
            stays=before_open & after_open,
            there=will.everything(),
        ),
        moved=counted,
        places=places,
        touched=touched,
        touches=changed,
    )


def _evaluated(
    one: Moment, other: Moment, lens: Mask | Renumbering | None, engagements: BitMap
) -> tuple[Evaluation, Evaluation]:
    """Both moments through the lens, onto these engagements alone. To be thrown away."""
    narrow = Mask(engagements) if lens is None else lens.narrowed(engagements)
    return one.evaluation.narrowed(narrow), other.evaluation.narrowed(narrow)


def _only(moved: Mapping[int, MovedClass], part: str) -> dict[int, MovedClass]:
    return {member: each for member, each in moved.items() if getattr(each, part)}


def _aside(moment: Moment, lens: Lens | None) -> Evaluation:
    """The moment through the lens; plain with what is known of it. To be thrown away."""
    return moment.evaluation.aside() if lens is None else moment.evaluation.narrowed(lens)


def preview(moment: Moment, change: e.Change) -> Difference:
    """What a change that a command gave would do."""
    after = apply_all(moment.state, change.events)
    return difference(moment.state, after, change.events, moment.now)


def touched_clients(before: Moment, after: Moment, events: Sequence[e.Event]) -> BitMap | None:
    """The clients that the events can matter to; None where that may be any."""
    known = as_compared(before, after, events)
    if known is not None:
        return known.touched
    found: list[BitMap] = []
    for event in events:
        match event:
            case e.WallSet(wall=number) | e.WallLowered(wall=number):
                part: BitMap | None = _on_wall(before.state, number) | _on_wall(after.state, number)
            case (
                e.MemberChanged(member=number)
                | e.MemberDeactivated(member=number)
                | e.MemberReactivated(member=number)
                | e.DelegationSet(delegator=number)
                | e.DelegationRemoved(delegator=number)
            ):
                # What somebody hands on, they see.
                part = before.clients(number) | after.clients(number)
            case _:
                part = _touched_by(before.state, after.state, event)
        if part is None:
            return None
        found.append(part)
    return united(found)


def _touched_by(before: State, after: State, event: e.Event) -> BitMap | None:
    if isinstance(event, _OF_NO_CLIENT):
        return EMPTY
    register = after.register
    match event:
        case e.GrantsSet() | e.GrantsRemoved():
            return _targeted(register, event)
        case e.GroupJoined() | e.GroupLeft() | e.GroupDeleted():
            subject = group_subject(event.group)
            one, other = _held(before.held_by(subject), register), _held(after.held_by(subject), register)
            return None if one is None or other is None else one | other
        case e.ClientsExcluded() | e.ClientsIncluded():
            return event.clients
        case (
            e.ClientMarked()
            | e.ClientRemoved()
            | e.ClientRestored()
            | e.EngagementAdded()
            | e.EmergencyOpened()
            | e.EmergencyEnded()
        ):
            return BitMap([event.client])
        case e.EngagementRemoved():
            return BitMap([register.client_of[event.engagement]])
        case e.ClientsAdded() | e.EngagementsAdded():
            return register.clients_of(register.engagements - before.register.engagements)
        case e.SettingsChanged():
            return EMPTY if DECIDING.isdisjoint(event.values) else None
        case _:
            return None


def _targeted(register: Register, event: e.GrantsSet | e.GrantsRemoved) -> BitMap | None:
    match event.kind:
        case "engagement":
            return register.clients_of(event.targets)
        case "client":
            return event.targets
        case "service":
            return _clients_with(register, event.targets)
        case "all":
            return None


def _on_wall(state: State, wall: int) -> BitMap:
    found = state.walls.get(wall)
    return EMPTY if found is None else BitMap(found.clients)


def _held(held: Holding, register: Register) -> BitMap | None:
    """The clients that these grants are on; None for all of them."""
    if held.all:
        return None
    found = [part for part in held.clients if part]
    found += [register.clients_of(part) for part in held.engagements if part]
    if held.services:
        found.append(_clients_with(register, held.services))
    return united(found)


def _clients_with(register: Register, services: Iterable[int]) -> BitMap:
    return register.clients_of(united([register.by_service.get(number, EMPTY) for number in services]))
