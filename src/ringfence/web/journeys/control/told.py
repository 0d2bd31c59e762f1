"""Who is told by mail that access control was turned on or off (`ringfence.notices.control_turned`)."""

from django.conf import settings

from ringfence.wording.saying import gettext as _


def told_by_mail() -> str:
    """In a sentence, also where no mail is sent."""
    if settings.SENDS_MAIL:
        return _("All administrators are told by e-mail.")
    return _("No mail is sent here, so tell the other administrators yourself.")
