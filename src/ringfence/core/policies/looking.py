"""One moment as statements are checked on it: all clients, or some of them alone.

Sets of clients are places as a comparison counts them (`compare/places.py`): quick to find from engagements.
Members who are granted the same are one class, looked at once.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property

from pyroaring import BitMap

from ringfence.core.compare.places import look_at
from ringfence.core.decision.moment import Moment
from ringfence.core.decision.reach import Granted, Reach
from ringfence.core.decision.sets import alike_by_groups, granted, with_open
from ringfence.core.state.holding import EMPTY
from ringfence.core.statements import ClientsMeant
from ringfence.core.terms import Level


class PolicyLook:
    """A moment, looked at whole or on some clients (numbers, gone ones left out)."""

    def __init__(
        self,
        moment: Moment,
        clients: BitMap | None = None,
        meant: Mapping[ClientsMeant, BitMap] | None = None,
    ) -> None:
        """`meant`: what is known of the places of clients meant."""
        self.moment, self.state = moment, moment.state
        register = self.state.register
        self.among = register.clients if clients is None else clients & register.clients
        engagements = None if clients is None else register.spread(self.among)
        lens, self.places = look_at(self.state, register, engagements)
        known = moment.evaluation
        self.evaluation = known.aside() if lens is None else known.narrowed(lens)
        self._kept = frozenset(known.granted) if lens is None else self.state.everyone
        """Of a whole firm what is known already: a thousand sets more would fill the memory."""
        self.all_meant: dict[ClientsMeant, BitMap] = dict(meant or {})
        """The places of the clients meant, of all that were asked for."""

    @cached_property
    def whole(self) -> BitMap:
        """The places of all clients that are looked at."""
        return self.places.of(self.evaluation.everything())

    def meant(self, meant: ClientsMeant) -> BitMap:
        """The places of those of the clients meant that are looked at. Kept."""
        found = self.all_meant.get(meant)
        if found is None:
            found = self.all_meant[meant] = self._places_of(meant)
        return found

    def _places_of(self, meant: ClientsMeant) -> BitMap:
        register = self.state.register
        if meant.all:
            found = self.whole
        else:
            found = self.at(meant.clients)
            if meant.confidential:
                found |= self.places.at(register.confidential & self.among)
            for service in meant.services:
                engagements = register.by_service.get(service, EMPTY)
                if self.evaluation.lens is None:
                    # A lens shows none that is gone.
                    engagements = engagements & register.engagements
                found |= self.places.of(self.evaluation.seen(engagements))
        return found - self.at(meant.without) if meant.without else found

    def at(self, clients: frozenset[int]) -> BitMap:
        """The places of those of the clients that are looked at."""
        return self.places.at(BitMap(clients) & self.among)

    def classes(self, members: BitMap) -> "Iterator[MemberClass]":
        """Those of the members who are active and may use client records, by what they are granted."""
        found: dict[int, tuple[Granted, BitMap]] = {}
        asked = self.state.everyone & members
        for alike in alike_by_groups(self.evaluation, asked):
            asked = asked - alike
            if self.state.members[alike[0]].works:
                theirs = granted(self.evaluation, alike[0])
                found[id(theirs)] = (theirs, alike)
        for member in asked:
            if not self.state.members[member].works:
                continue
            theirs = granted(self.evaluation, member)
            if member not in self._kept:
                self.evaluation.granted.pop(member, None)
            known = found.get(id(theirs))
            if known is None:
                # What they are granted is kept with its class, so that nothing else can take over its id.
                found[id(theirs)] = (theirs, BitMap([member]))
            else:
                known[1].add(member)
        for theirs, members in found.values():
            yield MemberClass(self, theirs, members)


class MemberClass:
    """Members who see the same, and what that is."""

    def __init__(self, look: PolicyLook, theirs: Granted, members: BitMap) -> None:
        self._look, self._theirs = look, theirs
        self.members = members

    @cached_property
    def reach(self) -> Reach:
        """Their engagements, as they are looked at."""
        return with_open(self._look.evaluation, self._theirs)

    @cached_property
    def sees(self) -> BitMap:
        """The places of the clients that they see."""
        return self._look.places.of(self.reach.see)

    @cached_property
    def edits(self) -> BitMap:
        """The places of the clients of which they may change any engagement."""
        return self.sees if self.reach.edit is self.reach.see else self._look.places.of(self.reach.edit)

    @cached_property
    def owns(self) -> BitMap:
        """The places of the clients of which they own any engagement."""
        return self.edits if self.reach.own is self.reach.edit else self._look.places.of(self.reach.own)

    def beyond(self, level: Level) -> BitMap:
        """The places of the clients on which they have more than the level, at most `Level.EDITOR`."""
        if level is Level.NONE:
            return self.sees
        return self.edits if level is Level.READER else self.owns
