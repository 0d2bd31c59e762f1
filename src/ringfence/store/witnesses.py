"""The proof that an answer from a standby is not older than its question (decision 94).

A standby cannot know by itself how far its primary is. So before each answer several hosts are asked at once
where the firm's ledger stands, the own standby among them: the primary; or, where it is known on how many
hosts each change lies before it is acknowledged, so many that one of them has every acknowledged change.
The furthest of them is current, and what it lacks in memory is read from the own standby once that has it.
"""

import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from functools import partial
from typing import TypeVar

import psycopg

from ringfence.core.terms import Instant

from .entries import has_entry
from .host import ANSWER_SECONDS, AVOID_SECONDS, Host, HostConnection, HostGone, Primary, one
from .places import StandbyPlan
from .proving import NotProved
from .sources import Connection, FirmUnknown, Mark, Source

T = TypeVar("T")
NOWHERE = Mark(0, b"", Instant(0))
"""What a host says that does not have the firm yet."""
NOBODY = 0
"""The id of no firm, for asking whether anybody answers."""
STARTING_SECONDS = 5.0
Marks = dict[Host, Mark]


class Witnesses:
    """`proving.Prover` over the hosts of a cluster. For one thread."""

    def __init__(self, plan: StandbyPlan) -> None:
        self.seconds_alone = plan.alone_seconds
        self._synchronous = plan.synchronous
        self._own = Host("the standby", partial(one, plan.own))
        if plan.synchronous:
            named = enumerate(plan.hosts[1:], 1)
            others = [Host(f"host {number} after the standby", partial(one, each)) for number, each in named]
        else:
            others = [Host("the primary", Primary(plan.hosts))]
        self._others = tuple(others)
        self._all = (self._own, *others)
        self._needed = plan.needed if plan.synchronous else len(self._all)
        self._proved: dict[int, tuple[float, Mark]] = {}
        """By firm: when the last question was asked that was answered with a proof, and its answer."""
        self._present: tuple[HostConnection | None, ...] = ()
        self._usual: tuple[Host, ...] = ()
        """Whom to ask as long as the connections are those that are `_present`."""
        self._from: Host = self._own
        for host in self._all:
            host.wait(STARTING_SECONDS)

    @property
    def connection(self) -> Connection:
        return self._standing().connection

    @property
    def source(self) -> Source:
        return self._standing().source

    def mark(self, firm: int) -> Mark:
        began = time.monotonic()
        marks = self._heard(firm)
        found = _known(self._furthest(firm, marks))
        self._proved[firm] = began, found
        return found

    def mark_alone(self, firm: int) -> Mark:
        self._whom()
        marks = self._asked(firm, [host for host in self._all if host.standing is not None])
        if not marks:
            raise NotProved("no host of the database answers")
        return _known(self._furthest(firm, marks))

    def proved_before(self, firm: int) -> tuple[float, Mark] | None:
        found = self._proved.get(firm)
        return None if found is None else (time.monotonic() - found[0], found[1])

    def found(self, ask: Callable[[Source], T | None]) -> T | None:
        asked: set[Host] = set()
        for host in self._all:
            standing = host.standing
            if standing is None:
                continue
            try:
                found = ask(standing.source)
            except psycopg.Error as error:
                host.let_go(error)
                continue
            if found is not None:
                return found
            asked.add(host)
            if self._enough(asked):
                return None
        raise NotProved("too few hosts of the database answer")

    def able(self) -> bool:
        try:
            return bool(self._heard(NOBODY))
        except NotProved:
            return False

    def let_go(self) -> bool:
        for host in self._all:
            host.prove()
        return True

    def close(self) -> None:
        for host in self._all:
            host.close()

    def _standing(self) -> HostConnection:
        """Of the host that is read from; of another one where that has gone."""
        for host in (self._from, *self._all):
            if host.standing is not None:
                self._from = host
                return host.standing
        raise NotProved("no host of the database answers")

    def _heard(self, firm: int) -> Marks:
        """What so many say that one of them is current; raises `NotProved`."""
        marks = self._asked(firm, self._whom())
        while not self._enough(marks):
            # Somebody did not answer: another is asked in their place, as long as there is one.
            more = [host for host in self._whom() if host not in marks]
            if not more:
                raise NotProved("too few hosts of the database answer")
            marks |= self._asked(firm, more)
        return marks

    def _enough(self, hosts: Collection[Host]) -> bool:
        """Whether one of these is sure to have every change that was acknowledged."""
        return len(hosts) >= self._needed if self._synchronous else self._others[0] in hosts

    def _whom(self) -> tuple[Host, ...]:
        """Those to ask first, of whom there are connections."""
        present = tuple([host.standing for host in self._all])
        if present != self._present:
            self._fit_together()
            self._present = tuple([host.standing for host in self._all])
            self._usual = tuple([host for host in self._all if host.standing is not None])[: self._needed]
        return self._usual

    def _asked(self, firm: int, hosts: Iterable[Host]) -> Marks:
        """What each says that answers; all are asked before the first is heard."""
        sent = []
        for host in hosts:
            with suppress(HostGone):
                host.send(firm)
                sent.append(host)
        until = time.monotonic() + ANSWER_SECONDS
        marks = {}
        for host in sent:
            with suppress(HostGone):
                marks[host] = host.told(until) or NOWHERE
        return marks

    def _fit_together(self) -> None:
        """Of two connections to one server, and of one to another cluster, one would count falsely."""
        seen: set[int] = set()
        system = 0
        for host in self._all:
            standing = host.standing
            if standing is None:
                continue
            system = system or standing.system
            if standing.system != system:
                host.let_go("it is of another cluster than the standby", AVOID_SECONDS)
            elif standing.started in seen and self._synchronous:
                host.let_go("it is the server of another host that RINGFENCE_DATABASE names", AVOID_SECONDS)
            seen.add(standing.started)

    def _furthest(self, firm: int, marks: Marks) -> Mark:
        """The mark of the host that has most; it is read from, or one before it that has as much.

        Raises `NotProved` where two hosts have histories of which neither goes on from the other.
        """
        first = next(iter(marks))
        found = marks[first]
        if all(mark == found for mark in marks.values()):
            self._from = first
            return found
        # The own one comes first, so that it is read from where it has as much as any.
        host, found = max(marks.items(), key=lambda each: each[1].version)
        against = [each for each, mark in marks.items() if not self._goes_on_from(firm, host, mark)]
        if not against:
            self._from = host
            return found
        return self._majority(firm, marks)

    def _majority(self, firm: int, marks: Marks) -> Mark:
        """What enough hosts agree on, where an old primary has a history of its own; else `NotProved`."""
        left = [host for host in self._all if host.standing is not None and host not in marks]
        marks = marks | self._asked(firm, left)
        agreed = []
        for host, mark in marks.items():
            behind = {each for each, other in marks.items() if self._goes_on_from(firm, host, other)}
            if (
                self._synchronous
                and len(behind) >= self._synchronous
                and mark == max((marks[each] for each in behind), key=lambda each: each.version)
            ):
                agreed.append((host, mark, behind))
        if len({mark for _host, mark, _behind in agreed}) != 1:
            raise NotProved("the hosts of the database have two histories")
        host, found, behind = agreed[0]
        for each in marks.keys() - behind:
            each.let_go("its history is another one than that of the others", AVOID_SECONDS)
        self._from = host
        return found

    def _goes_on_from(self, firm: int, host: Host, mark: Mark) -> bool:
        """Whether the host's ledger has this very entry."""
        return mark is NOWHERE or (host.standing is not None and has_entry(host.standing.source, firm, mark))


def _known(mark: Mark) -> Mark:
    if mark is NOWHERE:
        raise FirmUnknown("no host of the database has the firm")
    return mark
