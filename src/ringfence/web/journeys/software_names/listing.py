"""The names that a firm's other software uses, with what each means."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.software_names import said
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .means import MEANINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareNameLine:
    """A name in the list."""

    name: str
    means: str
    only: str
    """What a question must say besides; empty for nothing."""
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SoftwareNamesPage(Page):
    lines: tuple[SoftwareNameLine, ...]
    add: str
    """Where one is added; empty for who may not."""


@needs(Capability.READ_CONTROL)
def names(visit: Visit) -> HttpResponse:
    """All of them: a firm has few."""
    firm, manages = visit.firm.pk, visit.can(Capability.MANAGE)
    page = SoftwareNamesPage(
        frame=frame_for(visit, "manage"),
        title=_("Names in other software"),
        back=reverse("manage", args=[firm]),
        lines=tuple(
            SoftwareNameLine(
                name=showable(each.name),
                means=str(MEANINGS[each.means]),
                only=showable(each.only),
                remove=reverse("remove-software-name", args=[firm, place]) if manages else "",
            )
            for place, each in enumerate(said(visit.firm_now.software_names), start=1)
        ),
        add=reverse("add-software-name", args=[firm]) if manages else "",
    )
    return show(visit.request, "software_names/list.html", page)
