"""Around every page: the language of its sentences, and signing out who has been idle. Decides no access."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from ringfence.firms.models import User
from ringfence.wording.catalogue import in_language
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .keeping import KEEPING, KEPT, SIGNED_OUT
from .logs import cause

LOG = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]

SEEN = "seen"
"""The session's key for when the user was last here: seconds since 1970."""
PRECISION = 30
"""Seconds between two notes of it, so that not every page is a write."""


class SpeakTheReadersLanguage:
    """Says our sentences in the language of the request, which `LocaleMiddleware` has chosen before it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with in_language(get_language()):
            return self.answer(request)


class SignOutWhenIdle:
    """Signs a user out who has asked for no page for `SESSION_IDLE_SECONDS`."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "_auth_user_id" in request.session:
            now = int(time.time())
            seen = request.session.get(SEEN, now)
            if now - seen > settings.SESSION_IDLE_SECONDS:
                return self._signed_out(request)
            if SEEN not in request.session or (now - seen >= PRECISION and not only_looks(request)):
                _note(request, now)
        return self.answer(request)

    def _signed_out(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            request.META[SIGNED_OUT] = user
        logout(request)
        if request.method != "POST":
            messages.info(request, _idle_message())
            return self.answer(request)
        # What was sent may be kept for them, which is then told with it on the page that comes next.
        response = self.answer(request)
        messages.info(request, _idle_message(kept=KEPT in request.META))
        return response


def _note(request: HttpRequest, now: int) -> None:
    """Keep when the user was here. Where it cannot be written, the page goes on."""
    changed_before = request.session.modified
    request.session[SEEN] = now
    try:
        request.session.save()
    except UpdateError:
        # Signed out meanwhile, which Django sees at the end of the page.
        return
    except DatabaseError as error:
        LOG.warning("When a user was last seen is not kept: %s", cause(error))
    request.session.modified = changed_before


def only_looks(request: HttpRequest) -> bool:
    """Whether a page asks by itself how long the session lasts yet, or has kept what was typed into it."""
    return KEEPING in request.headers or (request.method == "GET" and request.path == reverse("session"))


def _idle_message(*, kept: bool = False) -> str:
    minutes = settings.SESSION_IDLE_SECONDS // 60
    told = ngettext(
        "You were signed out because nothing was asked for in %(minutes)s minute.",
        "You were signed out because nothing was asked for in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}
    then = (
        _("What you were writing is kept: sign in to go on with it.")
        if kept
        else _("Nothing that you had saved is lost.")
    )
    return f"{told} {then}"
