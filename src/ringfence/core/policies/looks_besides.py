"""Looks at what no move tells: at whom and what some statements mean at one of two moments alone."""

from collections.abc import Mapping
from functools import cached_property

from pyroaring import BitMap

from ringfence.core.compare.moves import first_engagements
from ringfence.core.decision.moment import Moment
from ringfence.core.state.holding import EMPTY
from ringfence.core.statements import AtMostClients, ClientsMeant

from .checking import SizedPlan, StatementPlan, plans_of
from .looking import PolicyLook
from .meaning import Meaning
from .meant import Forbidding
from .tally import NamesMembers

Sizes = Mapping[int, int]
"""By member, how many clients they see."""


class LooksBesides:
    """Those at one change: each is made once, for all statements that ask for it, and if any does."""

    def __init__(self, meaning: Meaning, before: Moment, after: Moment, clients: BitMap | None) -> None:
        """`clients` are those that can be meant otherwise."""
        self._meaning, self._before, self._after, self._clients = meaning, before, after, clients

    @cached_property
    def by_joined(self) -> dict[NamesMembers, StatementPlan]:
        """What those do, in the whole firm, who can break the statement only now."""
        meaning = self._meaning
        return self._by(self._after, meaning.meant, meaning.breakers, meaning.breakers_before)

    @cached_property
    def by_left(self) -> dict[NamesMembers, StatementPlan]:
        """What those did who cannot break the statement any more."""
        meaning = self._meaning
        return self._by(self._before, meaning.meant_before, meaning.breakers_before, meaning.breakers)

    def at_newly_meant(self, said: Forbidding) -> BitMap:
        """What breaks the statement at the clients that are touched, if it means more of them now."""
        plan = self._plans_afterwards.get(said)
        if plan is None:
            return EMPTY
        clients = self._at_clients_afterwards.places.clients(plan.found())
        return first_engagements(self._after.state.register, clients)

    @cached_property
    def sizes_at_otherwise_meant(self) -> tuple[dict[NamesMembers, Sizes], dict[NamesMembers, Sizes]]:
        """How many of the clients that are touched, and meant, members see before and after."""
        meaning = self._meaning
        before: list[NamesMembers] = [
            each
            for each in meaning.breakers
            if isinstance(each, AtMostClients)
            and meaning.means_otherwise(each.clients)
            and meaning.meant_before[each.clients].intersect(meaning.here)
        ]
        plans = plans_of(PolicyLook(self._before, self._clients), before) if before else ()
        return _sizes(dict(zip(before, plans, strict=True))), _sizes(self._plans_afterwards)

    @cached_property
    def _plans_afterwards(self) -> dict[NamesMembers, StatementPlan]:
        """What statements come to at the clients that are touched, of those which mean others of them now."""
        asked = [each for each in self._meaning.breakers if self._looks_afterwards(each)]
        return dict(zip(asked, plans_of(self._at_clients_afterwards, asked), strict=True)) if asked else {}

    @cached_property
    def _at_clients_afterwards(self) -> PolicyLook:
        return PolicyLook(self._after, self._clients)

    def _looks_afterwards(self, said: NamesMembers) -> bool:
        meaning = self._meaning
        if isinstance(said, AtMostClients):
            means_any = meaning.meant[said.clients].intersect(meaning.here)
            return means_any and meaning.means_otherwise(said.clients)
        return meaning.means_more(said.clients)

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


def _sizes(plans: Mapping[NamesMembers, StatementPlan]) -> dict[NamesMembers, Sizes]:
    return {each: plan.sizes for each, plan in plans.items() if isinstance(plan, SizedPlan)}
