"""The first question of a policy: what must always hold."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .draft import begin, read_draft
from .forms import FORMS

TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementKindPage(Page):
    forms: tuple[tuple[str, str], ...]
    """What can be said: its value and its words."""
    error: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def kind(visit: Visit) -> HttpResponse:
    """Which kind of statement; `?more` adds one to the policy that was begun."""
    more = "more" in visit.request.GET
    error = ""
    if visit.request.method == "POST":
        chosen = visit.request.POST.get("form", "")
        if chosen in FORMS or chosen == TEXT:
            draft = read_draft(visit)
            if not more or draft is None or draft.written:
                begin(visit)
            if chosen == TEXT:
                return redirect("policy-text", firm=visit.firm.pk)
            return redirect("policy-statement", firm=visit.firm.pk, form=chosen)
        error = _("Select what must always hold")
    page = StatementKindPage(
        frame=frame_for(visit, "manage"),
        title=_("What must always hold?"),
        back=reverse("policy-check" if more else "firm-policies", args=[visit.firm.pk]),
        errors=(ErrorLine(text=error, href="#form"),) if error else (),
        forms=tuple((value, str(form.text)) for value, form in FORMS.items()),
        error=error,
    )
    return show(visit.request, "policies/kind.html", page)
