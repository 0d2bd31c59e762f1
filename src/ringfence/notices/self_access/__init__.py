"""Somebody who manages access let themselves in to clients (rules.md 5, "Self-access").

To the clients' Owners, or where there are none their direct grantees, each told of their own clients; and to
all other administrators and principals. Who is told of the same entry by `control_turned` is not told twice.
"""

from collections.abc import Sequence

from pyroaring import BitMap

from ringfence.access import firm_state
from ringfence.access.ledger.telling import Notable, self_access_of
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind, Some
from ringfence.core.terms import Capability
from ringfence.notices.readers import FirmReader, administrators
from ringfence.wording.ledger import entry_text


def told(firm: int, change: Sequence[Notable]) -> list[NewNotice]:
    """Who is told of the change, each of their clients."""
    found = [(entry, self_access_of(firm, entry.number)) for entry in change if _counts(entry)]
    if not any(each.clients for _entry, each in found):
        return []
    holders: dict[int, BitMap] = {}
    for _entry, each in found:
        for member, those in each.holders.items():
            holders[member] = holders.get(member, BitMap()) | those
    managing = BitMap(administrators(firm_state(firm)))
    # Of what else was done at once with turning control, `control_turned` tells nobody.
    clients = BitMap.union(BitMap(), *(each.clients for entry, each in found if entry.turned is None))
    known = managing if clients else BitMap()
    members = (known | (BitMap(list(holders)) - managing)) - BitMap([change[-1].actor or 0])
    return [
        NewNotice(
            member=number,
            kind=NoticeKind.SELF_ACCESS,
            facts=NoticeFacts(
                several=len(change) > 1,
                gained=Some.of(clients if number in managing else holders[number]),
                held=Some.of(holders.get(number, BitMap())),
            ),
        )
        for number in members
    ]


def _counts(entry: Notable) -> bool:
    """Of emergency access the same people are told by `emergency_opened`."""
    return entry.self_access and not entry.emergencies


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says of those of the clients that they may be told of now; None of none.

    Of all to who manages the firm still, to others of those that they held.
    """
    entry, manages = reader.entry(notice), reader.may(Capability.MANAGE)
    clients = reader.named_of(notice.facts.gained if manages else notice.facts.held)
    if entry is None or not clients.count:
        return None
    return {
        "clients": clients,
        "manages": manages,
        "who": reader.member_name(entry.actor),
        "when": reader.told_time(entry.at),
        "command": ""
        if notice.facts.several or not _may_know_of(reader, entry)
        else entry_text(entry.command),
        "link": reader.link("manage" if manages else "firm-home"),
    }


def _may_know_of(reader: FirmReader, entry: Notable) -> bool:
    """Whether they may be told what was done: that there are walls is for the control side (rules.md 9)."""
    return not entry.command.startswith("wall.") or reader.may(Capability.READ_CONTROL)
