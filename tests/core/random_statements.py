"""Random statements of policies, about what a firm has: drawn by hypothesis or by a `random.Random`."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hypothesis import strategies as st

from ringfence.core.specification.facts import Facts
from ringfence.core.statements import (
    AtLeast,
    AtMost,
    AtMostClients,
    AtMostLevel,
    CheckIs,
    ClientsMeant,
    MemberSees,
    MembersMeant,
    Never,
    Only,
    OpenTo,
    Policy,
    Statement,
)
from ringfence.core.terms import GIVING, Level, Reason, Role

Of = Callable[[Sequence[Any]], Any]
"""Picks one of several."""
KINDS = (Never, Only, AtLeast, AtMost, AtMostClients, AtMostLevel, CheckIs, MemberSees, OpenTo)


class RandomStatements:
    """Makes up statements about members, groups, clients and services of these numbers."""

    def __init__(
        self,
        of: Of,
        *,
        members: Iterable[int],
        groups: Iterable[int],
        clients: Iterable[int],
        services: Iterable[int],
    ) -> None:
        self.of = of
        self._members, self._groups = sorted(members), sorted(groups)
        self._clients, self._services = sorted(clients), sorted(services)

    @classmethod
    def about(cls, of: Of, facts: Facts) -> "RandomStatements":
        return cls(
            of,
            members=facts.members,
            groups=facts.groups,
            clients=facts.clients,
            services=facts.services,
        )

    def policy(self) -> Policy:
        return Policy(mode=self.of(("warn", "refuse")), statements=self.statements())

    def statements(self) -> tuple[Statement, ...]:
        return tuple(self.statement() for _ in range(self.of((1, 1, 2))))

    def statement(self) -> Statement:
        kind = self.of(KINDS)
        if kind is Never:
            return Never(members=self.members(), clients=self.clients())
        if kind is Only:
            return Only(members=self.members(), clients=self.clients())
        if kind is AtLeast:
            return AtLeast(number=self.of((1, 2, 3)), clients=self.clients())
        if kind is AtMost:
            return AtMost(number=self.of((1, 2, 3)), clients=self.clients())
        if kind is AtMostClients:
            return AtMostClients(number=self.of((0, 1, 2)), clients=self.clients(), members=self.members())
        if kind is AtMostLevel:
            level = self.of((Level.NONE, Level.READER, Level.EDITOR))
            return AtMostLevel(level=level, clients=self.clients(), members=self.members())
        if kind is MemberSees:
            return MemberSees(member=self.of(self._members), clients=self._some(self._clients))
        if kind is OpenTo:
            return OpenTo(client=self.of(self._clients), members=self._some(self._members))
        return CheckIs(
            member=self.of(self._members),
            client=self.of(self._clients),
            service=self.of((0, *self._services)),
            level=self.of((Level.NONE, *GIVING)),
            reason=self.of((None, None, *Reason)),
        )

    def members(self) -> MembersMeant:
        found: dict[str, Any] = self.of(
            (
                {"members": self._some(self._members) | {self.of(self._members)}},
                {"groups": frozenset({self.of(self._groups)})},
                {"roles": frozenset({self.of(tuple(Role))})},
                {"everyone": True},
            )
        )
        return MembersMeant(**found, without=self._few(self._members))

    def clients(self) -> ClientsMeant:
        found: dict[str, Any] = self.of(
            (
                {"clients": self._some(self._clients) | {self.of(self._clients)}},
                {"services": frozenset({self.of(self._services)})},
                {"confidential": True},
                {"all": True},
            )
        )
        return ClientsMeant(**found, without=self._few(self._clients))

    def _some(self, numbers: Sequence[int]) -> frozenset[int]:
        return frozenset(self.of(numbers) for _ in range(self.of((0, 1, 2, 3))))

    def _few(self, numbers: Sequence[int]) -> frozenset[int]:
        return frozenset(self.of(numbers) for _ in range(self.of((0, 0, 1))))


@st.composite
def policies_about(draw: st.DrawFn, facts: Facts, least: int = 0, most: int = 3) -> dict[int, Policy]:
    """Policies of a firm with these facts, by number."""
    random = RandomStatements.about(lambda choices: draw(st.sampled_from(choices)), facts)
    return {number: random.policy() for number in range(1, draw(st.integers(least, most)) + 1)}
