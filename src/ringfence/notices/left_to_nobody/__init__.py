"""A change left clients to nobody: the last who could open them left or lost access. To administrators."""

from collections.abc import Sequence

from ringfence.access import firm_state
from ringfence.access.ledger.telling import Notable, moved_by
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind, Some
from ringfence.core.terms import Capability
from ringfence.notices.readers import FirmReader, administrators
from ringfence.wording.ledger import entry_text


def told(firm: int, change: Sequence[Notable]) -> list[NewNotice]:
    """Who is told of the change, whoever did it among them: that it was the last holder shows in no list."""
    if not any(entry.moves for entry in change):
        return []
    left = moved_by(firm, change[0].number, change[-1].number).left
    if not left:
        return []
    return [
        NewNotice(
            member=member,
            kind=NoticeKind.LEFT_TO_NOBODY,
            facts=NoticeFacts(several=len(change) > 1, lost=Some.of(left)),
        )
        for member in administrators(firm_state(firm))
    ]


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says of those that nobody can open now; None of none, or for who manages the firm no more."""
    entry = reader.entry(notice)
    clients = notice.facts.lost.clients
    if entry is None or not reader.may(Capability.MANAGE):
        return None
    nobodys = reader.now.coverage.nobody
    found = reader.named(clients & nobodys) if clients is not None else reader.named(nobodys)
    if not found.count:
        return None
    return {
        "clients": found,
        "who": reader.member_name(entry.actor),
        "when": reader.told_time(entry.at),
        "command": "" if notice.facts.several else entry_text(entry.command),
        "link": reader.link("report-closed"),
    }
