"""Somebody signed in with a browser in which they had not before: to them, unless it was their first."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from ringfence.access.places import places_of
from ringfence.core.terms import Instant
from ringfence.firms.models import SignIn, User
from ringfence.notices.sending import Recipient, send
from ringfence.wording.catalogue import LANGUAGES
from ringfence.wording.times import moment_text


def send_new_device(user: int, at: int) -> None:
    """Send it; `at` is when they signed in, microseconds since 1970 UTC. Raises as `sending.send` does."""
    who = User.objects.filter(pk=user, is_active=True).first()
    if who is None:
        return
    began = datetime.fromtimestamp(at // 1_000_000, UTC).replace(microsecond=at % 1_000_000)
    # Gone, where that session has ended already.
    row = SignIn.objects.filter(user=who, began_at=began).first()
    browser = " · ".join(filter(None, (row.browser, row.system))) if row is not None else ""
    places = places_of(who.pk)
    zone = ZoneInfo(places[0].firm.timezone if places else "Europe/London")
    send(
        Recipient(address=who.email, language=who.language or LANGUAGES[0]),
        "new_device",
        time=moment_text(Instant(at), zone),
        browser=browser,
        link=settings.ADDRESS + reverse("password-link"),
    )
