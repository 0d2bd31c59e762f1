"""An invitation to sign in: to the member, at the address that their firm has for them."""

from django.conf import settings

from ringfence.access import invitations
from ringfence.notices.sending import Recipient, send


def send_invitation(firm: int, member: int) -> None:
    """Send it, unless it was accepted, lapsed or taken back meanwhile. Raises as `sending.send` does.

    Each mail has a link of its own, so that one that is sent again voids the one before.
    """
    found = invitations.letter(firm, member, settings.ADDRESS)
    if found is None:
        return
    recipient = Recipient(address=found.address, language=found.language, firm=found.firm)
    days = invitations.LASTS.days
    send(recipient, "invitation", link=found.link, inviter=found.inviter, days=days)
