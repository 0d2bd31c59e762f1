"""A place in a firm: to a member who signs in to Ringfence already, and so needs no invitation."""

from django.conf import settings
from django.urls import reverse

from ringfence.notices.readers import reader_of
from ringfence.notices.sending import send


def send_place_given(firm: int, member: int, by: int) -> None:
    """Tell the member, if they have the place still; `by` is the member who asked for it.

    Raises as `sending.send` does.
    """
    found = reader_of(firm, member)
    if found is None:
        return
    link = settings.ADDRESS + reverse("account_login")
    send(found.recipient, "place_given", inviter=found.member_name(by), link=link)
