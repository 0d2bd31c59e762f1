"""What a firm gave and does not need: grants that nobody used, Owners who only read, groups of nobody,
clients whose one holder is away, delegations that were never used.

Compares the firm now with the firm as it `then` was, so that nothing counts as unused that is younger. What
was used is said by whoever asks, as sets of clients by member. Nothing here changes anything.
"""

from collections.abc import Collection, Iterator, Mapping

import msgspec
from pyroaring import BitMap

from ringfence.core.apply.apply import apply_all
from ringfence.core.compare.covering import coverage
from ringfence.core.decision.delegated import passes
from ringfence.core.decision.moment import Moment, at
from ringfence.core.events import MemberReactivated
from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import EVERYONE, GIVING, Instant, Level, Subject, Target

Used = Mapping[int, BitMap]
"""By member, clients that they used."""


class GrantedTargets(msgspec.Struct, frozen=True, kw_only=True):
    """What one subject's grants are on, each grant by its target."""

    engagements: BitMap = msgspec.field(default_factory=BitMap)
    clients: BitMap = msgspec.field(default_factory=BitMap)
    services: frozenset[int] = frozenset()
    all: bool = False

    def __len__(self) -> int:
        return len(self.engagements) + len(self.clients) + len(self.services) + self.all


def unused(now: Moment, then: Moment, used: Used) -> dict[Subject, GrantedTargets]:
    """The counting grants that stood then too, and on whose clients none of their holders used any.

    Holders are the member, or those in the group who may use client records; grants of nobody are left out.
    """
    found = {}
    for subject, mine in _standing(now, then, GIVING):
        people = _people(now, subject)
        if people and len(left := _without(now, subject, mine, _all_of(used, people))):
            found[subject] = left
    return found


def only_reading(now: Moment, then: Moment, used: Used, acted: Used) -> dict[Subject, GrantedTargets]:
    """The counting Owner grants that were Owner then too, on whose clients a holder used one and none of the
    holders `acted`: did what takes more than reading."""
    found = {}
    for subject, mine in _standing(now, then, (Level.OWNER,)):
        people = _people(now, subject)
        read = _all_of(used, people)
        idle = _without(now, subject, mine, _all_of(acted, people))
        untouched = _without(now, subject, idle, read)
        left = GrantedTargets(
            engagements=idle.engagements - untouched.engagements,
            clients=idle.clients - untouched.clients,
            services=idle.services - untouched.services,
            all=idle.all and not untouched.all,
        )
        if len(left):
            found[subject] = left
    return found


def _standing(
    now: Moment, then: Moment, levels: tuple[Level, ...]
) -> Iterator[tuple[Subject, GrantedTargets]]:
    """The grants at these levels that count now and counted then, of each subject that has any."""
    for subject in now.state.holdings:
        mine, before = _counting(now, subject, levels), _counting(then, subject, levels)
        both = GrantedTargets(
            engagements=mine.engagements & before.engagements & now.state.register.engagements,
            clients=mine.clients & before.clients & now.state.register.clients,
            services=mine.services & before.services,
            all=mine.all and before.all,
        )
        if len(both):
            yield subject, both


def _counting(moment: Moment, subject: Subject, levels: tuple[Level, ...]) -> GrantedTargets:
    held = moment.state.held_by(subject)
    over = {target for target, until in held.expires.items() if until <= moment.now}

    def lasting(numbers: tuple[BitMap, ...], kind: str) -> BitMap:
        some = BitMap.union(EMPTY, *(numbers[level - 1] for level in levels))
        return some - BitMap([target.number for target in over if target.kind == kind])

    return GrantedTargets(
        engagements=lasting(held.engagements, "engagement"),
        clients=lasting(held.clients, "client"),
        services=frozenset(
            number
            for number, level in held.services.items()
            if level in levels and Target("service", number) not in over
        ),
        all=held.all in levels and Target("all", 0) not in over,
    )


def _people(moment: Moment, subject: Subject) -> BitMap:
    state = moment.state
    inside = BitMap([subject.number]) if subject.kind == "member" else state.groups.get(subject.number, EMPTY)
    return BitMap([number for number in inside if state.members[number].works])


def _all_of(used: Used, people: BitMap) -> BitMap:
    return BitMap.union(EMPTY, *(used[number] for number in people if number in used))


def _without(moment: Moment, subject: Subject, mine: GrantedTargets, used: BitMap) -> GrantedTargets:
    """Those of the grants on whose clients nothing was used."""
    register, held = moment.state.register, moment.state.held_by(subject)
    parts = register.spread(used & register.clients)

    def untouched(service: int) -> bool:
        given = register.by_service.get(service, EMPTY) & parts
        return not (register.clients_of(given) - held.excluded.get(service, EMPTY))

    return GrantedTargets(
        engagements=mine.engagements - parts,
        clients=mine.clients - used,
        services=frozenset(filter(untouched, mine.services)),
        all=mine.all and not parts,
    )


def groups_of_nobody(now: Moment, older: Collection[int]) -> BitMap:
    """The groups in which no active member is: everybody left, or nobody came though they are `older`."""
    state = now.state
    return BitMap(
        [
            group
            for group, inside in state.groups.items()
            if group != EVERYONE and not inside & state.everyone and (inside or group in older)
        ]
    )


def one_holder_away(moment: Moment, away: BitMap) -> dict[int, BitMap]:
    """By holder, the clients that they alone could open and that stand or fall with them while they are away.

    Active holders are those of `away`; inactive ones all who, once they all were active, alone would see a
    client that nobody sees now.
    """
    found = {}
    for member in away & moment.state.everyone:
        if theirs := coverage(moment).one & moment.clients(member):
            found[member] = theirs
    inactive = [number for number, who in moment.state.members.items() if not who.active]
    if inactive and coverage(moment).nobody:
        back = at(apply_all(moment.state, [MemberReactivated(member=each) for each in inactive]), moment.now)
        # Who comes back takes nothing from anybody: what an inactive member alone would see, nobody sees now.
        alone = coverage(back).one
        for member in inactive:
            if alone and (theirs := back.clients(member) & alone):
                found[member] = theirs
    return found


def never_used(
    moment: Moment, made: Mapping[tuple[int, int], Instant], used: Mapping[int, Mapping[int, Instant]]
) -> list[tuple[int, int]]:
    """The counting delegations, by delegator and delegate, that gave nobody anything since they were `made`.

    `used` says by member and client when they were last let in by a delegation. Whoever has it onward from
    the delegate used this one too, as far as its delegator hands the client on.
    """
    state = moment.state
    if not state.settings.delegation:
        return []
    found = []
    for pair, delegation in sorted(state.delegations.items()):
        giver, taker = pair
        counts = delegation.counts(moment.now) and state.members[taker].works and state.members[giver].works
        if not counts:
            continue
        given = moment.state.register.clients_of(passes(moment.evaluation, giver).see)
        if not any(
            when >= made.get(pair, 0) and client in given
            for member in _downstream(moment, taker)
            for client, when in used.get(member, {}).items()
        ):
            found.append(pair)
    return found


def _downstream(moment: Moment, member: int) -> list[int]:
    """The member and all to whom cascading delegations hand on what is delegated to them."""
    found = [member]
    for near in found:
        for (giver, taker), made in moment.state.delegations.items():
            if giver == near and made.counts(moment.now) and taker not in found:
                found.append(taker)
    return found
