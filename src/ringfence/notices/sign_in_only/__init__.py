"""The firm's own sign-in alone lets people in, or no more; nobody keeps a password. To administrators."""

from ringfence.access import firm_state
from ringfence.access.ledger.telling import Notable
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind
from ringfence.access.sign_in_only import keeper_of, required_of
from ringfence.core.terms import Capability
from ringfence.notices.readers import FirmReader, administrators

KEEPER_LEFT = "keeper-left"
"""In the words of a notice whose `who` kept the password; else `who` turned it on or off."""


def told_turned(firm: int, member: int) -> list[NewNotice]:
    """Who is told that the member, 0 for the operator, turned it on or off: who did it among them."""
    return _to_administrators(firm, NoticeFacts(who=member))


def told(firm: int, entry: Notable) -> list[NewNotice]:
    """Who is told that whoever keeps the password manages the firm no more."""
    keeper = keeper_of(firm) if entry.demoted else 0
    if keeper not in entry.demoted or firm_state(firm).may(keeper, Capability.MANAGE):
        return []
    return _to_administrators(firm, NoticeFacts(who=keeper, words=KEEPER_LEFT))


def _to_administrators(firm: int, facts: NoticeFacts) -> list[NewNotice]:
    return [
        NewNotice(member=number, kind=NoticeKind.SIGN_IN_ONLY, facts=facts)
        for number in administrators(firm_state(firm))
    ]


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says, as things stand; None where that is over, and for who manages the firm no more."""
    firm, who = reader.row.pk, notice.facts.who
    required, keeper = required_of(firm), keeper_of(firm)
    left = notice.facts.words == KEEPER_LEFT
    if not reader.may(Capability.MANAGE) or (left and (required is None or keeper != who)):
        return None
    return {
        "left": left,
        "provider": required.name if required is not None else "",
        "who": reader.member_name(who or None),
        "keeper": reader.member_name(keeper) if required is not None else "",
        "when": reader.told_time(notice.at),
        "link": reader.link("firm-sign-in"),
    }
