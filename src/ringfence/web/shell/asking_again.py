"""Asking somebody to show that it is them: in one place for all pages, whatever they were about to do.

What a form held is kept in the page that asks, and sent on once that is answered. When it is asked again:
`proving`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.actor import NotConfirmed
from ringfence.access.linking import has_own_password
from ringfence.firms.models import User
from ringfence.wording.saying import gettext as _

from .came_by import came_by
from .page import ErrorLine, Page
from .proving import proven
from .render import outer_frame, show
from .second_step import options_to_use, passkeys_of, passkeys_work_here

View = Callable[..., HttpResponse]
Answer = Callable[[HttpRequest], HttpResponse]

OWN = "prove-"
"""How the names of the fields begin that the page itself asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvePage(Page):
    email: str
    after: str
    """Where to go on."""
    kept: tuple[tuple[str, str], ...]
    """What the form held that is to be sent on; empty where a page was asked for."""
    sends: bool
    """Whether it is sent on at all."""
    password: bool
    """Whether there is a password to be asked for."""
    passkey: str
    """What the browser needs to use a passkey; empty where there is none, or none works here."""
    provider: str
    """Where they confirm it at their firm's provider; empty where that proves nothing."""
    password_error: str = ""
    passkey_error: str = ""


class AskAgain:
    """Answers what must be confirmed first with the page that asks, whichever page the change came from."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page, for that fault alone; the change was undone as it was raised."""
        return ask_again(request, request.get_full_path()) if isinstance(fault, NotConfirmed) else None


def proves(view: View) -> View:
    """Ask first, where that was not done lately; to stand below `open_to`."""

    @wraps(view)
    def proved(request: HttpRequest, **kwargs: object) -> HttpResponse:
        if proven(request):
            return view(request, **kwargs)
        if request.method == "POST":
            return ask_again(request, request.get_full_path())
        return redirect(f"{reverse('prove')}?{urlencode({'next': request.path})}")

    return proved


def ask_again(request: HttpRequest, after: str, *, password: str = "", passkey: str = "") -> HttpResponse:
    """The page that asks, with what was sent; `password` and `passkey` say what was wrong with these."""
    user = request.user
    assert isinstance(user, User)
    offered = passkeys_work_here(request) and bool(passkeys_of(user))
    has_password = has_own_password(user)
    errors = [ErrorLine(text=password, href=f"#{OWN}password")] if password else []
    errors += [ErrorLine(text=passkey, href="#use-passkey")] if passkey else []
    page = ProvePage(
        frame=outer_frame(request),
        title=_("Confirm that it is you"),
        next=reverse("prove"),
        errors=tuple(errors),
        email=user.email,
        after=after,
        kept=_kept(request),
        sends=sends_on(request),
        password=has_password,
        passkey=options_to_use(user) if offered else "",
        provider=_at_provider(request, after),
        password_error=password,
        passkey_error=passkey,
    )
    return show(request, "shared/prove.html", page)


def _at_provider(request: HttpRequest, after: str) -> str:
    """What somebody's provider proves counts in its own firm: for what is their own it is not asked."""
    if came_by(request) is None or not after.startswith("/firms/"):
        return ""
    return f"{reverse('confirm-at-provider')}?{urlencode({'next': after})}"


def sends_on(request: HttpRequest) -> bool:
    """Whether a form is to be sent on: of the page that asks, the one that it was asked for."""
    if request.method != "POST":
        return False
    return request.POST.get(f"{OWN}sends", "yes") == "yes"


def _kept(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, str(value))
        for name, values in request.POST.lists()
        if not name.startswith(OWN) and name != "csrfmiddlewaretoken"
        for value in values
    )
