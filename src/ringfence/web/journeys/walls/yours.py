"""What a member who stands on a wall is told of it, and acknowledges (rules.md 10).

Never its name, its reason, its end, the other side or a client that they cannot open (decision 89).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Refused, execute
from ringfence.access.listing.clients import client_name_of
from ringfence.core.commands.definitions import AcknowledgeWall
from ringfence.core.directory import sort_key
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import since_text


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWall:
    """One wall that the member is asked to acknowledge."""

    number: int
    since: str
    """From when, where it has not begun."""
    clients: tuple[str, ...]
    """Those of their own side that they can open now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YourWallsPage(Page):
    asked: tuple[AskedWall, ...]


@needs(Capability.MEMBER, READS_AND_SENDS)
def yours(visit: Visit) -> HttpResponse:
    """What the member is asked to acknowledge; sending it does so, for the one that was shown."""
    firm, now = visit.firm.pk, visit.firm_now
    if visit.request.method == "POST":
        number = number_in(visit.request.POST.get("wall", ""))
        try:
            execute(firm, AcknowledgeWall(wall=number), actor=visit.actor)
        except Refused:
            messages.info(visit.request, _("This has changed meanwhile. Nothing was saved."))
        else:
            messages.success(visit.request, _("Thank you. It is noted that you have acknowledged this."))
        return redirect("your-walls", firm=firm)
    seen = now.clients_of(now.seen_by(visit.number))
    asked = []
    for number, wall in now.walls_asking(visit.number).items():
        names = client_name_of(firm, BitMap(wall.beside(visit.number)) & seen).values()
        starts = wall.starts if wall.starts is not None and not wall.begun(now.now) else None
        since = since_text(starts, visit.zone) if starts is not None else ""
        asked.append(AskedWall(number=number, since=since, clients=tuple(sorted(names, key=sort_key))))
    page = YourWallsPage(
        frame=frame_for(visit, "account"),
        title=_("Work that is kept apart"),
        back=reverse("your-account", args=[firm]),
        asked=tuple(asked),
    )
    return show(visit.request, "walls/yours.html", page)
