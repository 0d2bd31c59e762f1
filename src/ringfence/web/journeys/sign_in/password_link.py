"""Asking for a link to set a password: sent to the address that somebody signs in with, and to no other.

Whether an address is known is not told: the answer is the same (rules.md 1: it proves the address by itself),
and takes as long, because a mail to nobody is handed over as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.core import ratelimit
from django.conf import settings
from django.core.validators import validate_email
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ringfence.access.password_links import user_at
from ringfence.access.security_log import SecurityKind
from ringfence.core.directory import unique_key
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.send_password_link import send_password_link
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.catalogue import LANGUAGES, language_spoken
from ringfence.wording.saying import gettext as _


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
    user = user_at(email)
    note_of(request, SecurityKind.PASSWORD_LINK_SENT, user)
    enqueue(send_password_link, user, LANGUAGES.index(language_spoken()))
    page = Page(frame=outer_frame(request), title=_("Look into your e-mail"), back=reverse("account_login"))
    return show(request, "sign_in/link_sent.html", page)


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
