"""Who is at the page, in which firm, and the firm's state for this one answer; and the guard of every route.

`needs(capability)` stands above each view. Another firm's id is 404, a missing right 403, signed out leads to
the sign-in page (rules.md 5).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ringfence.access import Actor, FirmNow, firm_state
from ringfence.access.actor import NotConfirmed
from ringfence.access.places import places_of
from ringfence.access.refused_attempts import What, note_refused
from ringfence.core.settings import Settings
from ringfence.firms.models import Firm, Member, User
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import in_words_of

from .came_by import opens
from .capability import Audience, Capability
from .emergency_banner import emergency_banner
from .keeping import KEPT, SIGNED_OUT
from .once import one_page
from .proving import proven
from .sign_in_rules import stopped_by_policy
from .untrusted import NumberInAddress

IN_FIRM = re.compile(rf"/firms/({NumberInAddress.regex})(?:/|$)")
"""How every address in a firm begins."""


READS = ("GET", "HEAD")
READS_AND_SENDS = (*READS, "POST")
"""How a page is asked for that only shows something, and one that also takes what its form sends."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One member at one page."""

    request: HttpRequest
    firm: Firm
    row: Member
    """Their place in the firm: name and number. What they may do is asked of `firm_now`."""
    firms: int
    """In how many firms the user is active."""
    firm_now: FirmNow

    @property
    def number(self) -> int:
        return int(self.row.number)

    @property
    def actor(self) -> Actor:
        return Actor(self.number, fresh=proven(self.request, in_firm=True))

    def need_fresh(self) -> None:
        """Have the member show that it is them, as before a change that raises what somebody may do.

        For pages that have such a change made later, in the background. Raises `NotConfirmed`.
        """
        if not self.actor.fresh:
            raise NotConfirmed

    @property
    def zone(self) -> ZoneInfo:
        """The firm's time zone: its days end there."""
        return ZoneInfo(self.firm.timezone)

    @property
    def settings(self) -> Settings:
        return self.firm_now.settings

    def can(self, capability: Capability) -> bool:
        """Whether the member has the capability in the firm."""
        return self.firm_now.may(self.number, capability)

    @property
    def everyday(self) -> bool:
        """Whether the member's start page is the list of clients."""
        return self.can(Capability.READ_CLIENTS)


class Guarded(Protocol):
    """A view that names whom it is for, and by which methods it is asked."""

    capability: Capability | Audience
    methods: tuple[str, ...]

    def __call__(self, request: HttpRequest, **kwargs: Any) -> HttpResponse: ...


def needs(
    capability: Capability, methods: tuple[str, ...] = READS, *, keeps: Callable[..., bool] | None = None
) -> Callable[[Callable[..., HttpResponse]], Guarded]:
    """Guard a view inside a firm: it is called with the `Visit` and what its address holds but the firm.

    Other `methods` are answered with 405. `keeps` is called so, too, where a form comes too late, from who
    was found idle for too long by this very request. It keeps what they typed, and says whether it did.
    """

    def guard(view: Callable[..., HttpResponse]) -> Guarded:
        @wraps(view)
        def guarded(request: HttpRequest, firm: int, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                if keeps is not None and request.method == "POST":
                    _keep(request, firm, capability, partial(keeps, **kwargs))
                return _to_sign_in(request)
            visit = visit_for(request, firm)
            if (stopped := stopped_by_policy(visit)) is not None:
                return stopped
            if not visit.can(capability):
                if request.method == "POST":
                    note_refused(firm, member=visit.number, what=What.FORM)
                raise PermissionDenied(capability)
            # What is sent may change what was read.
            reading = one_page() if request.method in READS else nullcontext()
            with in_words_of(visit.settings), reading:
                request.emergency = emergency_banner(visit)  # type: ignore[attr-defined]
                return view(visit, **kwargs)

        return _marked(guarded, capability, methods)

    return guard


def open_to(
    audience: Audience, methods: tuple[str, ...] = READS
) -> Callable[[Callable[..., HttpResponse]], Guarded]:
    """Guard a view outside firms: it is called with the request, by one of the methods."""

    def guard(view: Callable[..., HttpResponse]) -> Guarded:
        @wraps(view)
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if audience is Audience.SIGNED_IN and not request.user.is_authenticated:
                return _to_sign_in(request)
            return view(request, **kwargs)

        return _marked(guarded, audience, methods)

    return guard


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back here; it says so where the user was shut out while signed in."""
    if SESSION_KEY in request.session:
        request.session.flush()
        messages.info(
            request,
            _(
                "You were signed out: you have no place in any firm any more. "
                "Ask an administrator of your firm."
            ),
        )
    return redirect_to_login(request.get_full_path())


def memberships(user: User) -> list[Member]:
    """The user's active places, by the firms' names."""
    return places_of(user.pk)


def places_open(request: HttpRequest, user: User | None = None) -> list[Member]:
    """Those of them that the session opens: whoever came by a firm's provider has no other firm's."""
    who = user or request.user
    assert isinstance(who, User)
    return [place for place in memberships(who) if opens(request, place.firm_id)]


class PlaceEnded(Http404):
    """The user had a place in the firm, and was deactivated there; the argument is the firm's name."""


def visit_for(request: HttpRequest, firm: int, user: User | None = None) -> Visit:
    """The user's place in the firm; raises `Http404` where there is none, `PlaceEnded` where it ended.

    `user` is who is signed in unless another is given.
    """
    who = user or request.user
    assert isinstance(who, User)
    places = places_open(request, who)
    for place in places:
        if place.firm_id == firm:
            firm_now = firm_state(firm)
            if firm_now.may(place.number, Capability.MEMBER):
                return Visit(
                    request=request, firm=place.firm, row=place, firms=len(places), firm_now=firm_now
                )
    if not opens(request, firm):
        raise Http404
    ended = Member.objects.filter(user=who, firm=firm, active=False).values_list("firm__name", flat=True)
    if name := ended.first():
        raise PlaceEnded(name)
    raise Http404


def _keep(request: HttpRequest, firm: int, capability: Capability, keeps: Callable[[Visit], bool]) -> None:
    user = request.META.get(SIGNED_OUT)
    if user is None:
        return
    # What they may not write, they are told once they have signed in again.
    with suppress(Http404, PermissionDenied):
        visit = visit_for(request, firm, user)
        if visit.can(capability) and keeps(visit):
            request.META[KEPT] = True


def visit_of(request: HttpRequest) -> Visit | None:
    """The visit to the firm of the address, None where it names no firm in which the user has a place."""
    found = IN_FIRM.match(request.path_info)
    if found is None or not request.user.is_authenticated:
        return None
    try:
        return visit_for(request, int(found[1]))
    except Http404:
        return None


def _marked(
    view: Callable[..., HttpResponse], capability: Capability | Audience, methods: tuple[str, ...]
) -> Guarded:
    guarded = cast(Guarded, never_cache(require_http_methods(methods)(view)))
    guarded.capability = capability
    guarded.methods = methods
    return guarded
