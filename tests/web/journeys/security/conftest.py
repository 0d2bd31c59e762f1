"""Cai at their own sign-in: they have a password, and have just signed in with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from django.urls import reverse

from tests.web.journeys.security.cai import EMAIL, PASSWORD

if TYPE_CHECKING:
    from ringfence.firms.models import User
    from tests.web.cast import Cast
    from tests.web.checks import PageClient


@pytest.fixture(autouse=True)
def passwords_are_worked_out_at_once() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def user(cast: Cast) -> User:
    """Cai's."""
    cai = cast.users["Cai"]
    cai.set_password(PASSWORD)
    cai.save()
    return cai


@pytest.fixture
def here(user: User, visitor: PageClient) -> PageClient:
    """Cai's browser."""
    form = {"login": EMAIL, "password": PASSWORD}
    visitor.post(
        reverse("account_login"), form, headers={"user-agent": "Mozilla/5.0 (Windows) Firefox/140.0"}
    )
    return visitor


@pytest.fixture
def elsewhere(user: User, here: PageClient) -> PageClient:
    """Another browser of Cai's."""
    other = here.__class__()
    form = {"login": EMAIL, "password": PASSWORD}
    other.post(reverse("account_login"), form, headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1"})
    return other
