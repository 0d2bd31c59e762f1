"""How long the session lasts yet: what the warning before signing out asks, and how it is put off."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from ringfence.web.shell.capability import Audience
from ringfence.web.shell.session_end import seconds_left
from ringfence.web.shell.visit import READS_AND_SENDS, open_to


@open_to(Audience.ANYONE, READS_AND_SENDS)
def session(request: HttpRequest) -> HttpResponse:
    """Seconds left, 0 when signed out. Asking (GET) does not prolong the session, sending (POST) does."""
    return JsonResponse({"left": seconds_left(request) if request.user.is_authenticated else 0})
