"""Pages for what went wrong.

Those for a person who may not go on there keep their name, menu and sign-out; those for a fault of ours or of
the request stand alone: no firm, no state, no database.
"""

import logging
import sys
from contextlib import nullcontext

from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from ringfence.access.connection import closes, does_not_answer
from ringfence.wording import capability_text
from ringfence.wording.saying import in_words_of

from .capability import Capability
from .logs import place
from .page import Page
from .render import frame_for, outer_frame
from .sign_in_rules import Outside
from .visit import PlaceEnded, visit_of

LOG = logging.getLogger(__name__)
SECONDS = "30"
"""When to try again after a 503."""
LONGEST_HOST = 255
"""Characters of a host name; whatever is longer is none."""


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """With what has happened, to who was deactivated in the firm while signed in."""
    if isinstance(exception, PlaceEnded):
        return _within(request, "errors/place_ended.html", 404, firm=str(exception))
    return _within(request, "errors/404.html", 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """With who may open the page, where its guard says what it asks for."""
    if isinstance(exception, Outside):
        return _outside(request, exception)
    needed = next((each for each in exception.args if isinstance(each, Capability)), None)
    return _within(request, "errors/403.html", 403, who=capability_text(needed) if needed is not None else "")


def _outside(request: HttpRequest, kept_out: Outside) -> HttpResponse:
    """For an administrator who is in none of their firm's networks: without anything of the firm."""
    page = Page(frame=outer_frame(request), title="")
    shown = {"page": page, "firm": kept_out.firm, "address": kept_out.address}
    response = render(request, "errors/outside.html", shown, status=403)
    add_never_cache_headers(response)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For a host that is not ours, too much at once and whatever else makes no sense."""
    too_much = isinstance(exception, TooManyFieldsSent | RequestDataTooBig)
    status = 413 if too_much else 400
    if isinstance(exception, DisallowedHost):
        host = request.META.get("HTTP_HOST", "")[:LONGEST_HOST]
        LOG.warning("%s %s: RINGFENCE_HOSTS does not name %a", status, place(request), host)
    else:
        LOG.warning("%s %s: %s", status, place(request), type(exception).__name__)
    return _alone(request, "errors/too_much.html" if too_much else "errors/400.html", status)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: from another site, or from before the last sign-in."""
    LOG.warning("403 %s: %s", place(request), reason)
    return _within(request, "errors/stale_form.html", 403)


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to an error that nobody expected; 503 where it is the database that does not answer."""
    if closes(sys.exc_info()[1]):
        return closed(request)
    if does_not_answer(sys.exc_info()[1]):
        return unavailable(request)
    return _alone(request, "errors/500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The state cannot be read: an error, never an older answer (rules.md 2)."""
    response = _alone(request, "errors/503.html", 503)
    response["Retry-After"] = SECONDS
    return response


def closed(request: HttpRequest) -> HttpResponse:
    """The firm is on its way to another database: nothing of it can be changed."""
    response = _alone(request, "errors/closed.html", 503)
    response["Retry-After"] = SECONDS
    return response


def _alone(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """The page without anybody's name and menu: what they are read from may be what fails."""
    response = render(request, template, status=status)
    add_never_cache_headers(response)
    return response


def _within(request: HttpRequest, template: str, status: int, **shown: str) -> HttpResponse:
    """With name, menu and sign-out of who is signed in, in the firm of the address if there is one."""
    visit = visit_of(request)
    with in_words_of(visit.settings) if visit is not None else nullcontext():
        frame = frame_for(visit) if visit is not None else outer_frame(request)
        page = Page(frame=frame, title="")
        response = render(request, template, {"page": page, **shown}, status=status)
    add_never_cache_headers(response)
    return response
