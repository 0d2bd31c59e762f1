"""When members last used clients, for many pairs at once: what was gathered, and what came since.

Exact at the moment of the question, in one consistent reading.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec
from django.db.models import Sum
from pyroaring import BitMap

from ringfence.access.clock import clock
from ringfence.access.connection import answering, plain, reading
from ringfence.access.sql import among_numbers, numbers_parameter, rows_of
from ringfence.core.events import NOTED, DecisionLogSet
from ringfence.core.terms import Instant
from ringfence.firms.models import DecisionBlock, Firm, UseMark
from ringfence.store.body import decode_parts
from ringfence.store.engines import source_for

from .gathering import DAY, NEVER, LastUse, Pair, how_far, not_folded


class UseKnown(msgspec.Struct, frozen=True, kw_only=True):
    """Since when it is known who used what."""

    openings: Instant
    """Since when openings are written down: the firm's first entry."""
    decisions: Instant | None
    """Since when, without a break, the firm's log of decisions is on; None while it is off."""
    lost: int
    """How many answers that log could not take, as far as it goes back."""


def last_used(firm: int, pairs: Iterable[Pair]) -> dict[Pair, LastUse]:
    """When each member last used each client; pairs of which nothing is known are left out.

    Raises `StateUnavailable`.
    """
    wanted = set(pairs)
    return last_used_since(firm, wanted)[0] if wanted else {}


def last_used_since(firm: int, pairs: Iterable[Pair]) -> tuple[dict[Pair, LastUse], Instant]:
    """The same, and since when openings are known (`UseKnown`). Raises `StateUnavailable`."""
    wanted = set(pairs)
    if not wanted:
        return {}, openings_since(firm)
    members = sorted({member for member, _ in wanted})
    clients = sorted({client for _, client in wanted})
    with answering(), reading():
        found = {
            (member, client): LastUse(*times)
            for member, client, *times in rows_of(
                f"SELECT member, client, {', '.join(LastUse._fields)} FROM firms_clientuse WHERE firm_id = %s"
                f" AND {among_numbers('client')} AND {among_numbers('member')}",
                *(firm, numbers_parameter(clients), numbers_parameter(members)),
            )
            if (member, client) in wanted
        }
        known = how_far(firm)
        for pair, times in not_folded(firm, known).items():
            if pair in wanted:
                found[pair] = LastUse(*map(max, found.get(pair, NEVER), times))
    return found, Instant(clock() if known.began is None else known.began)


def used_since(firm: int, since: Instant) -> Mapping[int, BitMap]:
    """By member, the clients that they used in any way since then. Raises `StateUnavailable`."""
    return _since(firm, since, LastUse._fields)


def acted_since(firm: int, since: Instant) -> Mapping[int, BitMap]:
    """By member, the clients at which they did more than reading since then. Raises `StateUnavailable`.

    Written notes, plans and forms count.
    """
    found = defaultdict(BitMap, _since(firm, since, ("acted",)))
    with answering():
        for author, client in rows_of(
            "SELECT DISTINCT version.author, engagement.client FROM firms_documentversion version"
            " JOIN firms_document document ON document.id = version.document_id"
            " JOIN firms_engagement engagement ON engagement.firm_id = document.firm_id"
            " AND engagement.number = document.engagement"
            " WHERE version.firm_id = %s AND version.at >= %s",
            *(firm, since),
        ):
            found[author] = found[author] | BitMap([client])
    return found


def delegated_since(firm: int, since: Instant) -> Mapping[int, BitMap]:
    """By member, the clients that they used since then by what was delegated to them.

    Raises `StateUnavailable`.
    """
    return _since(firm, since, ("delegated",))


def delegated_at(firm: int) -> Mapping[int, Mapping[int, Instant]]:
    """By member and client, when they last used it by what was delegated. Raises `StateUnavailable`."""
    found: defaultdict[int, dict[int, Instant]] = defaultdict(dict)
    with answering(), reading():
        rows = rows_of(
            "SELECT member, client, delegated FROM firms_clientuse WHERE firm_id = %s AND delegated > 0", firm
        )
        later = ((*pair, times[_DELEGATED]) for pair, times in not_folded(firm, how_far(firm)).items())
        for member, client, at in (*rows, *later):
            if at > found[member].get(client, 0):
                found[member][client] = Instant(at)
    return found


_DELEGATED = LastUse._fields.index("delegated")
_DECIDED = LastUse._fields.index("decided")


def seen_at(firm: int) -> dict[int, int]:
    """By member, when other software last let them in anywhere. Raises `StateUnavailable`."""
    with answering(), reading():
        found = dict(
            rows_of(
                "SELECT member, max(decided) FROM firms_clientuse WHERE firm_id = %s GROUP BY member", firm
            )
        )
        for (member, _), times in not_folded(firm, how_far(firm)).items():
            found[member] = max(found.get(member, 0), times[_DECIDED])
    return found


def _since(firm: int, since: Instant, fields: tuple[str, ...]) -> dict[int, BitMap]:
    # 0 stands for what never was.
    since = max(since, Instant(1))
    found: defaultdict[int, BitMap] = defaultdict(BitMap)
    with answering(), reading():
        source = source_for(plain())
        later = " OR ".join(f"{field} >= ?" for field in fields)
        for member, clients in source.rows(
            f"SELECT member, {source.packed('client')} FROM firms_clientuse"
            f" WHERE firm_id = ? AND ({later}) GROUP BY member",
            *(firm, *[since] * len(fields)),
        ):
            found[member] = BitMap(source.unpacked(clients))
        for (member, client), times in not_folded(firm, how_far(firm)).items():
            use = LastUse(*times)
            if any(getattr(use, field) >= since for field in fields):
                found[member].add(client)
    return found


def openings_since(firm: int) -> Instant:
    """Since when openings are known, as `known_since` says, and nothing else. Raises `StateUnavailable`."""
    with answering():
        began = how_far(firm).began
    return Instant(clock() if began is None else began)


def known_since(firm: int) -> UseKnown:
    """Since when use is known. Raises `StateUnavailable`."""
    with answering(), reading():
        openings = openings_since(firm)
        switches = rows_of(
            "SELECT at, body FROM firms_ledgerentry WHERE firm_id = %s AND command = %s ORDER BY number",
            *(firm, NOTED[DecisionLogSet]),
        )
        days = Firm.objects.values_list("decision_days", flat=True).get(pk=firm)
        gathered = UseMark.objects.filter(firm=firm).values_list("decisions_from", flat=True).first()
        lost = DecisionBlock.objects.filter(firm=firm, lost__gt=0).aggregate(lost=Sum("lost"))["lost"]
    on: int | None = None
    for at, body in switches:
        for event in decode_parts(bytes(body))[0]:
            if isinstance(event, DecisionLogSet):
                on = (on or at) if event.on else None
    from_then = clock() - days * DAY if gathered is None else gathered
    return UseKnown(
        openings=openings,
        decisions=None if on is None else Instant(max(on, from_then)),
        lost=lost or 0,
    )
