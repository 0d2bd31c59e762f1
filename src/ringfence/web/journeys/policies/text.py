"""A policy as the text of a policy file, with every fault where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.policing.faults import FaultyPolicies
from ringfence.access.policing.keeping import plan_policies
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.policy_faults import policy_fault_text
from ringfence.wording.saying import gettext as _

from .draft import begin, read_draft

EXAMPLE = """\
name: Audit keeps out of Tax advisory
mode: refuse
statements:
  - {never: {group: Audit}, sees: {service: Tax advisory}}
"""

MOST_TOLD = 50
"""How many faults a page lists; the command line and the API tell all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTextPage(Page):
    text: str
    wrong: str
    """What is wrong, in one line."""
    example: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def text(visit: Visit) -> HttpResponse:
    """The text; once nothing is wrong with it, it is checked against the firm."""
    draft = read_draft(visit)
    if visit.request.method != "POST":
        return _page(visit, draft.text if draft is not None and draft.ready else "", ())
    given = visit.request.POST.get("text", "").replace("\r\n", "\n")
    try:
        plan_policies(given, visit.firm_now, visit.number, of=draft.number if draft is not None else 0)
    except FaultyPolicies as faulty:
        return _page(visit, given, fault_lines(faulty))
    (draft or begin(visit)).keep(text=given, statements=[])
    return redirect("policy-check", firm=visit.firm.pk)


def fault_lines(faulty: FaultyPolicies) -> tuple[str, ...]:
    """What is wrong, each with its place: the first of them, and how many more there are."""
    more = len(faulty.faults) - MOST_TOLD
    told = tuple(
        _("Line %(line)s, column %(column)s: %(fault)s")
        % {
            "line": each.place.line,
            "column": each.place.column,
            "fault": policy_fault_text(each.code.value, each.values, each.near),
        }
        for each in faulty.faults[:MOST_TOLD]
    )
    return (*told, _("and %(count)s more") % {"count": figure(more)}) if more > 0 else told


def _page(visit: Visit, given: str, faults: tuple[str, ...]) -> HttpResponse:
    page = PolicyTextPage(
        frame=frame_for(visit, "manage"),
        title=_("Write policies as text"),
        back=reverse("add-policy", args=[visit.firm.pk]),
        errors=tuple(ErrorLine(text=fault, href="#text") for fault in faults),
        text=showable(given),
        wrong=" ".join(faults),
        example=EXAMPLE,
    )
    return show(visit.request, "policies/text.html", page)
