"""How somebody is refused who came by a provider: told who can help, and nothing of who is known."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ringfence.access.providers import CheckFailed, Provider, SignInCheck, SignInFault
from ringfence.access.security_log import SecurityKind, note
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.security_noting import source_of
from ringfence.wording.providers import refused_text
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefusedPage(Page):
    text: str
    again: str
    """Where to try again; empty where that helps nothing."""


def way_to(provider: Provider, after: str = "/", email: str = "") -> str:
    """Where the way to the provider begins, by its protocol."""
    asked = {name: value for name, value in (("next", after), ("as", email)) if value and value != "/"}
    return reverse("provider-go", args=[provider.uid]) + (f"?{urlencode(asked)}" if asked else "")


def refused(request: HttpRequest, provider: Provider, failed: CheckFailed) -> HttpResponse:
    """Say in a sentence what is wrong and who can help; whoever is signed in stays so.

    The firm's administrators find the reason in the security log, where the person came back from there.
    """
    if list(SignInCheck).index(failed.check) > list(SignInCheck).index(SignInCheck.CODE):
        note(
            SecurityKind.SIGN_IN_REFUSED,
            firm=provider.firm,
            member=failed.member,
            source=source_of(request),
            details={"by": "provider", "why": failed.fault.value},
        )
    return say_why(request, provider, failed.fault)


def say_why(request: HttpRequest, provider: Provider, fault: SignInFault) -> HttpResponse:
    """The page that says it, which can be asked for again: in the other language, where this one cannot."""
    page = SignInRefusedPage(
        frame=outer_frame(request),
        title=_("You were not signed in"),
        back=reverse("provider", args=[provider.uid]),
        next=reverse("provider-refused", args=[provider.uid, fault.value]),
        text=refused_text(fault.value, provider=provider.name, firm=provider.firm_name),
        again=way_to(provider) if provider.on else "",
    )
    return show(request, "single_sign_on/refused.html", page, status=403)
