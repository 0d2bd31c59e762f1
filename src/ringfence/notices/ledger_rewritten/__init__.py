"""The ledger no longer holds what the firm has signed. To whoever manages or audits the firm, once."""

from ringfence.access import FirmNow
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind, notices_of_kind
from ringfence.access.proof import LedgerBreak, ledger_break
from ringfence.core.terms import Capability, Instant
from ringfence.notices.readers import FirmReader
from ringfence.wording.proof import break_texts, break_what_to_do


def told(now: FirmNow) -> list[NewNotice]:
    """Who is told of it, and was not yet. To be asked within the transaction that hands it down."""
    found = ledger_break(now.firm)
    if found is None:
        return []
    readers = [number for number in now.active_members if now.may(number, Capability.READ_CONTROL)]
    before = notices_of_kind(now.firm, readers, NoticeKind.LEDGER_REWRITTEN, since=Instant(0))
    know = {each.member for each in before if each.facts.entry == found.entry}
    facts = NoticeFacts(entry=found.entry, since=found.signed, fits=found.fits)
    return [
        NewNotice(member=member, kind=NoticeKind.LEDGER_REWRITTEN, facts=facts)
        for member in readers
        if member not in know
    ]


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """As it was found, whatever the ledger holds since; None for who may not read it any more."""
    if not reader.may(Capability.READ_CONTROL):
        return None
    facts = notice.facts
    found = LedgerBreak(entry=facts.entry, signed=facts.since, fits=facts.fits)
    return {
        "texts": break_texts(found.entry, reader.told_time(found.signed), found.fits),
        "steps": break_what_to_do(found.entry),
        "link": reader.link("proof"),
    }
