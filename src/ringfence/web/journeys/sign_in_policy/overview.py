"""How the firm's people sign in, on one page; auditors see it without the ways to change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.providers import provider_numbered
from ringfence.access.sign_in_only import keeps_password
from ringfence.access.sign_in_policy import SignInPolicy, policy_of
from ringfence.core.terms import Role
from ringfence.firms.models import Member
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.levels_and_roles import role_name
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRow:
    key: str
    value: str
    change: str
    """Where it is changed; empty for who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPolicyPage(Page):
    rows: tuple[PolicyRow, ...]


@needs(Capability.READ_CONTROL)
def sign_in(visit: Visit) -> HttpResponse:
    """What the firm asks, a row each."""
    page = SignInPolicyPage(
        frame=frame_for(visit, "manage"),
        title=_("Sign-in settings"),
        back=reverse("manage", args=[visit.firm.pk]),
        rows=tuple(_rows(visit, policy_of(visit.firm))),
    )
    return show(visit.request, "sign_in_policy/overview.html", page)


def _rows(visit: Visit, policy: SignInPolicy) -> Iterator[PolicyRow]:
    manages = visit.can(Capability.MANAGE)

    def row(key: str, value: str, route: str) -> PolicyRow:
        return PolicyRow(key=key, value=value, change=reverse(route, args=[visit.firm.pk]) if manages else "")

    yield row(_("Ways to sign in"), _ways(visit, policy), "require-provider")
    yield row(_("Second step"), _second_step(policy), "ask-second-step")
    yield row(_("Signed in for"), _session(policy.session_hours), "limit-sessions")
    networks = ", ".join(policy.networks) or _("Anywhere")
    yield row(_("Administrators sign in from"), networks, "limit-networks")


def _ways(visit: Visit, policy: SignInPolicy) -> str:
    if not policy.only_provider:
        return _("Any way that a person has set up")
    provider = provider_numbered(visit.firm.pk, policy.only_provider)
    keeper = Member.objects.filter(firm=visit.firm, number=policy.kept_password, active=True).first()
    words = {"provider": provider.name if provider is not None else ""}
    if keeper is None or not keeps_password(policy, keeper):
        return _("%(provider)s alone. Nobody keeps a password: name another administrator") % words
    return _("%(provider)s alone; %(member)s keeps a password") % {**words, "member": keeper.name}


def _second_step(policy: SignInPolicy) -> str:
    if not policy.second_step:
        return _("Not asked for")
    roles = ", ".join(role_name(role) for role in Role if role in policy.second_step)
    if not policy.grace_days:
        return roles
    text = ngettext("%(roles)s, after %(days)s day", "%(roles)s, after %(days)s days", policy.grace_days)
    return text % {"roles": roles, "days": policy.grace_days}


def _session(hours: int) -> str:
    if not hours:
        return _("As long as Ringfence allows")
    return ngettext("%(hours)s hour at most", "%(hours)s hours at most", hours) % {"hours": hours}
