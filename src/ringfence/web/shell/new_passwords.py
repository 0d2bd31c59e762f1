"""A new password as somebody typed it twice: what is wrong with it, in our words. Nothing is stored here."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from ringfence.firms.models import User
from ringfence.wording.saying import gettext as _

from .page import ErrorLine


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassword:
    """The two fields `password1` and `password2`, with what is wrong with each; empty where nothing is."""

    value: str = ""
    first_error: str = ""
    second_error: str = ""

    @property
    def good(self) -> bool:
        return bool(self.value) and not self.errors

    @property
    def errors(self) -> tuple[ErrorLine, ...]:
        """For the error summary."""
        told = (("#password1", self.first_error), ("#password2", self.second_error))
        return tuple(ErrorLine(text=text, href=href) for href, text in told if text)

    @property
    def least(self) -> int:
        """How many characters a password must have at least."""
        found = (
            each for each in get_default_password_validators() if isinstance(each, MinimumLengthValidator)
        )
        return next(each.min_length for each in found)


def read_new_password(request: HttpRequest, user: User) -> NewPassword:
    """What was sent, for a user whose name and address it must not be like. One fault at a time."""
    first, second = request.POST.get("password1", ""), request.POST.get("password2", "")
    if not first:
        return NewPassword(first_error=_("Enter a password"))
    try:
        validate_password(first, user)
    except ValidationError as faults:
        return NewPassword(first_error=_fault(faults.error_list[0]))
    if first != second:
        return NewPassword(second_error=_("Type the same password in both fields"))
    return NewPassword(value=first)


def _fault(fault: ValidationError) -> str:
    match fault.code:
        case "password_too_short":
            return _("The password must have at least %(least)s characters") % {"least": NewPassword().least}
        case "password_too_common":
            return _("This password is too common: choose one that nobody would guess")
        case "password_of_here":
            return _("Choose a password that is more than the name of Ringfence, your firm or your address")
        case "password_too_similar":
            return _("The password is too like your name or e-mail address")
        case _:
            return _("Choose another password")
