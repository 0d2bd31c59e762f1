"""Somebody gave a member access or took it away: directly, by a group or by a delegation. To that member.

One notice for each change, however many clients it moves. What everybody gets or loses is no such change, nor
is what one does oneself; an answer to a request is told as that.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.access.ledger.telling import Notable, moved_by
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind, Some, ToldShift
from ringfence.notices.readers import FirmReader, NamedClients
from ringfence.wording.ledger import entry_text
from ringfence.wording.levels_and_roles import level_name


class Shift(NamedTuple):
    """Clients with the words for the levels before and after; without them of a notice that has none."""

    clients: NamedClients
    before: str = ""
    after: str = ""


def told(firm: int, change: Sequence[Notable]) -> list[NewNotice]:
    """Who is told of the change, each of their clients."""
    if not any(entry.moves for entry in change):
        return []
    answered: dict[int, BitMap] = {}
    for answer in (each for entry in change for each in entry.answered):
        answered.setdefault(answer.asker, BitMap()).add(answer.client)
    first, last = change[0], change[-1]
    new = []
    for member, moved in moved_by(firm, first.number, last.number).members.items():
        told_as_answer = answered.get(member, BitMap())
        gained, shifted = moved.gained - told_as_answer, moved.shifted - told_as_answer
        if member != last.actor and (gained or moved.lost or shifted):
            facts = NoticeFacts(
                several=len(change) > 1,
                gained=Some.of(gained),
                lost=Some.of(moved.lost),
                shifted=Some.of(shifted),
                shifts=tuple(
                    ToldShift(before=each.before, after=each.after, clients=Some.of(clients))
                    for each in moved.shifts
                    if (clients := each.clients - told_as_answer)
                ),
            )
            new.append(NewNotice(member=member, kind=NoticeKind.ACCESS_CHANGED, facts=facts))
    return new


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says of the clients now; None where nothing is left that they may be told."""
    entry = reader.entry(notice)
    sees = reader.now.clients_seen_by(reader.member)
    gained = _those(reader, notice.facts.gained, sees)
    shifted = _those(reader, notice.facts.shifted, sees)
    lost = _lost(reader, notice.facts.lost)
    if entry is None or not (gained.count or lost.count or shifted.count):
        return None
    return {
        "gained": gained,
        "lost": lost,
        "shifts": _shifts(reader, notice.facts, sees) or [Shift(shifted)],
        "who": reader.member_name(entry.actor),
        "when": reader.told_time(entry.at),
        "command": "" if notice.facts.several else entry_text(entry.command),
        "client": _single(reader, gained, shifted),
        "link": reader.link("your-account"),
    }


def _shifts(reader: FirmReader, facts: NoticeFacts, sees: BitMap) -> list[Shift]:
    found = ((_those(reader, each.clients, sees), each) for each in facts.shifts)
    return [
        Shift(clients, level_name(each.before), level_name(each.after))
        for clients, each in found
        if clients.count
    ]


def _single(reader: FirmReader, *found: NamedClients) -> str:
    """Where the one client is that they can open, or more of it; empty for several."""
    one = BitMap.union(BitMap(), *(each.known for each in found))
    several = len(one) != 1 or sum(each.count for each in found) != 1
    return "" if several else reader.link("client", one[0])


def _those(reader: FirmReader, some: Some, among: BitMap) -> NamedClients:
    """Those of the clients that they see now, by name."""
    clients = some.clients
    return reader.named(clients & among) if clients is not None else reader.counted(some.count)


def _lost(reader: FirmReader, some: Some) -> NamedClients:
    """What they lost and have not got back: by name what they may be told of, the rest by its number.

    Nothing of clients that are gone, or that a wall keeps from them now.
    """
    clients = some.clients
    if clients is None:
        return reader.counted(some.count)
    now, member = reader.now, reader.member
    there = (clients & now.clients) - now.walled_from(member)
    unseen = now.engagements_of_all(there) - now.seen_by(member)
    lost = now.clients_of(unseen)
    known = lost & now.known_clients(member)
    return NamedClients(reader.row.pk, known, unnamed=len(lost) - len(known))
