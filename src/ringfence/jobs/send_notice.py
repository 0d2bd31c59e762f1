"""Notices: handing them down within a transaction, and sending each by mail to who wants it so."""

from collections.abc import Iterable

from ringfence.access.notices import NewNotice, hand_down, kept_notice, not_by_mail
from ringfence.notices import kinds
from ringfence.notices.readers import reader_of

from .enqueue import Track, enqueue, job


@job(Track.MAIL)
def send_notice(firm: int, member: int, number: int) -> None:
    """One notice of one member."""
    reader, notice = reader_of(firm, member), kept_notice(firm, member, number)
    if reader is not None and notice is not None:
        kinds.send_notice(reader, notice)


def tell(firm: int, at: int, new: Iterable[NewNotice], *, entry: int = 0) -> None:
    """Keep the notices and have them sent, all within the caller's transaction, which has the firm's row.

    `at`: when it happened, microseconds since 1970 UTC.
    """
    kept = hand_down(firm, at, new, entry=entry)
    unwanted = not_by_mail(firm, {notice.member for notice in kept}) if kept else set()
    for notice in kept:
        if kinds.KINDS[notice.kind].always or (notice.member, notice.kind) not in unwanted:
            enqueue(send_notice, firm, notice.member, notice.number)
