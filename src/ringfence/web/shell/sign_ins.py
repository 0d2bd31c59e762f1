"""Where a user is signed in: noted when they sign in, told to them, and ended by them. Decides no access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from ringfence.access.address_changes import forget_address
from ringfence.firms.models import ProviderSession, SignIn, User
from ringfence.wording.saying import gettext as _

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""What a browser says of itself, and its name: of several that fit, the first."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""The same for what it runs on."""


@dataclass(frozen=True, slots=True)
class SignedInAt:
    """One session of a user."""

    began_at: datetime
    browser: str
    """In words."""
    here: bool
    """Whether it is the one that asks."""


def note_sign_in(request: HttpRequest, user: User) -> None:
    """Note the session that has just begun; those that are over are forgotten by the clock."""
    said = request.headers.get("User-Agent", "")
    noted = SignIn(
        session=str(request.session.session_key),
        user=user,
        began_at=timezone.now(),
        browser=named_in(said, BROWSERS),
        system=named_in(said, SYSTEMS),
    )
    columns = ["user", "began_at", "browser", "system"]
    SignIn.objects.bulk_create(
        [noted], update_conflicts=True, unique_fields=["session"], update_fields=columns
    )


def forget_sign_in(request: HttpRequest) -> None:
    """The session of the request is over."""
    if request.session.session_key:
        SignIn.objects.filter(session=request.session.session_key).delete()


def places_of(request: HttpRequest, user: User) -> tuple[SignedInAt, ...]:
    """The user's sessions that have not ended, the latest first."""
    rows = list(SignIn.objects.filter(user=user, began_at__gt=_longest_ago()).order_by("-began_at"))
    keys = Session.objects.filter(
        session_key__in=[row.session for row in rows], expire_date__gt=timezone.now()
    )
    there = set(keys.values_list("session_key", flat=True))
    here = request.session.session_key
    return tuple(
        SignedInAt(row.began_at, _words(row), row.session == here) for row in rows if row.session in there
    )


def end_other_sessions(request: HttpRequest, user: User) -> None:
    """End all sessions of the user but the one that asks, whether they were noted or not.

    Another address that one of them asked for is given up: its link would be a way back in.
    """
    with transaction.atomic():
        forget_address(user)
        User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
        user.refresh_from_db(fields=["sessions_ended"])
        keep_this_session(request, user)


def keep_this_session(request: HttpRequest, user: User) -> None:
    """Let the session that asks go on, and no other, once what sessions hold of the user is another."""
    before = request.session.session_key
    update_session_auth_hash(request, user)
    SignIn.objects.filter(session=before).update(session=request.session.session_key)
    ProviderSession.objects.filter(session=before).update(session=request.session.session_key)
    others = SignIn.objects.filter(user=user).exclude(session=request.session.session_key)
    Session.objects.filter(session_key__in=list(others.values_list("session", flat=True))).delete()
    others.delete()


def _longest_ago() -> datetime:
    return timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)


def named_in(said: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in said), "")


def _words(row: SignIn) -> str:
    """Such as ``Firefox on Windows``."""
    if row.browser and row.system:
        return _("%(browser)s on %(system)s") % {"browser": row.browser, "system": row.system}
    return row.browser or row.system or _("A browser that is not known")
