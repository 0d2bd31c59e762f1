"""What the pages of a user's own sign-in have in common: how they ask yes or no, and say dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ringfence.core.days import instant
from ringfence.firms.models import User
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.visit import memberships
from ringfence.wording.times import moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class SurePage(Page):
    paragraphs: tuple[str, ...]
    button: str
    warns: bool
    """Whether it takes something away."""


def sure(
    request: HttpRequest, title: str, paragraphs: tuple[str, ...], button: str, *, warns: bool = True
) -> HttpResponse:
    """Say what will be done, with one button that does it."""
    page = SurePage(
        frame=outer_frame(request),
        title=title,
        back=reverse("your-sign-in"),
        paragraphs=paragraphs,
        button=button,
        warns=warns,
    )
    return show(request, "security/sure.html", page)


def user_of(request: HttpRequest) -> User:
    """Who is signed in, below `open_to(Audience.SIGNED_IN)`."""
    assert isinstance(request.user, User)
    return request.user


def zone_of(user: User) -> ZoneInfo:
    """The time zone of the first of the user's firms."""
    places = memberships(user)
    return ZoneInfo(places[0].firm.timezone if places else "Europe/London")


def when(moment: datetime, zone: ZoneInfo) -> str:
    """``29 November 2026, 10:05``."""
    return moment_text(instant(moment), zone)
