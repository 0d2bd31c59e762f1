"""What is done once somebody has signed in: their browser is known, speaks their language, and is listed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ringfence.firms.models import User

from .new_device import tell_of_new_device
from .security_noting import note_signed_in
from .sign_ins import note_sign_in
from .visitors import remember_browser


def signed_in(
    request: HttpRequest, response: HttpResponse, place: tuple[int, int] | None = None
) -> HttpResponse:
    """The response, for who is signed in now; whoever is not gets it as it is.

    `place` is firm and member where the sign-in is known to that firm alone.
    """
    user = request.user
    if not isinstance(user, User):
        return response
    note_sign_in(request, user)
    note_signed_in(request, user, place)
    tell_of_new_device(request, user)
    remember_browser(request, response, user.email)
    if user.language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return response
