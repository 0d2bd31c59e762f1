"""The list of the firm's own policies, each with whether it holds: for who reads the control side."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.policing.kept import KeptPolicy, kept_policies
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.policy_sentences import MODES
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

from .draft import read_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmPolicyRow:
    """One policy in the list."""

    name: str
    href: str
    mode: str
    holds: bool
    since: str
    """Since when it is broken; empty where it holds, or where nobody has looked yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmPoliciesPage(Page):
    rows: tuple[FirmPolicyRow, ...]
    add: str
    """Empty for who may not."""
    begun: Link | None


@needs(Capability.READ_CONTROL)
def listing(visit: Visit) -> HttpResponse:
    """All of them by name, those that are broken first."""
    firm, manages = visit.firm.pk, visit.can(Capability.MANAGE)
    draft = read_draft(visit) if manages else None
    begun = None
    if draft is not None and draft.ready:
        text = _("Go on with the policy that you have begun")
        begun = Link(text=text, href=reverse("policy-check", args=[firm]))
    page = FirmPoliciesPage(
        frame=frame_for(visit, "manage"),
        title=_("Policies of your firm"),
        back=reverse("manage", args=[firm]),
        rows=tuple(_row(visit, each) for each in sorted(kept_policies(visit.firm_now), key=_holds)),
        add=reverse("add-policy", args=[firm]) if manages else "",
        begun=begun,
    )
    return show(visit.request, "policies/list.html", page)


def _holds(kept: KeptPolicy) -> bool:
    return kept.holds


def _row(visit: Visit, kept: KeptPolicy) -> FirmPolicyRow:
    return FirmPolicyRow(
        name=kept.name,
        href=reverse("firm-policy", args=[visit.firm.pk, kept.number]),
        mode=str(MODES[kept.policy.mode]),
        holds=kept.holds,
        since=broken_since_text(visit, kept),
    )


def broken_since_text(visit: Visit, kept: KeptPolicy) -> str:
    """Since when the policy is broken, by the firm's clocks; empty where that is not so, or not known."""
    if kept.broken_since is None:
        return ""
    return _("since %(when)s") % {"when": moment_text(kept.broken_since, visit.zone)}
