"""Somebody came in with the password that is kept for when the firm's provider is down. To administrators."""

from ringfence.access import firm_state
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind
from ringfence.core.terms import Capability
from ringfence.notices.readers import FirmReader, administrators


def told(firm: int, member: int) -> list[NewNotice]:
    """Who is told of it: all of them, who did it among them."""
    facts = NoticeFacts(who=member)
    return [
        NewNotice(member=number, kind=NoticeKind.KEPT_PASSWORD, facts=facts)
        for number in administrators(firm_state(firm))
    ]


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says; None for who manages the firm no more."""
    if not reader.may(Capability.MANAGE):
        return None
    return {
        "who": reader.member_name(notice.facts.who),
        "when": reader.told_time(notice.at),
        "you": notice.facts.who == reader.member,
        "link": reader.link("firm-sign-in"),
    }
