"""Whether statements hold, for a whole firm or for some of its clients: each member class is looked at once.

What breaks a statement are clients, by their numbers; of `AtMostClients` members. Where none does, it holds.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from pyroaring import BitMap

from ringfence.core.decision.moment import Moment
from ringfence.core.decision.single import decide
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
from ringfence.core.terms import Level, Reason

from .counting import Counts
from .looking import MemberClass, PolicyLook
from .meant import members_meant

Broken = BitMap
"""What breaks a statement: numbers of clients, or of members for `AtMostClients`."""


def broken(
    moment: Moment,
    statements: Sequence[Statement],
    clients: BitMap | None = None,
    members: BitMap | None = None,
) -> list[Broken]:
    """What breaks each of the statements; of these clients alone where they are given.

    `AtMostClients` is asked of all clients that it means, so that `clients` has all of them. With `members`,
    what these break: not to be asked of statements about how many, or who, see a client.
    """
    return broken_as_looked_at(PolicyLook(moment, clients), statements, members)


def broken_in_firm(moment: Moment, statements: Sequence[Statement]) -> list[Broken]:
    """The same in the whole firm. Kept with the moment's evaluation: not to be changed."""
    known = moment.evaluation.broken
    missing = [each for each in dict.fromkeys(statements) if each not in known]
    if missing:
        known.update(zip(missing, broken(moment, missing), strict=True))
    return [known[each] for each in statements]


def broken_as_known(
    moment: Moment, statements: Sequence[Statement], clients: BitMap | None
) -> list[Broken] | None:
    """The same of these clients, or of all, as `broken_in_firm` found it; None where it was not asked."""
    known = moment.evaluation.broken
    if not all(each in known for each in statements):
        return None
    return [
        known[each] if clients is None or isinstance(each, AtMostClients) else known[each] & clients
        for each in statements
    ]


def broken_as_looked_at(
    look: PolicyLook, statements: Sequence[Statement], members: BitMap | None = None
) -> list[Broken]:
    """The same, by a look that serves several questions."""
    counts = Counts()
    plans = [_plan(look, counts, each) for each in statements]
    taking = [plan for plan in plans if plan.takes]
    counted = BitMap.union(EMPTY, *(plan.among for plan in plans if isinstance(plan, _Counted)))
    asked = look.state.everyone if counted else BitMap.union(EMPTY, *(plan.members for plan in taking))
    for theirs in look.classes(asked if members is None else asked & members):
        if counted:
            counts.add(theirs.sees & counted, len(theirs.members))
        for plan in taking:
            plan.take(theirs)
    return [plan.result() for plan in plans]


def _plan(look: PolicyLook, counts: Counts, statement: Statement) -> "_Plan":
    state = look.state
    match statement:
        case Never():
            return _Seen(look, statement, members_meant(state, statement.members), Level.NONE)
        case Only():
            others = state.everyone - members_meant(state, statement.members)
            return _Seen(look, statement, others, Level.NONE)
        case AtMostLevel():
            among = members_meant(state, statement.members)
            return _Seen(look, statement, among, statement.level)
        case AtLeast() | AtMost():
            return _Counted(look, counts, statement)
        case AtMostClients():
            return _Sized(look, statement)
        case MemberSees():
            return _Exactly(look, statement)
        case OpenTo():
            return _OpenTo(look, statement)
        case CheckIs():
            return _Checked(look, statement)


class _Plan(ABC):
    """How one statement is checked, while class after class goes by."""

    takes = True
    """Whether it looks at classes of members."""

    def __init__(self, look: PolicyLook, members: BitMap = EMPTY) -> None:
        self.look = look
        self.members = members
        """At whom it looks."""

    def take(self, theirs: MemberClass) -> None:  # noqa: B027 - plans that look at no class have none
        """Look at one class of members."""

    @abstractmethod
    def result(self) -> Broken:
        """What breaks it, once all classes have gone by."""


_BEYOND: dict[Level, Callable[[MemberClass], BitMap]] = {
    Level.NONE: lambda theirs: theirs.sees,
    Level.READER: lambda theirs: theirs.edits,
    Level.EDITOR: lambda theirs: theirs.owns,
}
"""The places of the clients on which a class has more than a level."""


class _Seen(_Plan):
    """None of the members has more than the level on any of the clients."""

    def __init__(
        self, look: PolicyLook, statement: Never | Only | AtMostLevel, members: BitMap, level: Level
    ) -> None:
        super().__init__(look, members)
        self._clients = look.meant(statement.clients)
        self._beyond = _BEYOND[level]
        self._found: list[BitMap] = []
        self.takes = bool(self.members and self._clients)

    def take(self, theirs: MemberClass) -> None:
        if self.members.intersect(theirs.members):
            seen = self._beyond(theirs)
            if seen.intersect(self._clients):
                self._found.append(seen & self._clients)

    def result(self) -> Broken:
        return self.look.places.clients(BitMap.union(EMPTY, *self._found))


class _Counted(_Plan):
    """Each of the clients is seen by at least, or at most, so many members: one count serves all of these."""

    takes = False

    def __init__(self, look: PolicyLook, counts: Counts, statement: AtLeast | AtMost) -> None:
        super().__init__(look)
        self._counts, self._statement = counts, statement
        self.among = look.meant(statement.clients)

    def result(self) -> Broken:
        ask = self._counts.less_than if isinstance(self._statement, AtLeast) else self._counts.more_than
        return self.look.places.clients(ask(self._statement.number, self.among))


class _Sized(_Plan):
    """Each of the members sees at most so many of the clients."""

    def __init__(self, look: PolicyLook, statement: AtMostClients) -> None:
        super().__init__(look, members_meant(look.state, statement.members))
        self._clients, self._number = look.meant(statement.clients), statement.number
        self._found = BitMap()
        self.takes = len(self._clients) > self._number and bool(self.members)

    def take(self, theirs: MemberClass) -> None:
        members = self.members & theirs.members
        if members and theirs.sees.intersection_cardinality(self._clients) > self._number:
            self._found |= members

    def result(self) -> Broken:
        return self._found


class _Exactly(_Plan):
    """The member sees exactly these clients."""

    def __init__(self, look: PolicyLook, statement: MemberSees) -> None:
        super().__init__(look, BitMap([statement.member]))
        self._member, self._clients = statement.member, look.at(statement.clients)
        self._sees = EMPTY

    def take(self, theirs: MemberClass) -> None:
        if self._member in theirs.members:
            self._sees = theirs.sees

    def result(self) -> Broken:
        return self.look.places.clients(self._sees ^ self._clients)


class _OpenTo(_Plan):
    """Exactly these members see the client."""

    def __init__(self, look: PolicyLook, statement: OpenTo) -> None:
        super().__init__(look, look.state.everyone)
        self._statement = statement
        self._place = look.at(frozenset({statement.client}))
        self._seers = BitMap()
        self.takes = bool(self._place)

    def take(self, theirs: MemberClass) -> None:
        if theirs.sees.intersect(self._place):
            self._seers |= theirs.members

    def result(self) -> Broken:
        wrong = self.takes and self._seers != BitMap(self._statement.members)
        return BitMap([self._statement.client]) if wrong else EMPTY


class _Checked(_Plan):
    """The member's level on the client, and what gives it, are as a scenario's check would say."""

    takes = False

    def __init__(self, look: PolicyLook, statement: CheckIs) -> None:
        super().__init__(look)
        self._statement = statement

    def result(self) -> Broken:
        asked = self._statement
        return check_broken(self.look.moment, asked) if asked.client in self.look.among else EMPTY


def check_broken(moment: Moment, asked: CheckIs) -> Broken:
    """What breaks a check: its client, or nothing."""
    there = asked.client in moment.state.register.clients
    return BitMap([asked.client]) if there and not _check_holds(moment, asked) else EMPTY


def _check_holds(moment: Moment, asked: CheckIs) -> bool:
    """As `scenario.run` looks at a check: the lowest level over the engagements, any reason that gives it."""
    register = moment.state.register
    if asked.service:
        number = register.engagement_for(asked.client, asked.service)
        engagements = [number] if number is not None else []
    else:
        engagements = register.engagements_of(asked.client)
    decisions = [decide(moment, asked.member, number) for number in engagements]
    level = min((each.level for each in decisions), default=Level.NONE)
    if level is not asked.level:
        return False
    reasons = {each.reason for each in decisions if each.level is level}
    return asked.reason is None or asked.reason in (reasons or {Reason.OUTSIDE_FIRM})
