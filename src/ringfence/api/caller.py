"""Who asks: a token, the member it acts for, and the firm as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from ninja.security import HttpBearer

from ringfence.access import Actor, FirmNow
from ringfence.access.rates import RATES, Rate, address_of
from ringfence.access.tokens import ActingToken, acting_token
from ringfence.core.terms import Capability, Scope
from ringfence.firms.models import Firm
from ringfence.wording import capability_text
from ringfence.wording.saying import gettext as _

from .problems import ApiProblem

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Ringfence"'}


@dataclass(frozen=True)
class Caller:
    """One request of a token that lets its sender in."""

    request: HttpRequest
    acting: ActingToken
    rate: Rate

    @property
    def now(self) -> FirmNow:
        return self.acting.now

    @property
    def firm(self) -> int:
        return self.acting.firm

    @property
    def member(self) -> int:
        return self.acting.token.member

    @property
    def actor(self) -> Actor:
        return self.acting.actor

    @cached_property
    def row(self) -> Firm:
        """The firm's own row: its name, its time zone."""
        return Firm.objects.get(pk=self.firm)

    def may(self, capability: Capability) -> bool:
        return self.now.may(self.member, capability)

    def need(self, capability: Capability) -> None:
        """Raises `ApiProblem` for who lacks the capability."""
        if not self.may(capability):
            raise ApiProblem("not_permitted", capability_text(capability))


def caller_of(request: HttpRequest, scope: Scope) -> Caller:
    """Who sends the request, with a token of that scope.

    Raises `ApiProblem` where the token lets nobody in, lacks the scope or asks too often.
    """
    header = request.headers.get("Authorization", "")
    acting = acting_token(header, address_of(request))
    if acting is None:
        raise ApiProblem("no_token", headers=CHALLENGE)
    if scope not in acting.token.scopes:
        wanted = {"WWW-Authenticate": CHALLENGE["WWW-Authenticate"] + ', error="insufficient_scope"'}
        detail = _("Ask an administrator for a token with the scope %(scope)s.") % {"scope": scope.words[0]}
        raise ApiProblem("scope_missing", detail, headers=wanted)
    rate = RATES.count(acting.firm, acting.number)
    if rate.exceeded:
        raise ApiProblem("too_many", headers={**rate.headers, "Retry-After": str(rate.reset)})
    caller = Caller(request, acting, rate)
    request.auth = caller  # type: ignore[attr-defined]  # as ninja does; its rate goes into the answer's head
    return caller


class Bearer(HttpBearer):
    """A token of the scope `manage`, for ninja; what it finds becomes `request.auth`."""

    def __call__(self, request: HttpRequest) -> Caller:
        """Raises `ApiProblem` as `caller_of` does."""
        return caller_of(request, Scope.MANAGE)

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """Not asked: `__call__` reads the header whole."""
        raise NotImplementedError
