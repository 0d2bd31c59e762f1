"""Pages for what went wrong. They stand alone: no firm, no state, no database."""

import logging
import sys

from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ringfence.access import StateUnavailable
from ringfence.wording import capability_text

from .capability import Capability
from .logs import place

LOG = logging.getLogger(__name__)
SECONDS = "30"
"""When to try again after a 503."""
LONGEST_HOST = 255
"""Characters of a host name; whatever is longer is none."""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """With who may open the page, where its guard says what it asks for."""
    needed = next((each for each in exception.args if isinstance(each, Capability)), None)
    who = capability_text(needed) if needed is not None else ""
    return render(request, "errors/403.html", {"who": who}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For a host that is not ours, too many fields and whatever else makes no sense."""
    if isinstance(exception, DisallowedHost):
        host = request.META.get("HTTP_HOST", "")[:LONGEST_HOST]
        LOG.warning("400 %s: RINGFENCE_HOSTS does not name %a", place(request), host)
    else:
        LOG.warning("400 %s: %s", place(request), type(exception).__name__)
    return render(request, "errors/400.html", status=400)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: from another site, or from before the last sign-in."""
    LOG.warning("403 %s: %s", place(request), reason)
    return render(request, "errors/stale_form.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to an error that nobody expected; 503 where it is the database that does not answer."""
    if isinstance(sys.exc_info()[1], StateUnavailable | OperationalError | InterfaceError):
        return unavailable(request)
    return render(request, "errors/500.html", status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The state cannot be read: an error, never an older answer (rules.md 2)."""
    response = render(request, "errors/503.html", status=503)
    response["Retry-After"] = SECONDS
    return response
