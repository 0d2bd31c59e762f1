"""One policy: what it says, whether it holds, which ways of access are to blame, and what it was before."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access.policing.kept import KeptPolicy, kept_policies
from ringfence.access.policing.naming import PolicyNames
from ringfence.access.policing.sentences import all_said
from ringfence.access.policing.versions import PolicyVersion, policy_versions
from ringfence.access.policing.writing import written
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.policy_sentences import MODE_TEXTS, MODES
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import pgettext
from ringfence.wording.times import moment_text

from .blamed import StatementBox, statement_boxes
from .listing import broken_since_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersionLine:
    """A version of the policy."""

    link: Link
    when: str
    who: str
    mode: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage(Page):
    holds: bool
    since: str
    mode: str
    means: str
    statements: tuple[StatementBox, ...]
    text: str
    came: bool
    """Whether the text is what the policy came as; else it is written by the names of today."""
    versions: tuple[PolicyVersionLine, ...]
    change: str
    """Where it is changed, in another mode, removed; empty for who may not."""
    mode_change: str
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage(Page):
    caption: str
    when: str
    who: str
    mode: str
    says: tuple[str, ...]
    text: str
    entry: str
    """The entry of the ledger."""


@needs(Capability.READ_CONTROL)
def one(visit: Visit, policy: int) -> HttpResponse:
    """The policy as it stands."""
    firm, kept = visit.firm.pk, kept_policy(visit, policy)
    boxes = statement_boxes(visit, kept.policy.statements)
    manages = visit.can(Capability.MANAGE)
    page = PolicyPage(
        frame=frame_for(visit, "manage"),
        title=kept.name,
        back=reverse("firm-policies", args=[firm]),
        holds=kept.holds,
        since=broken_since_text(visit, kept),
        mode=str(MODES[kept.policy.mode]),
        means=str(MODE_TEXTS[kept.policy.mode]),
        statements=boxes,
        text=kept.text or written(kept.name, kept.policy, PolicyNames(visit.firm_now, visit.number)),
        came=bool(kept.text),
        versions=tuple(_versions(visit, policy)),
        change=reverse("change-firm-policy", args=[firm, policy]) if manages else "",
        mode_change=reverse("firm-policy-mode", args=[firm, policy]) if manages else "",
        remove=reverse("remove-firm-policy", args=[firm, policy]) if manages else "",
    )
    return show(visit.request, "policies/one.html", page)


def kept_policy(visit: Visit, policy: int) -> KeptPolicy:
    """The policy of the visitor's firm; raises `Http404`."""
    for each in kept_policies(visit.firm_now):
        if each.number == policy:
            return each
    raise Http404


def _versions(visit: Visit, policy: int) -> list[PolicyVersionLine]:
    found = policy_versions(visit.firm.pk, policy)
    names = member_names(visit.firm.pk, {each.actor.member or 0 for each in found} - {0})
    return [
        PolicyVersionLine(
            link=Link(
                text=_("Version %(number)s") % {"number": each.version},
                href=reverse("firm-policy-version", args=[visit.firm.pk, policy, each.entry]),
            ),
            when=moment_text(each.at, visit.zone),
            who=_who(each, names),
            mode=_mode(each),
            reason=each.reason,
        )
        for each in reversed(found)
    ]


def _who(version: PolicyVersion, names: dict[int, str]) -> str:
    if version.actor.member is None:
        return _("Whoever runs Ringfence for your firm")
    return names.get(version.actor.member) or _("a former [member]")


def _by(version: PolicyVersion, names: dict[int, str]) -> str:
    """The same as it stands after *by*."""
    if version.actor.member is None:
        return pgettext("by whom", "whoever runs Ringfence for your firm")
    return names.get(version.actor.member) or pgettext("by whom", "a former [member]")


def _mode(version: PolicyVersion) -> str:
    return _("Removed") if version.policy is None else str(MODES[version.policy.mode])


@needs(Capability.READ_CONTROL)
def version(visit: Visit, policy: int, entry: int) -> HttpResponse:
    """What the policy was from an entry of the ledger on, also of one that has been removed."""
    firm = visit.firm.pk
    found = [each for each in policy_versions(firm, policy) if each.entry == entry]
    if not found:
        raise Http404
    (then,) = found
    names = PolicyNames(visit.firm_now, visit.number)
    stands = policy in visit.firm_now.policies
    route = reverse("firm-policy", args=[firm, policy]) if stands else reverse("firm-policies", args=[firm])
    page = VersionPage(
        frame=frame_for(visit, "manage"),
        title=_("Version %(number)s") % {"number": then.version},
        caption=then.name,
        back=route,
        when=moment_text(then.at, visit.zone),
        who=_by(then, member_names(firm, {then.actor.member or 0} - {0})),
        mode=_mode(then),
        says=() if then.policy is None else tuple(all_said(then.policy.statements, names)),
        text=then.text,
        entry=reverse("ledger-entry", args=[firm, then.entry]),
    )
    return show(visit.request, "policies/version.html", page)
