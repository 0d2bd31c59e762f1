"""The check of a policy before it is kept: what it says, whether it holds now, and who is to blame."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Refused
from ringfence.access.policing.faults import FaultyPolicies
from ringfence.access.policing.keeping import PlannedPolicies, keep, plan_policies, rehearsed
from ringfence.web.previews.agreed import chosen_otherwise, mark_of
from ringfence.web.previews.confirm import changed_meanwhile
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.policy_sentences import MODE_TEXTS, MODES
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .blamed import StatementBox, statement_boxes
from .draft import PolicyDraft, forget, read_draft
from .text import fault_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPolicy:
    """One of the policies that would be kept."""

    name: str
    mode: str
    means: str
    new: bool
    same: bool
    """Whether the firm has it so already."""
    holds: bool
    statements: tuple[StatementBox, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCheckPage(Page):
    policies: tuple[CheckedPolicy, ...]
    keeps: bool
    """Whether there is anything to keep, and nothing against it."""
    mark: str
    more: str
    """Where another statement is added; empty for a text."""
    text: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit) -> HttpResponse:
    """What the policy does; sent, it is kept."""
    draft = read_draft(visit)
    if draft is None or not draft.ready:
        return redirect("firm-policies", firm=visit.firm.pk)
    try:
        planned = plan_policies(draft.text, visit.firm_now, visit.number, of=draft.number)
    except FaultyPolicies as faulty:
        # Somebody renamed or removed what it names, or keeps a policy that says the opposite.
        return _page(visit, draft, None, fault_lines(faulty))
    try:
        rehearsal = rehearsed(planned, visit.firm.pk, visit.actor)
        if visit.request.method == "POST" and planned.batches:
            if other := chosen_otherwise(visit, *planned.batches[0].commands):
                return _page(visit, draft, planned, (other,))
            keep(rehearsal)
            return _kept(visit, planned)
    except Refused as refused:
        return _page(visit, draft, planned, (problem_sentence(refused),))
    except Overtaken:
        return _page(visit, draft, planned, (changed_meanwhile(),))
    return _page(visit, draft, planned, ())


def _kept(visit: Visit, planned: PlannedPolicies) -> HttpResponse:
    forget(visit)
    count = len(planned.batches[0].commands)
    told = ngettext("The policy is kept.", "%(count)s policies are kept.", count) % {"count": count}
    messages.success(visit.request, told)
    return redirect("firm-policies", firm=visit.firm.pk)


def _page(
    visit: Visit, draft: PolicyDraft, planned: PlannedPolicies | None, errors: tuple[str, ...]
) -> HttpResponse:
    firm = visit.firm.pk
    policies = () if planned is None else tuple(_checked(visit, planned))
    commands = planned.batches[0].commands if planned is not None and planned.batches else ()
    page = PolicyCheckPage(
        frame=frame_for(visit, "manage"),
        title=_("Check the policy") if len(policies) < 2 else _("Check the policies"),
        back=reverse("firm-policies", args=[firm]),
        errors=tuple(ErrorLine(text=text, href="#checked") for text in errors),
        policies=policies,
        keeps=bool(commands) and not errors,
        mark=mark_of(*commands),
        more="" if draft.written else reverse("add-policy", args=[firm]) + "?more",
        text=reverse("policy-text", args=[firm]),
    )
    return show(visit.request, "policies/check.html", page)


def _checked(visit: Visit, planned: PlannedPolicies) -> list[CheckedPolicy]:
    found = []
    for each in planned.policies:
        boxes = statement_boxes(visit, each.policy.statements)
        found.append(
            CheckedPolicy(
                name=each.read.name,
                mode=str(MODES[each.policy.mode]),
                means=str(MODE_TEXTS[each.policy.mode]),
                new=not each.number,
                same=each.command is None,
                holds=all(box.holds for box in boxes),
                statements=boxes,
            )
        )
    return found
