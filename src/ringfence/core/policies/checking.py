"""Whether statements hold, for a whole firm or for some of its clients: each member class is looked at once.

What breaks a statement are clients, by their numbers; of `AtMostClients` members. Where none does, it holds.
"""

from collections.abc import Sequence

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
from .meant import Forbidding, breakers, level_allowed

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


def broken_as_looked_at(
    look: PolicyLook, statements: Sequence[Statement], members: BitMap | None = None
) -> list[Broken]:
    """The same, by a look that serves several questions."""
    found = plans_of(look, statements, members)
    return [
        plan.found() if isinstance(plan, SizedPlan) else look.places.clients(plan.found()) for plan in found
    ]


def plans_of(
    look: PolicyLook,
    statements: Sequence[Statement],
    members: BitMap | None = None,
    counts: Counts | None = None,
) -> "list[StatementPlan]":
    """How each of the statements was checked: what breaks it as places, of `AtMostClients` members.

    With `counts`, how many see each client is known.
    """
    counts, counting = (Counts(), True) if counts is None else (counts, False)
    plans = [_plan(look, counts, each) for each in statements]
    taking = [plan for plan in plans if plan.takes]
    counting &= any(isinstance(plan, CountedPlan) for plan in plans)
    asked = look.state.everyone if counting else BitMap.union(EMPTY, *(plan.members for plan in taking))
    for theirs in look.classes(asked if members is None else asked & members):
        if counting:
            counts.add(theirs.sees, len(theirs.members))
        for plan in taking:
            plan.take(theirs)
    return plans


def _plan(look: PolicyLook, counts: Counts, statement: Statement) -> "StatementPlan":
    match statement:
        case Never() | Only() | AtMostLevel():
            return ForbiddenPlan(look, statement)
        case AtLeast() | AtMost():
            return CountedPlan(look, counts, statement)
        case AtMostClients():
            return SizedPlan(look, statement)
        case MemberSees():
            return ExactlyPlan(look, statement)
        case OpenTo():
            return OpenToPlan(look, statement)
        case CheckIs():
            return CheckedPlan(look, statement)


class StatementPlan:
    """How one statement is checked, while class after class goes by."""

    takes = True
    """Whether it looks at classes of members."""

    def __init__(self, look: PolicyLook, members: BitMap = EMPTY) -> None:
        self.look = look
        self.members = members
        """At whom it looks."""

    def take(self, theirs: MemberClass) -> None:
        """Look at one class of members."""

    def found(self) -> BitMap:
        """What breaks it, once all classes have gone by: places of clients."""
        return EMPTY


class ForbiddenPlan(StatementPlan):
    """None of the members has more than the level on any of the clients."""

    def __init__(self, look: PolicyLook, statement: Forbidding) -> None:
        super().__init__(look, breakers(look.state, statement))
        self._clients = look.meant(statement.clients)
        self._level = level_allowed(statement)
        self._found: list[BitMap] = []
        self.takes = bool(self.members and self._clients)

    def take(self, theirs: MemberClass) -> None:
        if self.members.intersect(theirs.members):
            seen = theirs.beyond(self._level)
            if seen.intersect(self._clients):
                self._found.append(seen & self._clients)

    def found(self) -> BitMap:
        return BitMap.union(EMPTY, *self._found)


class CountedPlan(StatementPlan):
    """Each of the clients is seen by at least, or at most, so many members: one count serves all of these."""

    takes = False

    def __init__(self, look: PolicyLook, counts: Counts, statement: AtLeast | AtMost) -> None:
        super().__init__(look)
        self.counts, self._statement = counts, statement
        self._among = look.meant(statement.clients)

    def found(self) -> BitMap:
        return wrongly_many(self.counts, self._statement, self._among)


def wrongly_many(counts: Counts, statement: AtLeast | AtMost, among: BitMap) -> BitMap:
    """The places among these that are seen by fewer, or by more, than the statement says."""
    ask = counts.less_than if isinstance(statement, AtLeast) else counts.more_than
    return ask(statement.number, among)


class SizedPlan(StatementPlan):
    """Each of the members sees at most so many of the clients. Found are members."""

    def __init__(self, look: PolicyLook, statement: AtMostClients) -> None:
        super().__init__(look, breakers(look.state, statement))
        self._clients, self._number = look.meant(statement.clients), statement.number
        self.sizes: dict[int, int] = {}
        """By member, how many of them; who sees none is left out."""
        self.takes = bool(self._clients and self.members)

    def take(self, theirs: MemberClass) -> None:
        members = self.members & theirs.members
        if members and (size := theirs.sees.intersection_cardinality(self._clients)):
            self.sizes.update(dict.fromkeys(members, size))

    def found(self) -> BitMap:
        return BitMap(member for member, size in self.sizes.items() if size > self._number)


class ExactlyPlan(StatementPlan):
    """The member sees exactly these clients."""

    def __init__(self, look: PolicyLook, statement: MemberSees) -> None:
        super().__init__(look, BitMap([statement.member]))
        self._member, self._clients = statement.member, look.at(statement.clients)
        self._sees = EMPTY

    def take(self, theirs: MemberClass) -> None:
        if self._member in theirs.members:
            self._sees = theirs.sees

    def found(self) -> BitMap:
        return self._sees ^ self._clients


class OpenToPlan(StatementPlan):
    """Exactly these members see the client."""

    def __init__(self, look: PolicyLook, statement: OpenTo) -> None:
        super().__init__(look, look.state.everyone)
        self._statement = statement
        self._place = look.at(frozenset({statement.client}))
        self.seers = BitMap()
        """Who sees it."""
        self.takes = bool(self._place)

    def take(self, theirs: MemberClass) -> None:
        if theirs.sees.intersect(self._place):
            self.seers |= theirs.members

    def found(self) -> BitMap:
        return EMPTY if self.seers == BitMap(self._statement.members) else self._place


class CheckedPlan(StatementPlan):
    """The member's level on the client, and what gives it, are as a scenario's check would say."""

    takes = False

    def __init__(self, look: PolicyLook, statement: CheckIs) -> None:
        super().__init__(look)
        self._statement = statement

    def found(self) -> BitMap:
        asked = self._statement
        there = asked.client in self.look.among
        return (
            self.look.at(frozenset({asked.client}))
            if there and not _holds(self.look.moment, asked)
            else EMPTY
        )


def check_holds(moment: Moment, asked: CheckIs) -> bool:
    """Whether a check holds; of a client that is not there it does."""
    return asked.client not in moment.state.register.clients or _holds(moment, asked)


def _holds(moment: Moment, asked: CheckIs) -> bool:
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
