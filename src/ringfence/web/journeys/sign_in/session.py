"""How long the session lasts yet: what the warning before signing out asks, and how it is put off."""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from ringfence.web.shell.capability import Audience
from ringfence.web.shell.middleware import SEEN
from ringfence.web.shell.visit import open_to


@open_to(Audience.ANYONE)
def session(request: HttpRequest) -> HttpResponse:
    """Seconds left, 0 when signed out. Asking (GET) does not prolong the session, sending (POST) does."""
    if not request.user.is_authenticated:
        return JsonResponse({"left": 0})
    now = int(time.time())
    if request.method == "POST":
        request.session[SEEN] = now
    seen = request.session.get(SEEN, now)
    return JsonResponse({"left": settings.SESSION_IDLE_SECONDS - (now - seen)})
