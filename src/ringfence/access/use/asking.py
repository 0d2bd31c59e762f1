"""When members last used clients, for many pairs at once: what was gathered, and what came since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec
from pyroaring import BitMap

from ringfence.access.clock import clock
from ringfence.access.connection import answering, plain
from ringfence.access.security_log import SecurityKind
from ringfence.access.sql import among_numbers, numbers_parameter, rows_of
from ringfence.core.events import NOTED, DecisionLogSet
from ringfence.core.terms import Instant
from ringfence.store.body import decode_parts
from ringfence.store.engines import source_for

from .gathering import DAY, NEVER, Found, Gathered, LastUse, Pair, how_far, not_folded


class UseKnown(msgspec.Struct, frozen=True, kw_only=True):
    """Since when it is known who used what."""

    openings: Instant
    """Since when openings are written down: the firm's first entry."""
    decisions: Instant | None
    """Since when, without a break, the firm's log of decisions is on; None while it is off."""
    lost: int
    """How many answers that log could not take, as far as it goes back."""


class UsedSince(msgspec.Struct, frozen=True, kw_only=True):
    """By member, the clients that they used since an instant."""

    used: Mapping[int, BitMap]
    """In any way."""
    acted: Mapping[int, BitMap]
    """By more than reading; what they wrote is not among it."""


def last_used(firm: int, pairs: Iterable[Pair]) -> dict[Pair, LastUse]:
    """When each member last used each client; pairs of which nothing is known are left out.

    Raises `StateUnavailable`.
    """
    return FirmUse(firm).last_used(pairs)


class FirmUse:
    """The use of one firm, for as many questions as there are: each reading is made once.

    What was not gathered yet is read before what was: what is gathered in between is then in both, and
    nothing in neither. So an answer is exact as of the first question. All of it raises `StateUnavailable`.
    """

    def __init__(self, firm: int) -> None:
        self._firm = firm
        self._since: dict[Instant, UsedSince] = {}

    @cached_property
    def _gathered(self) -> Gathered:
        with answering():
            return how_far(self._firm)

    @cached_property
    def _later(self) -> Found:
        """What came since it was gathered."""
        with answering():
            return not_folded(self._firm, self._gathered)

    @property
    def openings(self) -> Instant:
        """Since when openings are known (`UseKnown`)."""
        began = self._gathered.began
        return Instant(clock() if began is None else began)

    @cached_property
    def known(self) -> UseKnown:
        """Since when use is known."""
        gathered = self._gathered
        with answering():
            switches = rows_of(
                "SELECT at, body FROM firms_ledgerentry WHERE firm_id = %s AND command = %s ORDER BY number",
                *(self._firm, NOTED[DecisionLogSet]),
            )
        on: int | None = None
        for at, body in switches:
            for event in decode_parts(bytes(body))[0]:
                if isinstance(event, DecisionLogSet):
                    on = (on or at) if event.on else None
        kept = gathered.decisions_from
        from_then = clock() - gathered.log_days * DAY if kept is None else kept
        decisions = None if on is None else Instant(max(on, from_then))
        return UseKnown(openings=self.openings, decisions=decisions, lost=gathered.lost)

    def last_used(self, pairs: Iterable[Pair]) -> dict[Pair, LastUse]:
        """When each member last used each client; pairs of which nothing is known are left out."""
        wanted = set(pairs)
        if not wanted:
            return {}
        found = {pair: LastUse(*times) for pair, times in self._later.items() if pair in wanted}
        members = sorted({member for member, _ in wanted})
        clients = sorted({client for _, client in wanted})
        with answering():
            rows = rows_of(
                f"SELECT member, client, {', '.join(LastUse._fields)} FROM firms_clientuse WHERE firm_id = %s"
                f" AND {among_numbers('client')} AND {among_numbers('member')}",
                *(self._firm, numbers_parameter(clients), numbers_parameter(members)),
            )
        for member, client, *times in rows:
            if (pair := (member, client)) in wanted:
                found[pair] = LastUse(*map(max, found.get(pair, NEVER), times))
        return found

    def used_since(self, since: Instant) -> Mapping[int, BitMap]:
        """By member, the clients that they used in any way since then."""
        return self._used(since).used

    def acted_since(self, since: Instant) -> Mapping[int, BitMap]:
        """By member, the clients at which they did more than reading since then.

        Written notes, plans and forms count.
        """
        found = defaultdict(BitMap, self._used(since).acted)
        with answering():
            for author, client in rows_of(
                "SELECT DISTINCT version.author, engagement.client FROM firms_documentversion version"
                " JOIN firms_document document ON document.id = version.document_id"
                " JOIN firms_engagement engagement ON engagement.firm_id = document.firm_id"
                " AND engagement.number = document.engagement"
                " WHERE version.firm_id = %s AND version.at >= %s",
                *(self._firm, since),
            ):
                found[author] = found[author] | BitMap([client])
        return found

    @cached_property
    def delegated_at(self) -> Mapping[int, Mapping[int, Instant]]:
        """By member and client, when they last used it by what was delegated."""
        found: defaultdict[int, dict[int, Instant]] = defaultdict(dict)
        later = [(*pair, at) for pair, times in self._later.items() if (at := times[_DELEGATED])]
        with answering():
            rows = rows_of(
                "SELECT member, client, delegated FROM firms_clientuse WHERE firm_id = %s AND delegated > 0",
                self._firm,
            )
        for member, client, at in (*rows, *later):
            if at > found[member].get(client, 0):
                found[member][client] = Instant(at)
        return found

    @cached_property
    def seen(self) -> Mapping[int, Instant]:
        """By member, when the firm last saw them: they signed in, did or opened something, were let in by
        software.

        What they do in other firms is no matter of this one.
        """
        firm, later = self._firm, self._later
        found: defaultdict[int, int] = defaultdict(int)
        with answering():
            rows = rows_of(
                "SELECT member, max(last_at) FROM firms_securityevent"
                " WHERE firm_id = %s AND kind = %s AND member > 0 GROUP BY member"
                " UNION ALL SELECT actor, max(at) FROM firms_ledgerentry"
                " WHERE firm_id = %s AND actor IS NOT NULL GROUP BY actor"
                " UNION ALL SELECT member, max(decided) FROM firms_clientuse"
                " WHERE firm_id = %s GROUP BY member",
                *(firm, SecurityKind.SIGN_IN.value, firm, firm),
            )
        rows += [(member, times[_DECIDED]) for (member, _), times in later.items()]
        for member, at in rows:
            found[member] = max(found[member], at)
        return {member: Instant(at) for member, at in found.items()}

    def _used(self, since: Instant) -> UsedSince:
        # 0 stands for what never was.
        since = max(since, Instant(1))
        found = self._since.get(since)
        if found is None:
            found = self._since[since] = self._used_since(since)
        return found

    def _used_since(self, since: Instant) -> UsedSince:
        used, acted = defaultdict[int, BitMap](BitMap), defaultdict[int, BitMap](BitMap)
        for (member, client), times in self._later.items():
            if max(times) >= since:
                used[member].add(client)
            if times[_ACTED] >= since:
                acted[member].add(client)
        any_of_them = " OR ".join(f"{field} >= ?" for field in LastUse._fields)
        with answering():
            source = source_for(plain())
            rows = source.rows(
                f"SELECT member, {source.packed('client')}, {source.packed('client', 'acted >= ?')}"
                f" FROM firms_clientuse WHERE firm_id = ? AND ({any_of_them}) GROUP BY member",
                *(since, self._firm, *[since] * len(LastUse._fields)),
            )
            for member, of_any, of_acts in rows:
                used[member] |= BitMap(source.unpacked(of_any))
                if clients := source.unpacked(of_acts):
                    acted[member] |= BitMap(clients)
        return UsedSince(used=used, acted=acted)


_DECIDED, _ACTED, _DELEGATED = map(LastUse._fields.index, ("decided", "acted", "delegated"))
