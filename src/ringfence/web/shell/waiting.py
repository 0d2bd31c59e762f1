"""The page that says what is being worked out, while a long ledger is gone through."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from ringfence.access import Working
from ringfence.wording.saying import gettext as _

from .figures import figure
from .page import Page
from .render import frame_for, show
from .visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPage(Page):
    text: str
    done: int
    total: int
    again: str


def waiting(visit: Visit, working: Working, back: str) -> HttpResponse:
    """How far it has come, and where to ask again; the browser does so by itself where it runs scripts."""
    page = WaitingPage(
        frame=frame_for(visit, "manage"),
        title=_("This is being worked out"),
        back=back,
        text=_far(working),
        done=working.done,
        total=working.total,
        again=visit.request.get_full_path(),
    )
    return show(visit.request, "shared/waiting.html", page)


def _far(working: Working) -> str:
    if not working.done:
        return _("It has been begun.")
    words = {"done": figure(working.done), "total": figure(working.total)}
    return _("%(done)s of %(total)s entries of the ledger have been gone through.") % words
