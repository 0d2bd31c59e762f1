"""Why a statement does not hold: which members and clients are to blame, and by which ways of access.

Whether it holds is decided in `core.policies`. Of what breaks it the first few are looked at one by one; the
sets are whole.
"""

from collections.abc import Iterable, Iterator

import msgspec
from pyroaring import BitMap

from ringfence.access.firm_now import FirmNow
from ringfence.core import statements as st
from ringfence.core.decision.ways import Way
from ringfence.core.policies.checking import broken
from ringfence.core.policies.meant import clients_meant, members_meant
from ringfence.core.terms import Level

FIRST = 10
"""Clients, or members with too many, that are looked at one by one."""
FIRST_PAIRS = 50


class BlamedPair(msgspec.Struct, frozen=True, kw_only=True):
    """A member and a client that break a statement, and what gives the member's answer there."""

    member: int
    client: int
    sees: bool
    """Whether the member sees the client; False where the statement wants that they do."""
    ways: tuple[Way, ...]


class StatementVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one statement at a moment."""

    place: int
    """Of the statement in its policy, from 0."""
    statement: st.Statement
    clients: BitMap
    """Those that break it; none where members do."""
    members: BitMap
    """Those that see more clients than they may (`AtMostClients`)."""

    @property
    def holds(self) -> bool:
        return not self.clients and not self.members


def verdicts(firm_now: FirmNow, statements: tuple[st.Statement, ...]) -> tuple[StatementVerdict, ...]:
    """Each of the statements with what breaks it now."""
    found = broken(firm_now.moment, statements)
    return tuple(
        StatementVerdict(
            place=place,
            statement=statement,
            clients=BitMap() if isinstance(statement, st.AtMostClients) else theirs,
            members=theirs if isinstance(statement, st.AtMostClients) else BitMap(),
        )
        for place, (statement, theirs) in enumerate(zip(statements, found, strict=True))
    )


def count_seen(firm_now: FirmNow, verdict: StatementVerdict) -> list[tuple[int, int]]:
    """Of the first members who see more of the clients than they may, how many each of them sees."""
    said = verdict.statement
    if not isinstance(said, st.AtMostClients):
        return []
    meant = clients_meant(firm_now.moment.state, said.clients)
    return [
        (member, firm_now.clients_seen_by(member).intersection_cardinality(meant))
        for member in verdict.members[:FIRST]
    ]


def first_blamed(firm_now: FirmNow, verdict: StatementVerdict, known: BitMap) -> list[BlamedPair]:
    """The first of what breaks the statement, of the clients that the reader may know."""
    first = (verdict.clients & known)[:FIRST]
    pairs = (
        _pair(firm_now, member, client)
        for client in first
        for member in sorted(_blamed_members(firm_now, verdict.statement, client))
    )
    return [pair for pair, _count in zip(pairs, range(FIRST_PAIRS), strict=False)]


def _blamed_members(firm_now: FirmNow, said: st.Statement, client: int) -> Iterable[int]:
    """Whose seeing, or not seeing, of a client breaks the statement."""
    state = firm_now.moment.state
    match said:
        case st.Never():
            return _seeing(firm_now, client, members_meant(state, said.members))
        case st.Only():
            return _seeing(firm_now, client, state.everyone - members_meant(state, said.members))
        case st.AtMostLevel():
            return _above(firm_now, client, members_meant(state, said.members), said.level)
        case st.AtMost() | st.AtLeast():
            return _seeing(firm_now, client, state.everyone)
        case st.MemberSees():
            return [said.member]
        case st.OpenTo():
            return BitMap(_seeing(firm_now, client, state.everyone)) ^ BitMap(said.members)
        case st.CheckIs():
            return [said.member]
        case _:
            return []


def _seeing(firm_now: FirmNow, client: int, among: BitMap) -> list[int]:
    return [member for member, _seen in firm_now.seen_among(BitMap([client]), among)]


def _above(firm_now: FirmNow, client: int, among: BitMap, level: Level) -> Iterator[int]:
    for member in _seeing(firm_now, client, among):
        if any(firm_now.level(member, each) > level for each in firm_now.engagements_of(client)):
            yield member


def _pair(firm_now: FirmNow, member: int, client: int) -> BlamedPair:
    engagements = firm_now.engagements_of(client)
    seen = [each for each in engagements if firm_now.can(member, each)]
    ways = (way for each in seen or engagements for way in firm_now.ways_on(member, each))
    return BlamedPair(member=member, client=client, sees=bool(seen), ways=tuple(dict.fromkeys(ways)))
