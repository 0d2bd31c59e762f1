"""The way back from a provider that speaks SAML, and what it reads of us.

Its answer comes as a form from the provider's site, with which browsers send no cookie. So it is first sent
on by a page of ours, and only then held against what this browser has begun. Nothing of it is kept between.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt

from ringfence.access.linking import Arrival
from ringfence.access.providers import CheckFailed, Protocol, Provider, SignInCheck, SignInFault, provider_of
from ringfence.access.providers.saml import EXTRA, installed, our_metadata, read_answer
from ringfence.access.providers.tokens import SKEW
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Page
from ringfence.web.shell.provider_sign_in import confirm, finish
from ringfence.web.shell.proving import safe_address
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import open_to
from ringfence.wording.saying import gettext as _

from .refusing import refused
from .saml_way import BEGUN, CONFIRM, LASTS, LOGIN, TEST, begun_by, ours
from .testing import keep_result, result_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOnPage(Page):
    answer: str


@csrf_exempt
@in_lane(Lane.PASSWORDS, "POST")
@open_to(Audience.ANYONE, ("POST",))
def answer(request: HttpRequest, uid: str) -> HttpResponse:
    """Where the provider sends people back to, with what it says of them."""
    provider = _found(uid)
    told = request.POST.get("SAMLResponse", "")
    if not installed():
        return refused(
            request, provider, CheckFailed(SignInCheck.CAME_BACK, SignInFault.NOT_INSTALLED, extra=EXTRA)
        )
    known = {key: kept for key, kept in begun_by(request).items() if kept[0] == uid}
    if not known and "again" not in request.POST:
        page = SendOnPage(frame=outer_frame(request), title=_("Go on signing in"), answer=showable(told))
        return show(request, "single_sign_on/send_on.html", page)
    fresh = {key: kept for key, kept in known.items() if kept[3] > time.time() - LASTS}
    process = LOGIN
    if fresh and all(kept[1] == TEST for kept in fresh.values()):
        process = TEST
    try:
        said = read_answer(provider, told, ours(request, uid), frozenset(fresh))
    except CheckFailed as failed:
        if process == TEST:
            return _tested(request, provider, {}, None, failed)
        return refused(request, provider, failed)
    _uid, process, after, begun_at = fresh[said.request]
    request.session[BEGUN] = {key: kept for key, kept in begun_by(request).items() if key != said.request}
    arrival = Arrival(subject=said.subject, email=said.email, verified=True, name=said.name, at=said.at)
    if process == TEST:
        return _tested(request, provider, {"answer_of_saml": said.seen}, arrival, None)
    if not provider.on:
        raise Http404
    try:
        if process == CONFIRM:
            # What they proved there before they were asked, they did not prove now.
            if said.at is None or said.at < begun_at - SKEW:
                raise CheckFailed(SignInCheck.TIME, SignInFault.NOT_ANEW)
            confirm(request, provider, arrival)
            return redirect(safe_address(request, after))
        return finish(request, provider, arrival, after=safe_address(request, after))
    except CheckFailed as failed:
        return refused(request, provider, failed)


@open_to(Audience.ANYONE)
def metadata(request: HttpRequest, uid: str) -> HttpResponse:
    """What the provider reads of us."""
    provider = _found(uid)
    if not installed():
        raise Http404
    return HttpResponse(
        our_metadata(ours(request, provider.uid)), content_type="application/samlmetadata+xml"
    )


def _tested(
    request: HttpRequest,
    provider: Provider,
    seen: dict[str, Any],
    arrival: Arrival | None,
    failed: CheckFailed | None,
) -> HttpResponse:
    request.session.pop(BEGUN, None)
    keep_result(request, result_of(provider, seen, arrival, failed))
    return redirect("provider-test", firm=provider.firm, provider=provider.number)


def _found(uid: str) -> Provider:
    provider = provider_of(uid)
    if provider is None or provider.protocol is not Protocol.SAML:
        raise Http404
    return provider
