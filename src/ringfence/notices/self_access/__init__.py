"""Somebody who manages access let themselves in to clients (rules.md 5, "Self-access").

To the clients' Owners, or where there are none their direct grantees, each told of their own clients; and to
all other administrators and principals. Who is told of the same entry by `control_turned` is not told twice.
"""

from pyroaring import BitMap

from ringfence.access import firm_state
from ringfence.access.ledger.telling import Notable, self_access_of
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind, Some
from ringfence.core.terms import Capability
from ringfence.notices.readers import FirmReader, administrators
from ringfence.wording.ledger import entry_text


def told(firm: int, entry: Notable) -> list[NewNotice]:
    """Who is told of the entry, each of their clients."""
    if not entry.self_access:
        return []
    found = self_access_of(firm, entry.number)
    if not found.clients:
        return []
    managing = BitMap(administrators(firm_state(firm)))
    known = BitMap() if entry.turned is not None else managing
    members = (known | (BitMap(list(found.holders)) - managing)) - BitMap([entry.actor or 0])
    return [
        NewNotice(
            member=number,
            kind=NoticeKind.SELF_ACCESS,
            facts=NoticeFacts(gained=Some.of(found.clients if number in managing else found.holders[number])),
        )
        for number in members
    ]


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says of those of the clients that they may be told of now; None of none."""
    entry = reader.entry(notice)
    clients = reader.named_of(notice.facts.gained)
    if entry is None or not clients.count:
        return None
    manages = reader.may(Capability.MANAGE)
    return {
        "clients": clients,
        "manages": manages,
        "who": reader.member_name(entry.actor),
        "when": reader.told_time(entry.at),
        "command": entry_text(entry.command),
        "link": reader.link("manage" if manages else "firm-home"),
    }
