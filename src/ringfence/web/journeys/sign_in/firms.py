"""Which of a user's firms they go on in."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.founding import no_firm_yet
from ringfence.core.directory import sort_key
from ringfence.firms.models import User
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import open_to, places_open
from ringfence.wording.saying import gettext as _

MANY = 7
"""Firms that are taken in at a glance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmsPage(Page):
    firms: tuple[Link, ...]
    search: str
    many: bool
    """Whether there are so many that they can be searched."""


@open_to(Audience.ANYONE)
def choose_firm(request: HttpRequest) -> HttpResponse:
    """The user's firms; who has one goes straight to it. An empty installation is set up first."""
    if not isinstance(request.user, User):
        return redirect("first-run") if no_firm_yet() else redirect_to_login(request.get_full_path())
    places = places_open(request)
    if len(places) == 1:
        return redirect("firm-home", firm=places[0].firm_id)
    search = request.GET.get("search", "").strip()
    links = tuple(
        Link(text=place.firm.name, href=reverse("firm-home", args=[place.firm_id]))
        for place in places
        if sort_key(search) in sort_key(place.firm.name)
    )
    title = _("Choose a firm") if places else _("You have no place in a firm")
    return show(
        request,
        "sign_in/choose_firm.html",
        FirmsPage(
            frame=outer_frame(request),
            title=title,
            firms=links,
            search=showable(search),
            many=len(places) > MANY,
        ),
    )
