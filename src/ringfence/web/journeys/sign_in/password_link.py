"""Asking for a link to set a password: sent to the address that somebody signs in with, and to no other.

Whether an address is known is not told: the answer is the same (rules.md 1: it proves the address by itself),
and as fast, because looking for the user is left to the one who sends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from allauth.core import ratelimit
from django.conf import settings
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ringfence.access.password_links import link_days, password_link
from ringfence.core.directory import unique_key
from ringfence.firms.models import User
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.mail import SENDER
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.catalogue import in_language, language_spoken
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPage(Page):
    email: str
    email_error: str = ""


@open_to(Audience.ANYONE, READS_AND_SENDS)
def ask(request: HttpRequest) -> HttpResponse:
    """Send a link to the address, if somebody signs in with it."""
    if not settings.SENDS_MAIL:
        page = Page(frame=outer_frame(request), title=_ask_title(), back=reverse("account_login"))
        return show(request, "sign_in/no_mail.html", page)
    if request.method != "POST":
        return _ask_page(request, "")
    email = request.POST.get("email", "").strip()
    try:
        validate_email(email)
    except ValidationError:
        return _ask_page(request, email, _("Enter your e-mail address, like name@example.com"))
    if not ratelimit.consume(request, action="reset_password", key=unique_key(email)):
        error = _("Links were asked for several times. Use the last one, or ask again in an hour")
        return _ask_page(request, email, error)
    SENDER.hand_over(partial(send_link, email, settings.ADDRESS, language_spoken()))
    page = Page(frame=outer_frame(request), title=_("Look into your e-mail"), back=reverse("account_login"))
    return show(request, "sign_in/link_sent.html", page)


def send_link(email: str, root: str, language: str) -> None:
    """Write to who signs in with the address, if anybody does, in their own language, else in the page's.

    `root` is where they reach Ringfence, without a slash at its end. Raises what mail server and database
    raise.
    """
    user = User.objects.filter(email=unique_key(email), is_active=True).first()
    if user is None:
        return
    days = link_days()
    with in_language(user.language or language):
        subject = _("Set your password for Ringfence")
        lines = (
            _("Set your password here:"),
            password_link(user, root),
            ngettext(
                "The link can be used once, within %(days)s day.",
                "The link can be used once, within %(days)s days.",
                days,
            )
            % {"days": days},
            _("If you did not ask for it, do nothing: your password stays as it is."),
        )
    send_mail(subject, "\n\n".join(lines) + "\n", None, [user.email])


def _ask_title() -> str:
    return _("Get a link to set your password")


def _ask_page(request: HttpRequest, email: str, error: str = "") -> HttpResponse:
    page = AskPage(
        frame=outer_frame(request),
        title=_ask_title(),
        back=reverse("account_login"),
        errors=(ErrorLine(text=error, href="#email"),) if error else (),
        email=email,
        email_error=error,
    )
    return show(request, "sign_in/ask_link.html", page)
