"""The firm's directory does not keep its people any more: the brake held, or it has not answered for a day.

To administrators.
"""

from ringfence.access import firm_state
from ringfence.access.directories import WELL, directory_of
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind
from ringfence.core.terms import Capability
from ringfence.notices.readers import FirmReader, administrators
from ringfence.wording.directories import why_text


def told(firm: int, *, stopped: bool) -> list[NewNotice]:
    """Who is told of it; `stopped`: the brake held."""
    facts = NoticeFacts(stopped=stopped)
    return [
        NewNotice(member=member, kind=NoticeKind.DIRECTORY_STOPS, facts=facts)
        for member in administrators(firm_state(firm))
    ]


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says; None where it goes on, or for who manages the firm no more."""
    kept = directory_of(reader.row.pk)
    if kept is None or kept.last.status in (*WELL, "") or not reader.may(Capability.MANAGE):
        return None
    last = kept.last
    return {
        "braked": last.status == "braked",
        "going": last.going,
        "held": last.held,
        "since": reader.told_time(last.failing_since),
        "why": why_text(last.why, last.said, last.about) if last.why else "",
        "link": reader.link("directory"),
    }
