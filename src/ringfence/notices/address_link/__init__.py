"""A link that makes an address the one that a user signs in with: to that address, as its proof.

Where somebody signs in with it already, they are told so and nothing changes: the page said the same in
either case.
"""

from django.conf import settings

from ringfence.access.address_changes import LASTS, address_letter
from ringfence.notices.sending import Recipient, send
from ringfence.wording.catalogue import LANGUAGES


def send_address_link(user: int) -> None:
    """Send it, unless that is over meanwhile. Raises as `sending.send` does."""
    found = address_letter(user, settings.ADDRESS)
    if found is None:
        return
    recipient = Recipient(address=found.address, language=found.language or LANGUAGES[0])
    send(recipient, "address_link", link=found.link, days=LASTS.days)
