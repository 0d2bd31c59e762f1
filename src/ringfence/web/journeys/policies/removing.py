"""Changing a policy, its mode, and removing it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, execute
from ringfence.access.policing.naming import PolicyNames
from ringfence.access.policing.writing import written
from ringfence.core.commands.definitions import RemovePolicy, SetPolicy
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.policy_sentences import MODE_TEXTS, MODES
from ringfence.wording.saying import gettext as _

from .draft import begin
from .one import kept_policy


@dataclass(frozen=True, slots=True, kw_only=True)
class ModePage(Page):
    caption: str
    mode: str
    modes: tuple[tuple[str, str, str], ...]
    error: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def change(visit: Visit, policy: int) -> HttpResponse:
    """Begin a change of the policy as text; whoever only comes here is shown the policy."""
    kept = kept_policy(visit, policy)
    if visit.request.method != "POST":
        return redirect("firm-policy", firm=visit.firm.pk, policy=policy)
    text = kept.text or written(kept.name, kept.policy, PolicyNames(visit.firm_now, visit.number))
    begin(visit, text=text, number=policy)
    return redirect("policy-text", firm=visit.firm.pk)


@needs(Capability.MANAGE, READS_AND_SENDS)
def mode(visit: Visit, policy: int) -> HttpResponse:
    """What the policy does about a change that would break it."""
    kept, firm = kept_policy(visit, policy), visit.firm.pk
    error, chosen = "", kept.policy.mode
    if visit.request.method == "POST":
        given = visit.request.POST.get("mode", "")
        if given == chosen:
            return redirect("firm-policy", firm=firm, policy=policy)
        if given in ("warn", "refuse"):
            chosen = "refuse" if given == "refuse" else "warn"
            try:
                execute(firm, SetPolicy(policy=policy, mode=chosen), actor=visit.actor)
            except Refused as refused:
                error = problem_sentence(refused)
            else:
                messages.success(visit.request, _("The policy is changed."))
                return redirect("firm-policy", firm=firm, policy=policy)
        else:
            error = _("Select what is done about a change that would break it")
    page = ModePage(
        frame=frame_for(visit, "manage"),
        title=_("What does the policy do?"),
        caption=kept.name,
        back=reverse("firm-policy", args=[firm, policy]),
        errors=(ErrorLine(text=error, href="#mode"),) if error else (),
        mode=chosen,
        modes=tuple((value, str(text), str(MODE_TEXTS[value])) for value, text in MODES.items()),
        error=error,
    )
    return show(visit.request, "policies/mode.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def remove(visit: Visit, policy: int) -> HttpResponse:
    """Remove the policy after yes."""
    kept, firm = kept_policy(visit, policy), visit.firm.pk
    return asked_and_done(
        visit,
        RemovePolicy(policy=policy),
        Question(
            title=_("Remove the policy %(policy)s") % {"policy": kept.name},
            text=_("Do you want to remove it?"),
            unanswered=_("Select yes if you want to remove it"),
            lead=_("It is not checked any more. What it said stays in the ledger."),
            back=reverse("firm-policy", args=[firm, policy]),
            section="manage",
        ),
        done=_("The policy %(policy)s is removed.") % {"policy": kept.name},
        to=reverse("firm-policies", args=[firm]),
    )
