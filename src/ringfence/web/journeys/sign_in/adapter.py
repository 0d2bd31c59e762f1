"""What we change of allauth: nobody signs themselves up, and it says nothing on our pages."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ringfence.firms.models import User
from ringfence.wording.saying import gettext as _


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """People come into being with a place in a firm; our pages have their own words, in both languages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Users are made by firms."""
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say it on the sign-in page, to who knew the password."""
        messages.error(request, _("You can no longer sign in. Ask whoever runs Ringfence for your firm."))
        return redirect("account_login")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our views say what was done."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Mail is sent by the notices alone."""
