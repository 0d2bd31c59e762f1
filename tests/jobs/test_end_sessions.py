"""What has ended is forgotten by the clock, and what goes on stays."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from ringfence.firms.models import User
from ringfence.firms.models.people import AddressChange, SignIn
from ringfence.jobs.end_sessions import end_sessions

pytestmark = pytest.mark.django_db


def test_ended_sessions_and_unused_links_are_forgotten_and_others_stay() -> None:
    now = timezone.now()
    for name, ends in (("ended", now - timedelta(minutes=1)), ("good", now + timedelta(minutes=1))):
        user = User.objects.create(email=f"{name}@pike.example")
        Session.objects.create(session_key=name, session_data="", expire_date=ends)
        SignIn.objects.create(session=name, user=user, began_at=ends - timedelta(hours=12))
        AddressChange.objects.create(user=user, address="new@pike.example", lapses_at=ends)
    end_sessions.call()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["good"]
    assert list(SignIn.objects.values_list("session", flat=True)) == ["good"]
    assert list(AddressChange.objects.values_list("user__email", flat=True)) == ["good@pike.example"]
