"""The administrator's test of a provider: what came back, and which check failed.

The way there and back is the one of every sign-in; nobody is signed in or linked by it. The last result is
kept in the administrator's session.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.clock import clock
from ringfence.access.linking import Arrival, foreseen
from ringfence.access.providers import CHECKS_OF, CheckFailed, Protocol, Provider, SignInCheck
from ringfence.access.providers.asking import waiting_for
from ringfence.core.terms import Instant
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.providers import CHECKS, fault_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import second_text

from .finding import found
from .openid import SignInAt
from .saml_way import there

RESULT = "provider_test"
"""The session's key."""
LONGEST = 20_000
"""Characters of what came back that are shown."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a test."""

    firm: int
    number: int
    at: Instant
    check: str = ""
    """The one that failed; empty where all passed."""
    fault: str = ""
    values: dict[str, str] = {}
    member: int = 0
    """Whom the sign-in leads to."""
    first: bool = False
    seen: list[tuple[str, str]] = []
    """What came back: what it is, and its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    text: str
    passed: bool
    failed: bool
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBackPart:
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TestPage(Page):
    caption: str
    go: str
    when: str
    """When the last test was; empty where there was none."""
    good: bool
    turn_on: str
    """Where it is turned on, once all passed; empty where it is on."""
    leads_to: str
    """To whom it would lead, once all passed."""
    first: bool
    rows: tuple[CheckRow, ...]
    seen: tuple[CameBackPart, ...]


@needs(Capability.MANAGE)
def test(visit: Visit, provider: int) -> HttpResponse:
    """The last test, and the press that begins another."""
    kept = found(visit, provider)
    result = _result(visit.request, kept)
    good = result is not None and not result.check
    page = TestPage(
        frame=frame_for(visit, "manage"),
        title=_("Test the sign-in"),
        back=reverse("provider-settings", args=[visit.firm.pk, provider]),
        caption=kept.name,
        go=reverse("provider-test-go", args=[visit.firm.pk, provider]),
        when=second_text(result.at, visit.zone) if result is not None else "",
        good=good,
        turn_on=reverse("turn-on-provider", args=[visit.firm.pk, provider]) if good and not kept.on else "",
        leads_to=_name(visit, result),
        first=result is not None and result.first,
        rows=tuple(_rows(kept, result)) if result is not None else (),
        seen=tuple(CameBackPart(title=_seen_title(what), text=text) for what, text in result.seen)
        if result
        else (),
    )
    return show(visit.request, "single_sign_on/test.html", page)


@in_lane(Lane.PROVIDERS, "GET", "HEAD")
@needs(Capability.MANAGE)
def test_go(visit: Visit, provider: int) -> HttpResponse:
    """To the provider, as who signs in goes; what it says of itself is asked anew."""
    kept = found(visit, provider)
    sign_in = None
    try:
        if kept.protocol is Protocol.SAML:
            return there(visit.request, kept, "test", "/")
        sign_in = SignInAt(visit.request, kept)
        with waiting_for(kept.openid.issuer):
            return sign_in.there("test", "/", anew=False)
    except CheckFailed as failed:
        seen = sign_in.seen if sign_in is not None else {}
        keep_result(visit.request, result_of(kept, seen, None, failed))
        return redirect("provider-test", firm=visit.firm.pk, provider=provider)


def result_of(
    provider: Provider, seen: dict[str, Any], arrival: Arrival | None, failed: CheckFailed | None = None
) -> Result:
    """What came of a test, also whom who came would be led to."""
    member, first = 0, False
    if arrival is not None:
        try:
            linked = foreseen(provider, arrival)
            member, first = linked.member, linked.first
        except CheckFailed as refused:
            failed = refused
    return Result(
        firm=provider.firm,
        number=provider.number,
        at=clock(),
        check=failed.check.value if failed is not None else "",
        fault=failed.fault.value if failed is not None else "",
        values=failed.values if failed is not None else {},
        member=member,
        first=first,
        seen=[(what, _shown(told)) for what, told in (seen | _read(arrival)).items()],
    )


def _read(arrival: Arrival | None) -> dict[str, Any]:
    """What the claims were read as."""
    if arrival is None:
        return {}
    told = {
        "sub": arrival.subject,
        "email": arrival.email,
        "verified": arrival.verified,
        "name": arrival.name,
        "external_id": arrival.external,
        "groups": arrival.groups,
    }
    return {"read": told}


def keep_result(request: HttpRequest, result: Result) -> None:
    """Keep it for the page to which the administrator goes next."""
    request.session[RESULT] = msgspec.to_builtins(result)


def _result(request: HttpRequest, provider: Provider) -> Result | None:
    kept = request.session.get(RESULT)
    result = msgspec.convert(kept, Result) if kept is not None else None
    return (
        result
        if result is not None and (result.firm, result.number) == (provider.firm, provider.number)
        else None
    )


def _name(visit: Visit, result: Result | None) -> str:
    number = result.member if result is not None else 0
    return member_names(visit.firm.pk, {number}).get(number, "") if number else ""


def _rows(provider: Provider, result: Result) -> list[CheckRow]:
    order = CHECKS_OF[provider.protocol]
    # Only Google's accounts are anybody's.
    if provider.protocol is Protocol.OIDC and not provider.openid.hosted_domain:
        order = tuple(check for check in order if check is not SignInCheck.HOSTED_DOMAIN)
    failed = order.index(SignInCheck(result.check)) if result.check else len(order)
    return [
        CheckRow(
            text=str(CHECKS[check.value]),
            passed=place < failed,
            failed=place == failed,
            fault=showable(fault_text(result.fault, result.values)) if place == failed else "",
        )
        for place, check in enumerate(order)
    ]


def _shown(told: Any) -> str:
    return showable(json.dumps(told, indent=2, ensure_ascii=False, sort_keys=True, default=str))[:LONGEST]


def _seen_title(what: str) -> str:
    match what:
        case "metadata":
            return _("What the provider says of itself")
        case "answer":
            return _("What it answered in place of a code")
        case "read":
            return _("What Ringfence reads from it")
        case "tokens":
            return _("What it gave for the code, by name")
        case "id_token":
            return _("What the ID token says")
        case "answer_of_saml":
            return _("What its answer says")
        case _:
            return _("What it tells of the person")
