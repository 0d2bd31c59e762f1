"""A domain is the firm's no more: the record that proved it was missing for days. To administrators."""

from ringfence.access import firm_state
from ringfence.access.domains import domains_of
from ringfence.access.domains.names import domain_text
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind
from ringfence.core.terms import Capability
from ringfence.notices.readers import FirmReader, administrators


def told(firm: int, domain: str) -> list[NewNotice]:
    """Who is told of it; `domain` as DNS asks for it."""
    facts = NoticeFacts(words=domain)
    return [
        NewNotice(member=member, kind=NoticeKind.DOMAIN_LOST, facts=facts)
        for member in administrators(firm_state(firm))
    ]


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says; None where it is proved again or removed, or for who manages the firm no more."""
    there = [each for each in domains_of(reader.row.pk) if each.key == notice.facts.words]
    if not there or there[0].proved or not reader.may(Capability.MANAGE):
        return None
    return {
        "domain": domain_text(notice.facts.words),
        "record": there[0].record_name,
        "link": reader.link("domain", there[0].number),
    }
