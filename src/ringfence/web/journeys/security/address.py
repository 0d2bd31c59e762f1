"""Asking for another address to sign in with: a link goes to the new one, word of it to the present one."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.address_changes import ask_for_address, forget_address, waiting_address
from ringfence.access.security_log import SecurityKind
from ringfence.core.directory import unique_key
from ringfence.core.refusals import Refused
from ringfence.core.texts import clean_email
from ringfence.firms.models import User
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.send_address_link import send_address_link
from ringfence.jobs.send_address_notice import send_address_notice
from ringfence.web.shell.asking_again import proves
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

from .frames import user_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPage(Page):
    present: str
    waiting: str
    email: str = ""
    email_error: str = ""
    sends: bool


@open_to(Audience.SIGNED_IN, READS_AND_SENDS)
@proves
def change(request: HttpRequest) -> HttpResponse:
    """Ask for it; nothing changes before the link is used."""
    user = user_of(request)
    if request.method != "POST" or not settings.SENDS_MAIL:
        return _page(request, user)
    if request.POST.get("go") == "forget":
        forget_address(user)
        messages.success(request, _("The link is void. Your e-mail address stays as it is."))
        return redirect("your-sign-in")
    email = request.POST.get("email", "")
    error = _fault(request, user, email)
    if error:
        return _page(request, user, email, error)
    with transaction.atomic():
        ask_for_address(user, email)
        enqueue(send_address_link, user.pk)
        enqueue(send_address_notice, user.pk)
    note_of(request, SecurityKind.ADDRESS_ASKED, user)
    messages.success(
        request,
        _("A link is on its way to %(address)s. Your address is changed once you use it, within a day.")
        % {"address": unique_key(email)},
    )
    return redirect("your-sign-in")


def _fault(request: HttpRequest, user: User, email: str) -> str:
    try:
        address = clean_email(email)
    except Refused:
        address = ""
    if not address:
        return _("Enter an e-mail address, like name@example.com")
    if unique_key(address) == user.email:
        return _("This is the address that you sign in with already")
    if not ratelimit.consume(request, action="change_email", key=str(user.pk)):
        return _("Links were asked for several times. Use the last one, or ask again in an hour")
    return ""


def _page(request: HttpRequest, user: User, email: str = "", error: str = "") -> HttpResponse:
    page = AddressPage(
        frame=outer_frame(request),
        title=_("Change your e-mail address"),
        back=reverse("your-sign-in"),
        errors=(ErrorLine(text=error, href="#email"),) if error else (),
        present=user.email,
        waiting=waiting_address(user),
        email=showable(email),
        email_error=error,
        sends=settings.SENDS_MAIL,
    )
    return show(request, "security/address.html", page)
