"""Your sign-in: address, password, second step, and where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.address_changes import waiting_address
from ringfence.access.linking import has_own_password
from ringfence.access.security_lines import SecurityQuestion, security_lines
from ringfence.access.security_log import SecurityKind
from ringfence.firms.models import User
from ringfence.web.shell.asking_again import proves
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.sign_ins import end_other_sessions, places_of
from ringfence.web.shell.visit import READS_AND_SENDS, open_to, places_open
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.security_log import happened_text, seen_from_text
from ringfence.wording.times import moment_text

from .frames import sure, user_of, when, zone_of

LATELY = 7
"""Lines of what happened that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRow:
    """One thing about the sign-in, with what can be done about it."""

    key: str
    value: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    began: str
    browser: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LatelyLine:
    """Something that happened to the sign-in."""

    what: str
    when: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YourSignInPage(Page):
    rows: tuple[SignInRow, ...]
    second_step: tuple[SignInRow, ...]
    protected: bool
    """Whether there is a second step."""
    sessions: tuple[SessionLine, ...]
    lately: tuple[LatelyLine, ...]


@open_to(Audience.SIGNED_IN)
def your_sign_in(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    user = user_of(request)
    zone = zone_of(user)
    kept = list(Authenticator.objects.filter(user=user).order_by("pk"))
    places = places_of(request, user)
    page = YourSignInPage(
        frame=outer_frame(request),
        title=_("Your sign-in"),
        back="/",
        rows=_rows(user),
        second_step=tuple(_second_step(kept, zone)),
        protected=any(each.type != Authenticator.Type.RECOVERY_CODES for each in kept),
        sessions=tuple(
            SessionLine(began=when(each.began_at, zone), browser=each.browser, here=each.here)
            for each in places
        ),
        lately=_lately(request, user, zone),
    )
    return show(request, "security/your_sign_in.html", page)


def _lately(request: HttpRequest, user: User, zone: ZoneInfo) -> tuple[LatelyLine, ...]:
    """The last lines of the security log: a user's own stands in the log of each of their firms.

    Of a firm that the session opens: one firm's provider does not open what stands in another's.
    """
    places = places_open(request, user)
    if not places:
        return ()
    asked = SecurityQuestion(members=frozenset({places[0].number}))
    return tuple(
        LatelyLine(
            what=happened_text(line.kind, line.details),
            when=moment_text(line.last_at, zone),
            where=seen_from_text(line.seen_from.address, line.seen_from.browser, line.seen_from.system),
        )
        for line in security_lines(places[0].firm_id, asked, 0, LATELY)
    )


def _rows(user: User) -> tuple[SignInRow, ...]:
    address, waiting = user.email, waiting_address(user)
    if waiting:
        address = _("%(address)s. A link was sent to %(waiting)s, and waits to be used") % {
            "address": address,
            "waiting": waiting,
        }
    return (
        _row(_("E-mail address"), address, "change-address"),
        _row(_("Password"), _("Set") if has_own_password(user) else _("Not set"), "change-password"),
    )


def _row(key: str, value: str, route: str) -> SignInRow:
    return SignInRow(key=key, value=value, links=(Link(text=_("Change"), href=reverse(route)),))


def _second_step(kept: list[Authenticator], zone: ZoneInfo) -> list[SignInRow]:
    """An app, passkeys, and the codes for when neither is at hand."""
    app = next((each for each in kept if each.type == Authenticator.Type.TOTP), None)
    codes = next((each for each in kept if each.type == Authenticator.Type.RECOVERY_CODES), None)
    if app is None:
        rows = [_option(_("App with codes"), _("Not set up"), _("Set up"), "add-app")]
    else:
        since = _("Set up on %(time)s") % {"time": when(app.created_at, zone)}
        rows = [_option(_("App with codes"), since, _("Remove"), "remove-app")]
    for each in kept:
        if each.type == Authenticator.Type.WEBAUTHN:
            remove = Link(text=_("Remove"), href=reverse("remove-passkey", args=[each.pk]))
            rows.append(SignInRow(key=_("Passkey"), value=each.wrap().name, links=(remove,)))
    if len(rows) > 1:
        more = _("For another device, or to keep in reserve")
        rows.append(_option(_("Another passkey"), more, _("Add"), "add-passkey"))
    else:
        rows.append(_option(_("Passkey"), _("Not set up"), _("Add"), "add-passkey"))
    if codes is not None:
        left = len(codes.wrap().get_unused_codes())
        told = ngettext("%(left)s is left", "%(left)s are left", left) % {"left": left}
        rows.append(_option(_("Recovery codes"), told, _("Make new ones"), "new-recovery-codes"))
    return rows


def _option(key: str, value: str, text: str, route: str) -> SignInRow:
    return SignInRow(key=key, value=value, links=(Link(text=text, href=reverse(route)),))


@open_to(Audience.SIGNED_IN, READS_AND_SENDS)
@proves
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    user = user_of(request)
    if request.method == "POST":
        end_other_sessions(request, user)
        note_of(request, SecurityKind.SESSIONS_ENDED, user)
        messages.success(request, _("You are signed out everywhere else."))
        return redirect("your-sign-in")
    return sure(
        request,
        _("Sign out everywhere else"),
        (
            _("Every other browser that is signed in as you has to sign in again. You stay signed in here."),
            _("If you think that somebody else signed in as you, change your password: that does the same."),
        ),
        _("Sign out everywhere else"),
    )
