"""Forgetting sessions and links that have ended: nobody asks for them again, and some hold addresses."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from ringfence.firms.models.people import AddressChange, SignIn

from .enqueue import Track, job


@job(Track.SHORT)
def end_sessions() -> None:
    """Remove what is left of sessions that ended by their age, and of addresses whose link was not used."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    SignIn.objects.filter(began_at__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()
    AddressChange.objects.filter(lapses_at__lt=now).delete()
