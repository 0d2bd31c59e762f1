"""A link to set a password: to who signs in with the address at which somebody asked for it."""

from django.conf import settings

from ringfence.access.password_links import link_days, link_for_who_asked
from ringfence.notices.sending import Recipient, send
from ringfence.wording.catalogue import LANGUAGES


def send_password_link(user: int, language: int) -> None:
    """Send it, if there still is such a user who may come in.

    `language` is the place in `LANGUAGES` of the page's, for who has chosen none. Raises as `sending.send`
    does.
    """
    found = link_for_who_asked(user, settings.ADDRESS)
    if found is None:
        return
    who, link = found
    recipient = Recipient(address=who.email, language=who.language or LANGUAGES[language])
    send(recipient, "password_link", link=link, days=link_days())
