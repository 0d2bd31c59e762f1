"""What we change of allauth: nobody signs themselves up, it says nothing on our pages, and guesses count.

Wrong passwords are counted by account and address together, so that nobody locks another out from afar.
Over all addresses an account has a higher limit. A browser that has signed in before does not meet it: it
is counted by itself. The limits are `ACCOUNT_RATE_LIMITS` in the settings.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ringfence.access.security_log import SecurityKind
from ringfence.core.directory import unique_key
from ringfence.firms.models import User
from ringfence.web.shell.new_device import FIRST
from ringfence.web.shell.proving import proven
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.visitors import known_browser, look_for_a_proxy, plain_address
from ringfence.wording.saying import gettext as _


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """People come into being with a place in a firm; our pages have their own words, in both languages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Users are made by firms."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign them in, and note whether it is for the first time."""
        request.META[FIRST] = user.last_login is None
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say it on the sign-in page, to who knew the password."""
        note_of(request, SecurityKind.SIGN_IN_REFUSED, user, why="inactive")
        messages.error(request, _("You can no longer sign in. Ask whoever runs Ringfence for your firm."))
        return redirect("account_login")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our views say what was done."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Mail is sent by the notices alone."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address of the visitor, whose IPv4 is the same in either form."""
        look_for_a_proxy(request)
        return plain_address(super().get_client_ip(request))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is looked at; raises `ValidationError` beyond a limit."""
        account = unique_key(credentials.get("email", ""))
        browser = known_browser(request, account)
        if browser:
            counted = {"login_failed_known": f"{account} {browser}"}
        else:
            counted = {
                "login_failed": self._get_login_attempts_cache_key(request, **credentials),
                "login_failed_anywhere": account,
            }
        self._attempts: list[ratelimit.RateLimitUsage] = []
        for action, key in counted.items():
            attempt = ratelimit.consume(request, app="allauth.account", action=action, key=key)
            if not attempt:
                raise self.validation_error("too_many_login_attempts")
            self._attempts.append(attempt)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The user whose password it is; what was right is not counted."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is not None:
            for attempt in self._attempts:
                attempt.rollback()
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Our pages ask for the password first (`proving.proves`); the library holds them to it."""
        return not proven(context.request)

    def forget_wrong_passwords(self, request: HttpRequest, user: User) -> None:
        """Count anew: who has just set a password may have forgotten the one before."""
        self._delete_login_attempts_cached_email(request, email=user.email)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # What is forgotten once a new password is set.
        return f"{unique_key(credentials.get('email', ''))} {ratelimit.get_ip(request)}"
