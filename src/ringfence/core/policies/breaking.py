"""What a change does to the firm's policies, which it breaks and mends, looking only at what it touches.

Statements are looked at before and after at the clients on which the two can differ; whether a policy held
before is asked only where it breaks.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import touched_by
from ringfence.core.compare.difference import touched_clients
from ringfence.core.decision.evaluation import Evaluation
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.sets import opened
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.statements import (
    AtMostClients,
    AtMostLevel,
    CheckIs,
    Never,
    Only,
    PolicyMode,
    Statement,
)

from .checking import Broken, broken_as_known, broken_as_looked_at, broken_in_firm, check_broken
from .looking import PolicyLook
from .meant import clients_meant, members_meant

Forbidding = Never | Only | AtMostLevel
"""Statements that forbid some members something."""
FEW_CLIENTS = 2_000
"""Clients that are looked at without asking whether those whom a change touches see them otherwise."""
FEW_MEMBERS = 20
"""Members of whom that is asked."""


class Break(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What a change does to one policy, statement by statement: numbers as `checking.broken` has them."""

    policy: int
    mode: PolicyMode
    held: bool
    """Whether the policy, as it says now, held before."""
    broken: tuple[Broken, ...]
    """What breaks each statement afterwards only."""
    mended: tuple[Broken, ...]
    """What broke it before only."""

    @property
    def breaks(self) -> bool:
        """Whether it held before and does not hold afterwards."""
        return self.held and any(self.broken)


def newly_broken(before: Moment, after: State, events: Sequence[e.Event]) -> frozenset[int]:
    """The policies that held before and do not hold afterwards, of either mode."""
    found = breaks(before, at(after, before.now), events)
    return frozenset(each.policy for each in found if each.breaks)


def breaks(before: Moment, after: Moment, events: Sequence[e.Event]) -> tuple[Break, ...]:
    """What `events`, which lead from one moment to the other, do to the policies that stand afterwards.

    Policies that nothing is done to are left out. Kept with the later moment.
    """
    if not after.state.policies:
        return ()
    known = after.evaluation.policies
    if isinstance(known, _Known) and known.before is before.evaluation:
        return known.found
    found = tuple(_Comparison(before, after, events).breaks())
    after.evaluation.policies = _Known(before.evaluation, found)
    return found


class _Known:
    """What a change has been found to do."""

    def __init__(self, before: Evaluation, found: tuple[Break, ...]) -> None:
        self.before, self.found = before, found


class _Comparison:
    """Two moments, and what each statement says of them."""

    def __init__(self, before: Moment, after: Moment, events: Sequence[e.Event]) -> None:
        self._before, self._after = before, after
        self._touched = touched_clients(before, after, events)
        self._affected, self._by_few = _affected(before, after, events, self._touched)
        self._looks: dict[int, PolicyLook] = {}
        """At all clients, and at the affected ones, of both moments."""

    def breaks(self) -> list[Break]:
        policies = self._after.state.policies
        statements = list(dict.fromkeys(each for policy in policies.values() for each in policy.statements))
        changed = self._changed(statements)
        moved = {}
        for number, policy in policies.items():
            was, will = ([changed[each][side] for each in policy.statements] for side in (0, 1))
            if was != will:
                moved[number] = was, will
        # What breaks it already where the change is looked at need not be looked for elsewhere.
        held = self._held(number for number, (was, _will) in moved.items() if not any(was))
        return [
            Break(
                policy=number,
                mode=policies[number].mode,
                held=number in held,
                broken=tuple(after - before for before, after in zip(was, will, strict=True)),
                mended=tuple(before - after for before, after in zip(was, will, strict=True)),
            )
            for number, (was, will) in moved.items()
        ]

    def _held(self, asked: Iterable[int]) -> frozenset[int]:
        """Those of the policies that held before, as they say now; all of them are checked together."""
        said = {number: self._after.state.policies[number].statements for number in asked}
        statements = list(dict.fromkeys(each for some in said.values() for each in some))
        found = broken_in_firm(self._before, statements)
        wrong = {each for each, by in zip(statements, found, strict=True) if by}
        return frozenset(number for number, some in said.items() if wrong.isdisjoint(some))

    def _changed(self, statements: Sequence[Statement]) -> dict[Statement, tuple[Broken, Broken]]:
        """What breaks each statement before and after, where the two can differ."""
        found: dict[Statement, tuple[Broken, Broken]] = {}
        together: list[Statement] = []
        few: list[Forbidding] = []
        for each in statements:
            match each:
                case Never() | Only() | AtMostLevel() if self._by_few is not None:
                    few.append(each)
                case AtMostClients():
                    found[each] = self._sized(each)
                case CheckIs():
                    found[each] = check_broken(self._before, each), check_broken(self._after, each)
                case Never() | Only() | AtMostLevel() if others := self._by_others(each):
                    clients = None if self._affected is None else self._affected | others
                    found[each] = self._both([each], clients)[each]
                case _:
                    together.append(each)
        return found | self._both(together, self._affected) | self._forbidden_to_few(few)

    def _both(
        self, statements: Sequence[Statement], clients: BitMap | None, members: BitMap | None = None
    ) -> dict[Statement, tuple[Broken, Broken]]:
        if not statements or (clients is not None and not clients):
            return dict.fromkeys(statements, (EMPTY, EMPTY))
        was = broken_as_known(self._before, statements, clients) if members is None else None
        if was is None:
            was = broken_as_looked_at(self._look(self._before, clients), statements, members)
        will = broken_as_looked_at(self._look(self._after, clients), statements, members)
        return dict(zip(statements, zip(was, will, strict=True), strict=True))

    def _look(self, moment: Moment, clients: BitMap | None) -> PolicyLook:
        """The look at these clients: one for all statements that are asked of the affected ones."""
        if clients is not None and clients is not self._affected:
            return PolicyLook(moment, clients)
        place = id(moment)
        if clients is None:
            place = -place
        if place not in self._looks:
            self._looks[place] = PolicyLook(moment, clients)
        return self._looks[place]

    # --- Who is meant by it otherwise, or sees something else

    def _forbidden_to_few(self, statements: Sequence[Forbidding]) -> dict[Statement, tuple[Broken, Broken]]:
        """The same of statements that only what these few members see can break or mend."""
        found: dict[Statement, tuple[Broken, Broken]] = {}
        if not statements:
            return found
        sides = [
            broken_as_looked_at(self._look(moment, None), statements, self._by_few)
            for moment in (self._before, self._after)
        ]
        for each, was, will in zip(statements, *sides, strict=True):
            clients = was | will | self._by_others(each)
            found[each] = self._both([each], clients)[each]
        return found

    def _by_others(self, statement: Forbidding) -> BitMap:
        """The clients at which those break it who are meant by it at one of the two moments alone."""
        was, will = (_forbidden(moment.state, statement) for moment in (self._before, self._after))
        if was == will:
            return EMPTY
        (here,) = broken_as_looked_at(self._look(self._before, None), [statement], was - will)
        (there,) = broken_as_looked_at(self._look(self._after, None), [statement], will - was)
        return here | there

    def _sized(self, statement: AtMostClients) -> tuple[Broken, Broken]:
        members = self._sized_otherwise(statement)
        if members is not None and not members:
            return EMPTY, EMPTY
        clients = clients_meant(self._before.state, statement.clients)
        clients |= clients_meant(self._after.state, statement.clients)
        few = clients if len(clients) <= FEW_CLIENTS else None
        return self._both([statement], few, members)[statement]

    def _sized_otherwise(self, statement: AtMostClients) -> BitMap | None:
        """The members who are meant, or see clients that are meant, at one of the two moments alone."""
        if self._affected is None:
            return None
        was, will = (members_meant(moment.state, statement.members) for moment in (self._before, self._after))
        found = was ^ will
        if self._affected:
            here, there = (
                _sizes(self._look(moment, self._affected), statement, was & will)
                for moment in (self._before, self._after)
            )
            found.update(
                member for member in here.keys() | there.keys() if here.get(member) != there.get(member)
            )
        return found


def _forbidden(state: State, statement: Forbidding) -> BitMap:
    """The members by whom it can be broken."""
    meant = members_meant(state, statement.members)
    return state.everyone - meant if isinstance(statement, Only) else meant & state.everyone


def _sizes(look: PolicyLook, statement: AtMostClients, members: BitMap) -> Mapping[int, int]:
    """How many of the clients that are meant each member sees, as looked at; who sees none is left out."""
    meant = look.meant(statement.clients)
    if not meant:
        return {}
    return {
        member: size
        for theirs in look.classes(members)
        if (size := theirs.sees.intersection_cardinality(meant))
        for member in theirs.members
    }


def _affected(
    before: Moment, after: Moment, events: Sequence[e.Event], touched: BitMap | None
) -> tuple[BitMap | None, BitMap | None]:
    """The clients of whom anything can be otherwise: who sees them and at which level, which services they
    have, whether they are there. None where that may be any.

    Where many are touched by few members, it is those that these see otherwise, and what opens or closes;
    then these members too, where nothing but what they see is otherwise.
    """
    if touched is not None and len(touched) <= FEW_CLIENTS:
        return touched, None
    members = touched_by(before.state, events)
    if members is None or len(members) > FEW_MEMBERS:
        return touched, None
    one, other = before.state.register, after.state.register
    others = (opened(before.evaluation) ^ opened(after.evaluation)) | (one.engagements ^ other.engagements)
    clients = (one.confidential ^ other.confidential) | (one.clients ^ other.clients)
    parts = [others]
    for member in members:
        for was, will in zip(before.reach(member), after.reach(member), strict=True):
            if was is not will:
                parts.append(was ^ will)
    found = other.clients_of(BitMap.union(*parts)) | clients
    return found, None if others or clients else BitMap(members)
