"""What the statements of a firm's policies come to after a change: only what it moves is looked at.

A client that newly breaks a statement is one that somebody gains, or that is meant only now, or that is seen
by whoever is meant only now. Of what broke a statement before, what may have stopped doing so is forgotten.
"""

from collections.abc import Sequence
from functools import cached_property

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.compare.moves import Moves, first_engagements, moves
from ringfence.core.decision.moment import Moment
from ringfence.core.state.holding import EMPTY
from ringfence.core.statements import (
    AtLeast,
    AtMost,
    AtMostClients,
    AtMostLevel,
    CheckIs,
    MemberSees,
    Never,
    Only,
    OpenTo,
    Statement,
)

from .checking import SizedPlan, check_holds, wrongly_many
from .counting import Counts
from .looks_besides import LooksBesides, Sizes
from .meaning import Meaning
from .meant import Forbidding, level_allowed
from .moved_firsts import MovedFirsts
from .tally import NAMES_CLIENTS, Sized, Tally, sized_by


def carried(known: Tally, before: Moment, after: Moment, events: Sequence[e.Event]) -> Tally | None:
    """What is known of the earlier moment, after the events; None where it is quicker to count anew."""
    moving = moves(before, after, events)
    return None if moving is None else _Carrying(known, before, after, moving).tally()


class _Carrying:
    """One tally, on its way from a moment to a later one."""

    def __init__(self, known: Tally, before: Moment, after: Moment, moving: Moves) -> None:
        self._known, self._before, self._after = known, before, after
        self._register = after.state.register
        self._clients = moving.clients
        """Those that can be meant otherwise; then nothing moves elsewhere."""
        self._may_matter = moving.may_matter
        self._moved = MovedFirsts(moving)
        self._meaning = Meaning(known, before, after, moving.clients)
        self._looks = LooksBesides(self._meaning, before, after, moving.clients)

    def tally(self) -> Tally:
        known = self._known
        if not self._moved.alike and self._meaning.stays:
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
            meant=self._meaning.meant,
            breakers=self._meaning.breakers,
            total=self._total,
            sizes=sizes,
            seers=seers,
            about=known.about,
        )

    def _concerned(self) -> list[Statement]:
        """The statements that can come to something else. Of all others nothing is looked at."""
        known, meaning = self._known, self._meaning
        found: dict[Statement, None] = {}
        for meant, places in meaning.meant.items():
            if not meaning.same_clients(meant) or places.intersect(self._moved.anyhow):
                found.update(dict.fromkeys(known.about[meant]))
        if meaning.breakers is not known.breakers:
            found.update((each, None) for each in meaning.breakers if not meaning.same_breakers(each))
        naming = [each for each in known.broken if isinstance(each, NAMES_CLIENTS)]
        return [
            *found,
            *(each for each in naming if not isinstance(each, OpenTo) or self._touches(each.client)),
        ]

    def _touches(self, client: int) -> bool:
        """Whether anybody can see the client otherwise, or it can have come or gone."""
        if self._clients is not None and client in self._clients:
            return True
        return self._first(BitMap([client])).intersect(self._moved.anyhow)

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
        meaning, clients = self._meaning, said.clients
        them = meaning.breakers_before[said]
        lost = [move.by_level[level].lost for move in self._moved.alike if them.intersect(move.members)]
        gone = [self._moved.at_places(lost)]
        if not meaning.same_breakers(said) and (left_us := self._looks.by_left.get(said)):
            gone.append(left_us.found())
        if not meaning.same_clients(clients):
            gone.append(meaning.meant_before[clients] - meaning.meant[clients])
        return was - BitMap.union(*gone)

    def _newly(self, said: Forbidding) -> BitMap:
        """What breaks it and did not, if it held."""
        level, meaning = level_allowed(said), self._meaning
        them, here = meaning.breakers[said], self._moved.among(meaning.meant[said.clients])
        moved = [
            gained & here
            for move in self._moved.alike
            if (gained := move.by_level[level].gained) and them.intersect(move.members)
        ]
        found = [self._moved.at_places(moved)]
        if not meaning.same_breakers(said) and (joined := self._looks.by_joined.get(said)):
            found.append(joined.found())
        if not meaning.same_clients(said.clients):
            found.append(self._looks.at_newly_meant(said))
        return BitMap.union(EMPTY, *found)

    def _many(self, said: AtLeast | AtMost, was: BitMap | None) -> BitMap | None:
        meant, seen = self._meaning.meant[said.clients], self._moved.seen_otherwise
        # Who sees a client more cannot be too few, nor who sees it no more too many.
        doubtful = seen.lost if isinstance(said, AtLeast) else seen.gained
        if was:
            doubtful = seen.lost | seen.gained
        if not self._meaning.same_clients(said.clients):
            doubtful = doubtful | self._meaning.here
        if was and (left := was - doubtful):
            return left
        if not doubtful or self._total is None:
            return was
        return wrongly_many(self._total, said, doubtful & meant) or _unless_forgotten(was)

    def _exactly(self, said: MemberSees, was: BitMap | None) -> BitMap | None:
        if was is None:
            return None
        for move in self._moved.alike:
            if said.member in move.members:
                was = was ^ self._moved.at_places(move.by_level[0])
        if self._clients:
            came_or_went = self._before.state.register.clients ^ self._register.clients
            was = was ^ self._first(came_or_went & BitMap(said.clients))
        return was

    @cached_property
    def _total(self) -> Counts | None:
        return None if self._known.total is None else self._moved.put_in(self._known.total)

    def _seers(self, said: OpenTo) -> BitMap:
        found = self._known.seers[said]
        place = self._moved.place_of(self._first(BitMap([said.client])))
        for move in self._moved.alike:
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
        meaning, clients = self._meaning, said.clients
        them_before, them = meaning.breakers_before[said], meaning.breakers[said]
        more: dict[int, int] = {}
        if meaning.means_otherwise(clients):
            for sign, plans in zip((-1, 1), self._looks.sizes_at_otherwise_meant, strict=True):
                for member, size in plans.get(said, {}).items():
                    more[member] = more.get(member, 0) + sign * size
        else:
            here_before, here = map(
                self._moved.among, (meaning.meant_before[clients], meaning.meant[clients])
            )
            for move in self._moved.alike:
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
        if plan := self._looks.by_joined.get(said):
            assert isinstance(plan, SizedPlan)
            sizes.update(plan.sizes)
        return sizes


def _unless_forgotten(was: BitMap | None) -> BitMap | None:
    """What breaks a statement that nothing newly breaks: nothing if it held; else more may than is kept."""
    return None if was is None or was else EMPTY


def _above(sizes: Sizes, number: int) -> BitMap:
    return BitMap(member for member, size in sizes.items() if size > number)
