"""Requiring the firm's provider, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.providers import Provider, providers
from ringfence.access.sign_in_only import (
    CannotRequire,
    WhyNotOnly,
    could_keep,
    lift_requirement,
    require_provider,
)
from ringfence.access.sign_in_policy import policy_of
from ringfence.jobs.tell_sign_in_only import TellingTurned
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.providers import NOT_ONLY
from ringfence.wording.saying import gettext as _

FIELDS = {WhyNotOnly.NOT_ADMINISTRATOR: "kept", WhyNotOnly.NO_PASSWORD: "kept"}
"""At which field it is said; else at the provider's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyProviderPage(Page):
    ways: tuple[tuple[str, str], ...]
    """Providers as number and name, those with which people sign in."""
    way: str
    way_error: str
    keepers: tuple[tuple[str, str], ...]
    kept: str
    kept_error: str
    providers: str
    """Where providers are set up."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def change(visit: Visit) -> HttpResponse:
    """By which provider alone people come in, and who keeps a password; or by every way."""
    firm, post = visit.firm.pk, visit.request.POST
    offered = [each for each in providers(firm) if each.on]
    if visit.request.method != "POST":
        policy = policy_of(visit.firm)
        way = str(policy.only_provider) if policy.only_provider else "any"
        return _page(visit, offered, way, str(policy.kept_password or ""))
    way, kept = post.get("way", ""), post.get("kept", "")
    if way == "any":
        if lift_requirement(firm, actor=visit.actor, beside=TellingTurned(firm, visit.number)):
            messages.success(visit.request, _("People sign in by every way that is theirs."))
        return redirect("firm-sign-in", firm=firm)
    if number_in(way) not in [each.number for each in offered]:
        return _page(visit, offered, "", kept, way_error=_("Select how people sign in"))
    if not number_in(kept):
        return _page(visit, offered, way, "", kept_error=_("Select who keeps a password"))
    try:
        told_of = TellingTurned(firm, visit.number)
        require_provider(firm, number_in(way), number_in(kept), actor=visit.actor, beside=told_of)
    except CannotRequire as refused:
        told = str(NOT_ONLY[refused.why])
        if FIELDS.get(refused.why) == "kept":
            return _page(visit, offered, way, kept, kept_error=told)
        return _page(visit, offered, way, kept, way_error=told)
    messages.success(visit.request, _("From now on your firm opens to its people by its own sign-in alone."))
    return redirect("firm-sign-in", firm=firm)


def _page(
    visit: Visit, offered: list[Provider], way: str, kept: str, *, way_error: str = "", kept_error: str = ""
) -> HttpResponse:
    firm = visit.firm.pk
    errors = [ErrorLine(text=way_error, href="#way")] if way_error else []
    errors += [ErrorLine(text=kept_error, href="#kept")] if kept_error else []
    page = OnlyProviderPage(
        frame=frame_for(visit, "manage"),
        title=_("How people sign in"),
        back=reverse("firm-sign-in", args=[firm]),
        errors=tuple(errors),
        ways=tuple((str(each.number), each.name) for each in offered),
        way=way,
        way_error=way_error,
        keepers=tuple((str(number), name) for number, name in could_keep(firm)),
        kept=kept,
        kept_error=kept_error,
        providers=reverse("providers", args=[firm]),
    )
    return show(visit.request, "only_provider/form.html", page)
