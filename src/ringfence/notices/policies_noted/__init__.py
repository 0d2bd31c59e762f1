"""Policies of the firm were found broken, or to hold again. To administrators and principals."""

from ringfence.access import FirmNow
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind
from ringfence.access.policing.kept import broken_policies, policy_words
from ringfence.access.policing.watching import Noted
from ringfence.core.terms import Capability
from ringfence.notices.blocks import MailLink
from ringfence.notices.readers import FirmReader, administrators


def told(now: FirmNow, noted: Noted) -> list[NewNotice]:
    """Who is told of it."""
    facts = NoticeFacts(broken=noted.broken, mended=noted.mended)
    return [
        NewNotice(member=member, kind=NoticeKind.POLICIES_NOTED, facts=facts)
        for member in administrators(now)
    ]


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What of it is still so; None of nothing, or for who manages the firm no more."""
    if not reader.may(Capability.MANAGE):
        return None
    told = {*notice.facts.broken, *notice.facts.mended}
    now_broken = broken_policies(reader.now, told)
    words = policy_words(reader.row.pk)
    there = [number for number in words if number in told]

    def named(numbers: tuple[int, ...], *, broken: bool) -> list[MailLink]:
        return [
            MailLink(words[number][0], reader.link("firm-policy", number))
            for number in there
            if number in numbers and (number in now_broken) is broken
        ]

    broken = named(notice.facts.broken, broken=True)
    mended = named(notice.facts.mended, broken=False)
    if not (broken or mended):
        return None
    return {
        "broken": broken,
        "mended": mended,
        "when": reader.told_time(notice.at),
        "link": reader.link("firm-policies"),
    }
