"""Access control was turned on or off: to all active administrators and principals, who did it among them."""

from ringfence.access import firm_state
from ringfence.access.ledger.telling import Notable
from ringfence.access.notices import KeptNotice, NewNotice, NoticeKind
from ringfence.core.terms import Capability
from ringfence.notices.readers import FirmReader, administrators
from ringfence.wording import control_on, everybody_opens


def told(firm: int, entry: Notable) -> list[NewNotice]:
    """Who is told of the entry."""
    if entry.turned is None:
        return []
    return [
        NewNotice(member=number, kind=NoticeKind.CONTROL_TURNED)
        for number in administrators(firm_state(firm))
    ]


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says; None for who manages the firm no more."""
    entry = reader.entry(notice)
    if entry is None or entry.turned is None or not reader.may(Capability.MANAGE):
        return None
    off, now_off = not entry.turned, not reader.now.settings.control
    return {
        "off": off,
        "turned_since": off != now_off,
        # What is closed again since is not told as open.
        "opened": reader.named(reader.now.confidential) if off and now_off else None,
        "who": reader.member_name(entry.actor),
        "when": reader.told_time(entry.at),
        "opens": everybody_opens(walls=reader.now.walled),
        "given": control_on(reader.now.settings),
        "link": reader.link("manage"),
    }
