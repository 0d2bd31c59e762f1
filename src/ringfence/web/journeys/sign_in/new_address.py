"""Another address to sign in with, once the link that was sent to it is used: by who can read its mail."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ringfence.access.address_changes import OpenedChange, change_address, opened_change
from ringfence.access.security_log import SecurityKind
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

LINK = "address_link"
"""The session's key for the key of the link that was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmAddressPage(Page):
    before: str
    address: str


@in_lane(Lane.WRITING, "GET", "HEAD")
@open_to(Audience.ANYONE)
def open_link(request: HttpRequest, key: str) -> HttpResponse:
    """Take the key of a link out of the address, where others could read it, into the session."""
    if opened_change(key) is None:
        return _used(request)
    request.session[LINK] = key
    return redirect("confirm-address")


@open_to(Audience.ANYONE, READS_AND_SENDS)
def confirm(request: HttpRequest) -> HttpResponse:
    """Change the address, once."""
    key = request.session.get(LINK, "")
    found = opened_change(key)
    if found is None:
        return _used(request)
    if request.method != "POST":
        return _confirm_page(request, found)
    request.session.pop(LINK, None)
    if change_address(key) is None:
        return _used(request)
    note_of(request, SecurityKind.ADDRESS_CHANGED, found.user)
    messages.success(request, _("From now on you sign in with %(address)s.") % {"address": found.address})
    return redirect("your-sign-in" if request.user == found.user else "account_login")


def _confirm_page(request: HttpRequest, found: OpenedChange) -> HttpResponse:
    page = ConfirmAddressPage(
        frame=outer_frame(request),
        title=_("Confirm your new e-mail address"),
        before=found.user.email,
        address=found.address,
    )
    return show(request, "sign_in/confirm_address.html", page)


def _used(request: HttpRequest) -> HttpResponse:
    page = Page(frame=outer_frame(request), title=_("This link cannot be used any more"))
    return show(request, "sign_in/address_link_used.html", page, status=404)
