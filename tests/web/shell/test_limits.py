"""Attempts are counted once for all processes, in the database, and so over restarts too."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse

from ringfence.cli.backups.kept_rows import models
from ringfence.firms.models import AddressChange, Attempt, SignIn
from tests.web.checks import PageClient
from tests.web.reading import errors

pytestmark = pytest.mark.both_databases

KEPT = "django.core.mail.backends.locmem.EmailBackend"
ELSEWHERE = """
from ringfence.cli.setup import set_up
set_up()
from django.test import Client
for _ in range(5):
    answer = Client().post("/password-link", {"email": "dilys@pike.example"}, headers={"host": "localhost"})
    assert answer.status_code == 200, answer.status_code
"""


@pytest.mark.django_db(transaction=True)
def test_what_was_asked_of_another_process_counts() -> None:
    subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env=os.environ | {"RINGFENCE_DATABASE": settings.DATABASE_URL, "RINGFENCE_EMAIL_BACKEND": KEPT},
        check=True,
    )
    with override_settings(SENDS_MAIL=True):
        response = PageClient().post(reverse("password-link"), {"email": "dilys@pike.example"})
    assert errors(response) == [
        ("Links were asked for several times. Use the last one, or ask again in an hour", "#email")
    ]


def test_what_passes_within_a_day_is_in_no_backup() -> None:
    assert not {AddressChange, Attempt, SignIn} & set(models())
