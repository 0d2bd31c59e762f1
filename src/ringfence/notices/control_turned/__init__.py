"""Access control was turned on or off: to all active administrators and principals, who did it among them."""

from django.conf import settings
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.access.ledger.telling import Notable, entry_told
from ringfence.core.terms import Capability
from ringfence.notices.readers import administrators, reader_of
from ringfence.notices.sending import in_their_words, send
from ringfence.wording import everybody_opens


def readers(firm: int, entry: Notable) -> list[int]:
    """To whom it goes, by number."""
    return list(administrators(firm_state(firm))) if entry.turned is not None else []


def send_control_turned(firm: int, number: int, member: int) -> None:
    """Tell the member, if they manage the firm still. Raises as `sending.send` does."""
    found, entry = reader_of(firm, member), entry_told(firm, number)
    if found is None or entry is None or entry.turned is None or not found.may(Capability.MANAGE):
        return
    off, now_off = not entry.turned, not found.now.settings.control
    # What is closed again since is not told as open.
    opened = found.named(found.now.confidential) if off and now_off else None
    with in_their_words(found.recipient):
        values = {
            "who": found.member_name(entry.actor),
            "when": found.told_time(entry.at),
            "opens": everybody_opens(walls=found.now.walled),
        }
    link = settings.ADDRESS + reverse("manage", args=[firm])
    send(
        found.recipient,
        "control_turned",
        off=off,
        turned_since=off != now_off,
        opened=opened,
        link=link,
        **values,
    )
