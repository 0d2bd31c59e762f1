"""Somebody who is signed in asked for another address: to the present one, while it can be stopped."""

from django.conf import settings
from django.urls import reverse

from ringfence.access.address_changes import waiting_address
from ringfence.firms.models import User
from ringfence.notices.sending import Recipient, send
from ringfence.wording.catalogue import LANGUAGES


def send_address_notice(user: int) -> None:
    """Send it, unless that is over meanwhile. Raises as `sending.send` does."""
    who = User.objects.filter(pk=user, is_active=True).first()
    if who is None or not waiting_address(who):
        return
    recipient = Recipient(address=who.email, language=who.language or LANGUAGES[0])
    send(recipient, "address_notice", link=settings.ADDRESS + reverse("password-link"))
