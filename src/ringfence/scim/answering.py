"""From an HTTP request to its answer: the token, how often it asks, and errors in SCIM's own form."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from scim2_models import SCIMException
from scim2_server.requests import ScimRequest
from scim2_server.responses import SCIM_MEDIA_TYPE, ScimResponse

from ringfence.access import FirmClosed, FirmMoved, FirmUnknown, StateUnavailable
from ringfence.access.rates import RATES, address_of
from ringfence.access.tokens import ActingToken, acting_token
from ringfence.core.terms import Capability, Scope
from ringfence.wording import capability_text
from ringfence.wording.provisioning import (
    asked_too_often,
    being_moved,
    moved_away,
    no_scope,
    no_token,
    too_large,
    try_again,
)

from . import PREFIX
from .handling import SERVICE, answered
from .refusals import RefusedInScim

REFUSAL = "ringfence.refusal"
"""In a request's environ: the status of its refusal, where its body did not come as it should."""
LOG = logging.getLogger(__name__)
RETRY = {"Retry-After": "5"}
"""Seconds after a 503."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Ringfence"'}


class Stopped(RefusedInScim):
    """An answer that the protocol's core has no part in, with headers of its own."""

    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, "", detail)
        self.headers = headers or {}


def answer(request: HttpRequest, path: str = "") -> HttpResponse:
    """Whatever is asked of the firm's directory interface; `path` is what stands behind `/scim/v2`."""
    with_headers: dict[str, str] = {}
    try:
        asked = _asked(request, path)
        found = _answered(request, asked, with_headers)
    except Stopped as stopped:
        found = SERVICE.error_response(stopped)
        found.headers |= stopped.headers
    except SCIMException as refused:
        found = SERVICE.error_response(refused)
    except FirmMoved as moved:
        found = SERVICE.error_response(
            Stopped(HTTPStatus.MISDIRECTED_REQUEST, moved_away(moved.address or moved.name))
        )
    except FirmClosed:
        found = SERVICE.error_response(Stopped(HTTPStatus.SERVICE_UNAVAILABLE, being_moved()))
        found.headers |= {"Retry-After": "30"}
    except StateUnavailable:
        found = SERVICE.error_response(Stopped(HTTPStatus.SERVICE_UNAVAILABLE, try_again()))
        found.headers |= RETRY
    except Exception as broken:
        LOG.exception("scim: a request broke")
        found = SERVICE.error_response(broken)
    return _told(found, with_headers)


def _asked(request: HttpRequest, path: str) -> ScimRequest:
    if (refusal := request.META.get(REFUSAL)) is not None:
        headers = RETRY if refusal == HTTPStatus.SERVICE_UNAVAILABLE else {}
        detail = too_large() if refusal == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else HTTPStatus(refusal).phrase
        raise Stopped(HTTPStatus(refusal), detail, headers)
    return ScimRequest(
        method=str(request.method),
        base_url=request.build_absolute_uri(PREFIX),
        path=path,
        query={name: str(value) for name, value in request.GET.items()},
        headers=dict(request.headers),
        # The whole body is in memory; Django's own limit is for forms.
        body=request.META["wsgi.input"].read(int(request.META.get("CONTENT_LENGTH") or 0)),
    )


def _answered(request: HttpRequest, asked: ScimRequest, headers: dict[str, str]) -> ScimResponse:
    acting = acting_token(request.headers.get("Authorization", ""), address_of(request))
    if acting is None:
        raise Stopped(HTTPStatus.UNAUTHORIZED, no_token(), CHALLENGE)
    _need_allowed(acting)
    rate = RATES.count(acting.firm, acting.number, settings.SCIM_PER_MINUTE)
    headers |= rate.headers
    if rate.exceeded:
        raise Stopped(HTTPStatus.TOO_MANY_REQUESTS, asked_too_often(), {"Retry-After": str(rate.reset)})
    try:
        return answered(acting, asked)
    except FirmUnknown:
        raise Stopped(HTTPStatus.UNAUTHORIZED, no_token(), CHALLENGE) from None


def _need_allowed(acting: ActingToken) -> None:
    """A token that provisions, of a member who manages the firm."""
    if Scope.PROVISION not in acting.token.scopes:
        challenge = {"WWW-Authenticate": CHALLENGE["WWW-Authenticate"] + ', error="insufficient_scope"'}
        raise Stopped(HTTPStatus.FORBIDDEN, no_scope(), challenge)
    if not acting.now.may(acting.token.member, Capability.MANAGE):
        raise Stopped(HTTPStatus.FORBIDDEN, capability_text(Capability.MANAGE))


def _told(found: ScimResponse, headers: dict[str, str]) -> HttpResponse:
    body = b"" if found.body is None else json.dumps(found.body).encode()
    told = HttpResponse(body, status=found.status, content_type=SCIM_MEDIA_TYPE)
    if found.body is None:
        del told["Content-Type"]
    for name, value in {**found.headers, **headers}.items():
        if name != "Content-Type":
            told[name] = value
    return told
