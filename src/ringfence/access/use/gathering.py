"""Gathering when members last used clients, from where it is written: openings and changes of the ledger,
allowed answers in the log of decisions.

What was gathered lies in a table, `UseMark` says how far. What came since is read where it lies, so an answer
misses nothing; gathering, by the clock, only keeps that short. Done twice it comes to the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection, transaction

from ringfence.access.clock import clock
from ringfence.access.connection import answering
from ringfence.access.sql import rows_of
from ringfence.access.writing.tables.bulk import execute_each
from ringfence.core.authority.asked import Action
from ringfence.core.events import NOTED, RecordOpened
from ringfence.core.terms import Instant, Reason, Thing
from ringfence.firms.models import DecisionBlock, Firm, UseMark
from ringfence.store.body import decode_parts
from ringfence.store.decision_log import unpacked

ACTS = (
    *("client.add", "client.change", "client.remove", "client.restore"),
    *("engagement.add", "engagement.change", "engagement.remove"),
    *("grant.set", "grant.remove", "request.grant", "request.decline"),
)
"""Commands that take more than reading a client. One that names many clients at once (`ledger.mentions`) is
a sweep through the firm, and no use of each of them."""

ENTRIES, BLOCKS = 20_000, 50
"""Of the ledger and of the log, how many are gathered in one transaction."""
DAY = 24 * 3600 * 1_000_000


class LastUse(NamedTuple):
    """When one member last used one client: 0 for what is not known to have been."""

    opened: int = 0
    """Opened its record."""
    decided: int = 0
    """Was let in by other software."""
    acted: int = 0
    """Did, or was allowed by other software, what takes more than reading."""
    delegated: int = 0
    """Opened it, or was let in, by what somebody delegated."""

    @property
    def last(self) -> Instant | None:
        """When it was used last in any way; None for never, as far as is known."""
        return Instant(max(self)) if any(self) else None


NEVER = LastUse()
Pair = tuple[int, int]
"""A member and a client."""
Found = dict[Pair, list[int]]
"""The fields of a `LastUse` of each pair."""


def fold_use(firm: int) -> bool:
    """Gather what came since; whether more is waiting. Raises `StateUnavailable`."""
    with answering(), transaction.atomic(durable=True):
        return fold_within(firm)


def fold_within(firm: int) -> bool:
    """The same within a transaction of the caller's."""
    mark = _locked_mark(firm)
    last = max(min(how_far(firm).last, mark.entry + ENTRIES), mark.entry)
    found = _entries_between(firm, mark.entry, last)
    blocks = list(
        DecisionBlock.objects.filter(firm=firm, folded=False)
        .order_by("ended", "tag")
        .values_list("ended", "tag", "body")[:BLOCKS]
    )
    _add_blocks(found, (body for _, _, body in blocks))
    _write(firm, found)
    execute_each(
        "UPDATE firms_decisionblock SET folded = %s WHERE firm_id = %s AND ended = %s AND tag = %s",
        [(True, firm, ended, tag) for ended, tag, _ in blocks],
    )
    UseMark.objects.filter(firm=firm).update(entry=last)
    return len(blocks) == BLOCKS or last - mark.entry == ENTRIES


class Gathered(NamedTuple):
    """How far a firm's use was gathered, what there is to gather, and what its log of decisions keeps."""

    entry: int
    """The last entry that was looked at; 0 for none."""
    last: int
    """The firm's last entry."""
    began: int | None
    """When its first entry was written: since when openings are."""
    log_days: int
    """For how many days the log is kept."""
    decisions_from: int | None
    """Since when the log was there to be gathered; None where nothing was yet."""
    lost: int
    """How many answers the log could not take."""


def how_far(firm: int) -> Gathered:
    rows = rows_of(
        "SELECT COALESCE(mark.entry, 0), firm.version,"
        " (SELECT at FROM firms_ledgerentry WHERE firm_id = firm.id ORDER BY number LIMIT 1),"
        " firm.decision_days, mark.decisions_from,"
        " (SELECT COALESCE(sum(lost), 0) FROM firms_decisionblock WHERE firm_id = firm.id AND lost > 0)"
        " FROM firms_firm firm LEFT JOIN firms_usemark mark ON mark.firm_id = firm.id WHERE firm.id = %s",
        firm,
    )
    return Gathered(*rows[0]) if rows else Gathered(0, 0, None, 0, None, 0)


def not_folded(firm: int, known: Gathered) -> Found:
    """What came since it was gathered, and in blocks that were not. To be read before what was gathered."""
    found = _entries_between(firm, known.entry, known.last)
    blocks = DecisionBlock.objects.filter(firm=firm, folded=False).values_list("body", flat=True)
    _add_blocks(found, blocks.iterator(chunk_size=20))
    return found


def _locked_mark(firm: int) -> UseMark:
    days = Firm.objects.values_list("decision_days", flat=True).get(pk=firm)
    # Older blocks were forgotten before anybody gathered them.
    UseMark.objects.get_or_create(firm_id=firm, defaults={"decisions_from": clock() - days * DAY})
    return UseMark.objects.select_for_update().get(firm=firm)


def _entries_between(firm: int, mark: int, last: int) -> Found:
    """What entries after `mark` say, up to and with `last`."""
    found: Found = defaultdict(lambda: [0, 0, 0, 0])
    if mark >= last:
        return found
    for member, client, at, body in rows_of(
        "SELECT actor, 0, at, body FROM firms_ledgerentry"
        " WHERE firm_id = %s AND command = %s AND number > %s AND number <= %s AND actor IS NOT NULL"
        " UNION ALL SELECT entry.actor, mention.first, max(entry.at), NULL FROM firms_ledgerentry entry"
        " JOIN firms_ledgermention mention ON mention.firm_id = entry.firm_id"
        " AND mention.entry = entry.number AND mention.thing = %s AND mention.last = mention.first"
        " WHERE entry.firm_id = %s AND entry.number > %s AND entry.number <= %s"
        f" AND entry.command IN ({', '.join(['%s'] * len(ACTS))}) AND entry.actor IS NOT NULL"
        " GROUP BY entry.actor, mention.first",
        *(firm, NOTED[RecordOpened], mark, last),
        *(Thing.CLIENT.value, firm, mark, last, *ACTS),
    ):
        if body is None:
            use = found[member, client]
            use[2] = max(use[2], at)
            continue
        (event,) = (each for each in decode_parts(bytes(body))[0] if isinstance(each, RecordOpened))
        use = found[member, event.client]
        use[0] = max(use[0], at)
        if event.reason is Reason.DELEGATED:
            use[3] = max(use[3], at)
    return found


def _add_blocks(found: Found, bodies: Iterable[bytes | memoryview]) -> None:
    """What the decision service allowed members at clients; searches are about no single one."""
    for body in bodies:
        for entry in unpacked(bytes(body)):
            if entry.kind != "evaluation" or not entry.answer or not (entry.member and entry.client):
                continue
            use = found[entry.member, entry.client]
            use[1] = max(use[1], entry.at)
            if entry.action != Action.VIEW:
                use[2] = max(use[2], entry.at)
            if entry.reason == Reason.DELEGATED:
                use[3] = max(use[3], entry.at)


def _write(firm: int, found: Found) -> None:
    later = "max" if connection.vendor == "sqlite" else "greatest"
    kept = ", ".join(
        f"{field} = {later}(firms_clientuse.{field}, excluded.{field})" for field in LastUse._fields
    )
    rows: Sequence[Sequence[int]] = [
        (firm, client, member, *use) for (member, client), use in sorted(found.items())
    ]
    execute_each(
        f"INSERT INTO firms_clientuse (firm_id, client, member, {', '.join(LastUse._fields)})"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)"
        f" ON CONFLICT (firm_id, client, member) DO UPDATE SET {kept}",
        rows,
    )
