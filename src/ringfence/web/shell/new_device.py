"""A sign-in with a browser that is not known to the account: told by mail, but for the first there ever was.

A browser is known by a signed cookie (`visitors`), for five accounts and 400 days. It opens nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from ringfence.core.days import instant
from ringfence.firms.models import SignIn, User
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.send_new_device import send_new_device

from .visitors import known_browser

FIRST = "ringfence.first_sign_in"
"""In a request's environ: whether the user who signs in never had before."""


def tell_of_new_device(request: HttpRequest, user: User) -> None:
    """Have it told; after the sign-in was noted, and before the browser is known."""
    if not settings.SENDS_MAIL or request.META.get(FIRST, False) or known_browser(request, user.email):
        return
    began = SignIn.objects.filter(session=request.session.session_key).values_list("began_at", flat=True)
    for at in began:
        enqueue(send_new_device, user.pk, instant(at))
