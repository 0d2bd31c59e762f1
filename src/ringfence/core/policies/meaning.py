"""Whom and what statements mean before and after a change. What stays is one object."""

from collections.abc import Mapping
from functools import cached_property

from pyroaring import BitMap

from ringfence.core.compare.moves import FEW_MEMBERS, first_engagements
from ringfence.core.decision.moment import Moment
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.statements import ClientsMeant

from .meant import breakers, breakers_among, clients_meant
from .tally import NamesMembers, Tally


class Meaning:
    """The clients, by their first engagements, and members that the statements of one tally mean."""

    def __init__(self, known: Tally, before: Moment, after: Moment, clients: BitMap | None) -> None:
        """`clients` are those that can be meant otherwise."""
        self._before, self._after, self._clients = before.state, after.state, clients or EMPTY
        self.meant_before, self.breakers_before = known.meant, known.breakers
        self.here = first_engagements(after.state.register, self._clients)
        """Those that can be meant otherwise."""
        self.meant = self._meant_afterwards() if clients else known.meant
        self.breakers = self._breakers_afterwards()

    @property
    def stays(self) -> bool:
        """Whether nobody and nothing is meant otherwise."""
        return self.meant is self.meant_before and self.breakers is self.breakers_before

    def same_clients(self, clients: ClientsMeant) -> bool:
        """Whether these words mean the same clients as before."""
        return self.meant[clients] is self.meant_before[clients]

    def same_breakers(self, said: NamesMembers) -> bool:
        """Whether the statement can be broken by the same members as before."""
        return self.breakers[said] is self.breakers_before[said]

    def means_more(self, clients: ClientsMeant) -> bool:
        """Whether these words mean any client only now that was there before."""
        if self.same_clients(clients):
            return False
        return (self.meant[clients] - self.meant_before[clients]).intersect(self._staying)

    def means_otherwise(self, clients: ClientsMeant) -> bool:
        """Whether these words mean any client only now, or no more, that is there before and after."""
        if self.same_clients(clients):
            return False
        return (self.meant[clients] ^ self.meant_before[clients]).intersect(self._staying)

    @cached_property
    def _staying(self) -> BitMap:
        """Of the clients that can be meant otherwise, those that are there before and after.

        Whoever saw one that goes loses it, and whoever will see one that comes gains it: that is moved.
        """
        there = self._before.register.clients & self._after.register.clients
        return first_engagements(self._after.register, self._clients & there)

    def _meant_afterwards(self) -> Mapping[ClientsMeant, BitMap]:
        found: dict[ClientsMeant, BitMap] = {}
        for meant, places in self.meant_before.items():
            clients = clients_meant(self._after, meant, self._clients)
            inside = first_engagements(self._after.register, clients)
            found[meant] = places if inside == places & self.here else (places - self.here) | inside
        return found

    def _breakers_afterwards(self) -> Mapping[NamesMembers, BitMap]:
        one, other, known = self._before, self._after, self.breakers_before
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
