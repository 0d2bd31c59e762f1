"""Somebody opened a client in an emergency (rules.md 10): told at once, whatever the reader has chosen.

To the client's Owners, or where there are none its direct grantees, and to all administrators and principals;
never to whoever opened it.
"""

from pyroaring import BitMap

from ringfence.access import firm_state
from ringfence.access.emergencies import is_told, told_of
from ringfence.access.ledger.telling import Notable
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind
from ringfence.notices.readers import FirmReader, administrators
from ringfence.wording.levels_and_roles import level_name
from ringfence.wording.times import until_text


def told(firm: int, entry: Notable) -> list[NewNotice]:
    """Who is told of the entry."""
    if not entry.emergencies:
        return []
    now = firm_state(firm)
    managing = BitMap(administrators(now))
    return [
        NewNotice(
            member=number,
            kind=NoticeKind.EMERGENCY_OPENED,
            facts=NoticeFacts(client=opened.client, asker=opened.member),
        )
        for opened in entry.emergencies
        for number in (managing | told_of(now, opened.client)) - BitMap([opened.member])
    ]


def about(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """Who opened one; None for who may not be told of the client, or of that, any more."""
    if not is_told(reader.now, reader.member, notice.facts.client):
        return None
    return {"who": reader.member_name(notice.facts.asker)}


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """Who opened which client, why, and until when."""
    found, entry = about(reader, notice), reader.entry(notice)
    client = reader.client_name(notice.facts.client)
    if found is None or client is None or entry is None or not entry.emergencies:
        return None
    opened = entry.emergencies[0]
    return {
        **found,
        "client": client,
        "reason": entry.reason,
        "level": level_name(opened.level),
        "until": until_text(opened.expires, reader.zone),
        "when": reader.told_time(entry.at),
        "link": reader.link("emergencies"),
    }
