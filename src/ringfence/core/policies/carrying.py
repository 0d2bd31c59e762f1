"""What the statements of a firm's policies come to after a change: only what it moves is looked at.

A client that newly breaks a statement is one that somebody gains, or that is meant only now, or that is seen
by whoever is meant only now. Of what broke a statement before, what may have stopped doing so is forgotten.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.compare.moved import LostAndGained
from ringfence.core.compare.moves import FEW_MEMBERS, Moves, first_engagements, moves
from ringfence.core.decision.moment import Moment
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.statements import (
    AtLeast,
    AtMost,
    AtMostClients,
    AtMostLevel,
    CheckIs,
    ClientsMeant,
    MemberSees,
    Never,
    Only,
    OpenTo,
    Statement,
)

from .checking import SizedPlan, StatementPlan, check_holds, plans_of, wrongly_many
from .counting import Counts, Times
from .looking import PolicyLook
from .meant import Forbidding, breakers, breakers_among, clients_meant, level_allowed
from .tally import NAMES_CLIENTS, NamesMembers, Sized, Tally, sized_by

Sizes = Mapping[int, int]


def carried(known: Tally, before: Moment, after: Moment, events: Sequence[e.Event]) -> Tally | None:
    """What is known of the earlier moment, after the events; None where it is quicker to count anew."""
    moving = moves(before, after, events)
    return None if moving is None else _Carrying(known, before, after, moving).tally()


class _Carrying:
    """One tally, on its way from a moment to a later one."""

    def __init__(self, known: Tally, before: Moment, after: Moment, moving: Moves) -> None:
        self._known, self._before, self._after = known, before, after
        self._register = after.state.register
        self._moves, self._may_matter = moving.moves, moving.may_matter
        self._moving = moving
        self._moved_of: dict[int, BitMap] = {}
        self._clients = moving.clients
        """Those that can be meant otherwise; then nothing moves elsewhere."""
        self._meant = self._meant_afterwards()
        self._breakers = self._breakers_afterwards()

    def tally(self) -> Tally:
        known = self._known
        if not self._moves and self._meant is known.meant and self._breakers is known.breakers:
            # Levels stay as they are; only what gives them may be something else.
            checks = {
                each: self._checked(each, was)
                for each, was in known.broken.items()
                if isinstance(each, CheckIs)
            }
            return msgspec.structs.replace(known, broken=known.broken | checks)
        concerned = self._concerned()
        sizes = {**known.sizes, **self._sizes_of(concerned)}
        seers = {**known.seers, **{each: self._seers(each) for each in concerned if isinstance(each, OpenTo)}}
        broken = dict(known.broken)
        for each in concerned:
            match each:
                case Never() | Only() | AtMostLevel():
                    broken[each] = self._forbidden(each, broken[each])
                case AtLeast() | AtMost():
                    broken[each] = self._many(each, broken[each])
                case AtMostClients():
                    counted = sizes[sized_by(each)]
                    if counted is not known.sizes[sized_by(each)]:
                        broken[each] = _above(counted, each.number)
                case MemberSees():
                    broken[each] = self._exactly(each, broken[each])
                case OpenTo():
                    there = each.client in self._register.clients
                    holds = not there or seers[each] == BitMap(each.members)
                    broken[each] = EMPTY if holds else self._first(BitMap([each.client]))
                case CheckIs():
                    broken[each] = self._checked(each, broken[each])
        return Tally(
            broken=broken,
            meant=self._meant,
            breakers=self._breakers,
            total=self._total,
            sizes=sizes,
            seers=seers,
            about=known.about,
        )

    def _concerned(self) -> list[Statement]:
        """The statements that can come to something else. Of all others nothing is looked at."""
        known = self._known
        found: dict[Statement, None] = {}
        for meant, places in self._meant.items():
            if places is not known.meant[meant] or places.intersect(self._moved):
                found.update(dict.fromkeys(known.about[meant]))
        if self._breakers is not known.breakers:
            found.update(
                (each, None) for each, them in self._breakers.items() if them is not known.breakers[each]
            )
        naming = [each for each in known.broken if isinstance(each, NAMES_CLIENTS)]
        return [
            *found,
            *(each for each in naming if not isinstance(each, OpenTo) or self._touches(each.client)),
        ]

    def _touches(self, client: int) -> bool:
        """Whether anybody can see the client otherwise, or it can have come or gone."""
        if self._clients is not None and client in self._clients:
            return True
        return self._first(BitMap([client])).intersect(self._moved)

    # --- Whom and what the statements mean: what stays is one object

    def _meant_afterwards(self) -> Mapping[ClientsMeant, BitMap]:
        if not self._clients:
            return self._known.meant
        here = self._first(self._clients)
        found: dict[ClientsMeant, BitMap] = {}
        for meant, places in self._known.meant.items():
            inside = self._first(clients_meant(self._after.state, meant, self._clients))
            found[meant] = places if inside == places & here else (places - here) | inside
        return found

    def _breakers_afterwards(self) -> Mapping[NamesMembers, BitMap]:
        one, other, known = self._before.state, self._after.state, self._known.breakers
        if one.groups is other.groups and one.members is other.members:
            return known
        changed = _changed_members(one, other)
        if not changed:
            return known
        if len(changed) > FEW_MEMBERS:
            return {each: breakers(other, each) for each in known}
        found: dict[NamesMembers, BitMap] = {}
        for each, was in known.items():
            now = breakers_among(other, each, changed)
            found[each] = was if now == was & changed else (was - changed) | now
        return found

    def _first(self, clients: BitMap) -> BitMap:
        return first_engagements(self._register, clients)

    # --- What they come to

    def _checked(self, said: CheckIs, was: BitMap | None) -> BitMap | None:
        if not self._may_matter(said.member, said.client):
            return was
        return EMPTY if check_holds(self._after, said) else self._first(BitMap([said.client]))

    def _forbidden(self, said: Forbidding, was: BitMap | None) -> BitMap | None:
        if was and (left := self._left(said, was)):
            return left
        return self._newly(said) or _unless_forgotten(was)

    def _left(self, said: Forbidding, was: BitMap) -> BitMap:
        """What breaks it as before; more than that may."""
        level = level_allowed(said)
        meant_before, meant = self._known.meant[said.clients], self._meant[said.clients]
        them_before, them = self._known.breakers[said], self._breakers[said]
        gone = [
            self._at_places([m.by_level[level].lost for m in self._moves if them_before.intersect(m.members)])
        ]
        if them is not them_before and (left_us := self._by_left.get(said)):
            gone.append(left_us.found())
        if meant is not meant_before:
            gone.append(meant_before - meant)
        return was - BitMap.union(*gone)

    def _newly(self, said: Forbidding) -> BitMap:
        """What breaks it and did not, if it held."""
        level, meant, them = level_allowed(said), self._meant[said.clients], self._breakers[said]
        here = self._moved_among(meant)
        moved = [
            gained & here
            for move in self._moves
            if (gained := move.by_level[level].gained) and them.intersect(move.members)
        ]
        found = [self._at_places(moved)]
        if them is not self._known.breakers[said] and (joined := self._by_joined.get(said)):
            found.append(joined.found())
        if meant is not self._known.meant[said.clients]:
            found.append(self._at_newly_meant.get(said, EMPTY))
        return BitMap.union(EMPTY, *found)

    def _many(self, said: AtLeast | AtMost, was: BitMap | None) -> BitMap | None:
        meant, seen = self._meant[said.clients], self._seen_otherwise
        # Who sees a client more cannot be too few, nor who sees it no more too many.
        doubtful = seen.lost if isinstance(said, AtLeast) else seen.gained
        if was:
            doubtful = seen.lost | seen.gained
        if meant is not self._known.meant[said.clients] and self._clients:
            doubtful = doubtful | self._first(self._clients)
        if was and (left := was - doubtful):
            return left
        if not doubtful or self._total is None:
            return was
        return wrongly_many(self._total, said, doubtful & meant) or _unless_forgotten(was)

    def _exactly(self, said: MemberSees, was: BitMap | None) -> BitMap | None:
        if was is None:
            return None
        for move in self._moves:
            if said.member in move.members:
                was = was ^ self._at_places(move.by_level[0])
        if self._clients:
            came_or_went = self._before.state.register.clients ^ self._register.clients
            was = was ^ self._first(came_or_went & BitMap(said.clients))
        return was

    @cached_property
    def _moved(self) -> BitMap:
        """The clients of which anything is had otherwise, at any level."""
        return self._at_places(
            [part for move in self._moves for sides in move.by_level for part in sides if part]
        )

    def _at_places(self, parts: Sequence[BitMap]) -> BitMap:
        """The clients at any of these places of what moves."""
        return self._moving.first_engagements(BitMap.union(EMPTY, *parts))

    def _moved_among(self, clients: BitMap) -> BitMap:
        """The places of those of these clients that are moved, or of more. Kept: of what statements mean."""
        if self._moving.places is None:
            return clients
        found = self._moved_of.get(id(clients))
        if found is None:
            found = self._moved_of[id(clients)] = self._moving.at(clients & self._moved)
        return found

    @cached_property
    def _seen_otherwise(self) -> LostAndGained:
        """What anybody sees no more, or only now."""
        lost, gained = (self._at_places([move.by_level[0][side] for move in self._moves]) for side in (0, 1))
        return LostAndGained(lost, gained)

    @cached_property
    def _total(self) -> Counts | None:
        if self._known.total is None or not any(self._seen_otherwise):
            return self._known.total
        less, more = (self._times(side) for side in (0, 1))
        return self._known.total.moved(less, more)

    def _times(self, side: int) -> list[Times]:
        """How many members lose, or gain, each client."""
        counts = Counts()
        for move in self._moves:
            counts.add(move.by_level[0][side], len(move.members))
        return [Times(self._at_places([places]), times) for places, times in counts.times()]

    def _seers(self, said: OpenTo) -> BitMap:
        found = self._known.seers[said]
        place = self._moving.at(self._first(BitMap([said.client])) & self._moved)
        for move in self._moves:
            lost, gained = move.by_level[0]
            if gained.intersect(place):
                found = found | move.members
            elif lost.intersect(place):
                found = found - move.members
        return found

    def _sizes_of(self, concerned: Sequence[Statement]) -> dict[Sized, Sizes]:
        one_of_each = {sized_by(each): each for each in concerned if isinstance(each, AtMostClients)}
        return {sized: self._sizes(said) for sized, said in one_of_each.items()}

    def _sizes(self, said: AtMostClients) -> Sizes:
        was = self._known.sizes[sized_by(said)]
        meant_before, meant = self._known.meant[said.clients], self._meant[said.clients]
        them_before, them = self._known.breakers[said], self._breakers[said]
        more: dict[int, int] = {}
        if self._means_otherwise(said.clients):
            for sign, plans in zip((-1, 1), self._sizes_at_otherwise_meant, strict=True):
                for member, size in plans.get(said, {}).items():
                    more[member] = more.get(member, 0) + sign * size
        else:
            here_before, here = self._moved_among(meant_before), self._moved_among(meant)
            for move in self._moves:
                if them.intersect(move.members):
                    lost, gained = move.by_level[0]
                    by = gained.intersection_cardinality(here) - lost.intersection_cardinality(here_before)
                    for member in move.members & them if by else ():
                        more[member] = more.get(member, 0) + by
        if them is them_before and not more:
            return was
        sizes = dict(was)
        for gone in them_before - them:
            sizes.pop(gone, None)
        for member, by in more.items():
            if member in them_before and member in them:
                sizes[member] = sizes.get(member, 0) + by
        if plan := self._by_joined.get(said):
            assert isinstance(plan, SizedPlan)
            sizes.update(plan.sizes)
        return sizes

    # --- Looks at whom and what some statements mean at one of the two moments alone

    @cached_property
    def _by_joined(self) -> dict[NamesMembers, StatementPlan]:
        return self._by(self._after, self._meant, self._breakers, self._known.breakers)

    @cached_property
    def _by_left(self) -> dict[NamesMembers, StatementPlan]:
        return self._by(self._before, self._known.meant, self._known.breakers, self._breakers)

    def _by(
        self,
        moment: Moment,
        meant: Mapping[ClientsMeant, BitMap],
        them: Mapping[NamesMembers, BitMap],
        others: Mapping[NamesMembers, BitMap],
    ) -> dict[NamesMembers, StatementPlan]:
        """What those do who are among the ones and not among the others."""
        alone = {each: theirs - others[each] for each, theirs in them.items() if theirs is not others[each]}
        working = self._working(BitMap.union(EMPTY, *alone.values()))
        asked = [each for each, theirs in alone.items() if theirs.intersect(working)]
        if not asked:
            return {}
        look = PolicyLook(moment, meant=meant)
        return dict(zip(asked, plans_of(look, asked, working), strict=True))

    def _working(self, members: BitMap) -> BitMap:
        """Those who may use client records afterwards: of others, all that they saw is moved."""
        every = self._after.state.members
        return BitMap([each for each in members if each in every and every[each].works])

    @cached_property
    def _at_clients_afterwards(self) -> PolicyLook:
        return PolicyLook(self._after, self._clients)

    @cached_property
    def _at_newly_meant(self) -> dict[NamesMembers, BitMap]:
        """What breaks statements at the clients that are touched, of those which mean more of them now."""
        asked = [
            each
            for each in self._breakers
            if not isinstance(each, AtMostClients) and self._means_more(each.clients)
        ]
        if not asked:
            return {}
        look = self._at_clients_afterwards
        plans = plans_of(look, asked)
        return {
            each: self._first(look.places.clients(plan.found()))
            for each, plan in zip(asked, plans, strict=True)
        }

    @cached_property
    def _staying(self) -> BitMap:
        """Of the clients that can be meant otherwise, those that are there before and after.

        Whoever saw one that goes loses it, and whoever will see one that comes gains it: that is moved.
        """
        return self._first(
            (self._clients or EMPTY) & self._before.state.register.clients & self._register.clients
        )

    def _means_more(self, clients: ClientsMeant) -> bool:
        was, will = self._known.meant[clients], self._meant[clients]
        return will is not was and (will - was).intersect(self._staying)

    def _means_otherwise(self, clients: ClientsMeant) -> bool:
        was, will = self._known.meant[clients], self._meant[clients]
        return will is not was and (will ^ was).intersect(self._staying)

    @cached_property
    def _sizes_at_otherwise_meant(self) -> tuple[dict[NamesMembers, Sizes], dict[NamesMembers, Sizes]]:
        """How many of the clients that are touched, and meant, members see before and after."""
        asked = [
            each
            for each in self._breakers
            if isinstance(each, AtMostClients) and self._means_otherwise(each.clients)
        ]
        here = self._first(self._clients or EMPTY)
        before = [each for each in asked if self._known.meant[each.clients].intersect(here)]
        after = [each for each in asked if self._meant[each.clients].intersect(here)]
        return (
            _sizes(PolicyLook(self._before, self._clients), before) if before else {},
            _sizes(self._at_clients_afterwards, after) if after else {},
        )


def _changed_members(one: State, other: State) -> BitMap:
    """Those who are, or are in groups, otherwise."""
    found = BitMap()
    if one.members is not other.members:
        found.update(number for number, who in other.members.items() if one.members.get(number) is not who)
    for group, members in other.groups.items():
        if members is not (was := one.groups.get(group, EMPTY)):
            found |= was ^ members
    for gone in one.groups.keys() - other.groups.keys():
        found |= one.groups[gone]
    return found


def _unless_forgotten(was: BitMap | None) -> BitMap | None:
    """What breaks a statement that nothing newly breaks: nothing if it held; else more may than is kept."""
    return None if was is None or was else EMPTY


def _sizes(look: PolicyLook, asked: Sequence[AtMostClients]) -> dict[NamesMembers, Sizes]:
    plans = plans_of(look, asked)
    return {each: plan.sizes for each, plan in zip(asked, plans, strict=True) if isinstance(plan, SizedPlan)}


def _above(sizes: Sizes, number: int) -> BitMap:
    return BitMap(member for member, size in sizes.items() if size > number)
