"""Stopping one's daily digest by the link in a mail, without signing in (RFC 8058).

A program for mail posts to the link and wants no other page; a person who follows it is asked first, since
programs that look at mails follow every link.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from ringfence.access.digest.choices import choose, wanted_by
from ringfence.access.digest.stop_links import place_of
from ringfence.firms.models import Firm
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPage(Page):
    firm_name: str
    stopped: bool
    yours: str
    """Where it is turned on again, after signing in."""


@csrf_exempt
@open_to(Audience.ANYONE, READS_AND_SENDS)
def stop(request: HttpRequest, key: str) -> HttpResponse:
    """Ask whether to stop the digest that the link came with; stop it where that is sent."""
    place = place_of(key)
    firm = Firm.objects.filter(pk=place.firm).first() if place is not None else None
    if place is None or firm is None:
        raise Http404
    if request.method == "POST":
        choose(place.firm, place.member, wanted=False, by_link=True)
    stopped = not wanted_by(place.firm, place.member).whole
    page = StopPage(
        frame=outer_frame(request),
        title=_("Your daily digest is stopped") if stopped else _("Do you want to stop your daily digest?"),
        firm_name=firm.name,
        stopped=stopped,
        yours=reverse("your-digest", args=[place.firm]),
        next=reverse("stop-digest", args=[key]),
    )
    return show(request, "digest/stop.html", page)
