"""How long a session lasts: so long without a request, and so long at most. Decides no access.

When the user was last here is told by a signed cookie, not by the table of sessions: a page that only reads
writes nothing, and so waits for no writer.
"""

import time
from collections.abc import Callable
from functools import partial
from importlib import import_module

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ringfence.firms.models import User
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .came_by import CAME_BY
from .keeping import KEEPING, KEPT, SIGNED_OUT

Answer = Callable[[HttpRequest], HttpResponse]

SIGNED_IN = "signed_in"
"""The session's key for when it began: seconds since 1970."""
LASTS = "lasts"
"""The session's key for how many seconds it lasts at most: of the firms entered in it, the strictest says."""
SEEN = f"{settings.HOST_COOKIE}seen"
"""The cookie for when the user was last here, likewise; good with its own session alone."""
PRECISION = 30
"""Seconds between two notes of it."""


class EndSessions:
    """Signs out who asks for nothing for `SESSION_IDLE_SECONDS`, and all after `SESSION_COOKIE_AGE`."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer(request)
        if SESSION_KEY in request.session:
            request.session.setdefault(SIGNED_IN, _now())
            if _is_news(request):
                _note(request, response)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY not in request.session:
            return self.answer(request)
        # A session that began elsewhere than at the sign-in page is counted from now.
        request.session.setdefault(SIGNED_IN, _now())
        if _now() - request.session[SIGNED_IN] >= longest(request):
            return self._signed_out(request, partial(longest_message, longest(request)))
        if _now() - _seen(request) > settings.SESSION_IDLE_SECONDS:
            return self._signed_out(request, _idle_message)
        return self.answer(request)

    def _signed_out(self, request: HttpRequest, why: Callable[[], str]) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            request.META[SIGNED_OUT] = user
            request.META[CAME_BY] = request.session.get(CAME_BY)
        # The row is left to be cleared: its time is over, and deleting it here would be a write.
        request.session = import_module(settings.SESSION_ENGINE).SessionStore()
        request.user = AnonymousUser()
        if request.method != "POST":
            messages.info(request, f"{why()} {_('Nothing that you had saved is lost.')}")
            return self.answer(request)
        # What was sent may be kept for them, which is then told with it on the page that comes next.
        response = self.answer(request)
        then = (
            _("What you were writing is kept: sign in to go on with it.")
            if KEPT in request.META
            else _("Nothing that you had saved is lost.")
        )
        messages.info(request, f"{why()} {then}")
        return response


def longest(request: HttpRequest) -> int:
    """For how many seconds the session of a signed-in user may last."""
    return int(min(settings.SESSION_COOKIE_AGE, request.session.get(LASTS, settings.SESSION_COOKIE_AGE)))


def shorten(request: HttpRequest, seconds: int) -> bool:
    """Have the session last no longer than that; whether it may go on."""
    if seconds < longest(request):
        request.session[LASTS] = seconds
    return _now() - int(request.session.get(SIGNED_IN, _now())) < seconds


def seconds_left(request: HttpRequest) -> int:
    """How long the session of a signed-in user lasts yet, if nothing is asked for until then."""
    seen = _now() if _is_news(request) and request.method == "POST" else _seen(request)
    idle = settings.SESSION_IDLE_SECONDS - (_now() - seen)
    return int(min(idle, longest(request) - (_now() - request.session[SIGNED_IN])))


def _seen(request: HttpRequest) -> int:
    """When the signed-in user was last here, before this request."""
    noted = _noted(request)
    return int(request.session[SIGNED_IN]) if noted is None else noted


def _now() -> int:
    return int(time.time())


def signer(request: HttpRequest) -> Signer:
    """Signs the note in the cookie, for the request's session alone."""
    return Signer(salt=f"seen {request.session.session_key}")


def _noted(request: HttpRequest) -> int | None:
    try:
        return int(signer(request).unsign(request.COOKIES.get(SEEN, "")))
    except BadSignature:
        return None


def _is_news(request: HttpRequest) -> bool:
    """Whether the request is made by the user, not by the page itself, and not noted yet."""
    if KEEPING in request.headers or (request.method == "GET" and request.path == reverse("session")):
        return False
    noted = _noted(request)
    return request.method == "POST" or noted is None or _now() - noted >= PRECISION


def _note(request: HttpRequest, response: HttpResponse) -> None:
    response.set_cookie(
        SEEN,
        signer(request).sign(str(_now())),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def longest_message(seconds: int) -> str:
    """Why somebody was signed out who has been signed in for so long."""
    hours = seconds // 3600
    return ngettext(
        "You were signed out because you had been signed in for %(hours)s hour.",
        "You were signed out because you had been signed in for %(hours)s hours.",
        hours,
    ) % {"hours": hours}


def _idle_message() -> str:
    minutes = settings.SESSION_IDLE_SECONDS // 60
    return ngettext(
        "You were signed out because nothing was asked for in %(minutes)s minute.",
        "You were signed out because nothing was asked for in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}
