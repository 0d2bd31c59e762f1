"""The page that says that a change is done, and where to go from there.

Whoever sees Manage account gets back to it from each.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class DonePage(Page):
    panel: str
    """What stands under the title, in the panel."""
    text: str
    next_steps: tuple[Link, ...]


def done(
    visit: Visit,
    *,
    title: str,
    panel: str = "",
    text: str,
    next_steps: tuple[Link, ...] = (),
    section: str = "manage",
) -> HttpResponse:
    """Say it. `section` is where in the navigation the page belongs."""
    page = DonePage(
        frame=frame_for(visit, section),
        title=title,
        panel=panel,
        text=text,
        next_steps=(*next_steps, *_back(visit)),
    )
    return show(visit.request, "shared/done.html", page)


def _back(visit: Visit) -> tuple[Link, ...]:
    if not visit.can(Capability.READ_CONTROL):
        return ()
    return (Link(text=_("Return to manage account"), href=reverse("manage", args=[visit.firm.pk])),)
