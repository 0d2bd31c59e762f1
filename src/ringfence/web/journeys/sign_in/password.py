"""Setting a password with a link: one that was asked for, or the one of an invitation.

What links are good for is said in `ringfence.access.password_links` and `ringfence.access.invitations`.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters

from ringfence.access import invitations
from ringfence.access.password_links import owner_of_link, set_by_link
from ringfence.access.security_log import SecurityKind
from ringfence.firms.models import User
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.new_passwords import NewPassword, read_new_password
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

LINK = "password_link"
"""The session's key for the link that was opened: whose it is and its key, or an invitation's key alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPage(Page):
    email: str
    firm: str
    """Of an invitation; else empty."""
    password: NewPassword


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    user: User
    firm: str = ""
    key: str = ""
    """An invitation's; else empty."""

    def set_password(self, password: str) -> bool:
        """Whether it was set; not where the link has been used meanwhile."""
        encoded = make_password(password)
        if self.key:
            return invitations.accept(self.key, encoded) is not None
        return set_by_link(self.user, encoded)


@in_lane(Lane.WRITING, "GET", "HEAD")
@open_to(Audience.ANYONE)
def open_link(request: HttpRequest, uid: str, key: str) -> HttpResponse:
    """Take the key of a link out of the address, where others could read it, into the session."""
    return _keep(request, [uid, key])


@in_lane(Lane.WRITING, "GET", "HEAD")
@open_to(Audience.ANYONE)
def open_invitation(request: HttpRequest, key: str) -> HttpResponse:
    """The same for the key of an invitation."""
    return _keep(request, [key])


def _keep(request: HttpRequest, link: list[str]) -> HttpResponse:
    if _opened(link) is None:
        return _used(request)
    request.session[LINK] = link
    return redirect("choose-password")


@in_lane(Lane.PASSWORDS, "POST")
@sensitive_post_parameters("password1", "password2")
@open_to(Audience.ANYONE, READS_AND_SENDS)
def choose_password(request: HttpRequest) -> HttpResponse:
    """Set a password with the link that was opened, once."""
    opened = _opened(request.session.get(LINK, []))
    if opened is None:
        return _used(request)
    password = read_new_password(request, opened.user) if request.method == "POST" else NewPassword()
    if not password.good:
        return show(request, "sign_in/set_password.html", _password_page(request, opened, password))
    if not opened.set_password(password.value):
        return _used(request)
    if request.user.is_authenticated:
        logout(request)
    request.session.pop(LINK, None)
    note_of(request, SecurityKind.PASSWORD_SET, opened.user)
    get_adapter().forget_wrong_passwords(request, opened.user)
    messages.success(request, _("Your password is set. Sign in with it."))
    return redirect("account_login")


def _opened(link: list[str]) -> _Opened | None:
    """What the link is good for, while it is: not used, not too old, and theirs a place in some firm."""
    match link:
        case [uid, key]:
            user = owner_of_link(uid, key)
            return _Opened(user=user) if user is not None else None
        case [key]:
            found = invitations.opened(key)
            return _Opened(user=found.user, firm=found.firm, key=key) if found is not None else None
        case _:
            return None


def _used(request: HttpRequest) -> HttpResponse:
    page = Page(frame=outer_frame(request), title=_("This link cannot be used any more"))
    return show(request, "sign_in/link_used.html", page, status=404)


def _password_page(request: HttpRequest, opened: _Opened, password: NewPassword) -> PasswordPage:
    return PasswordPage(
        frame=outer_frame(request),
        title=_("Set your password"),
        errors=password.errors,
        email=opened.user.email,
        firm=opened.firm,
        password=password,
    )
