"""What we change of allauth: nobody signs themselves up, and it says nothing on our pages."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """People come into being with a place in a firm; our pages have their own words, in both languages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Users are made by firms."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our views say what was done."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Mail is sent by the notices alone."""
