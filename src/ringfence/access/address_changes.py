"""Changing the address that a user signs in with: by that user alone, once a link at the new one was used.

Sending the link, and telling the old address, is done elsewhere. A member's own address in a firm stays as it
is (rules.md 1).
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from ringfence.core.directory import unique_key
from ringfence.firms.models import AddressChange, User

from .connection import answering
from .link_keys import digest, new_key, opens
from .sign_in_accounts import prove

LASTS = timedelta(days=1)


class AddressLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What the mail to a new address needs."""

    address: str
    language: str
    link: str
    """Empty where somebody signs in with the address already: they are told so, and nothing changes."""


class OpenedChange(msgspec.Struct, frozen=True, kw_only=True):
    """The change that a key opens."""

    user: User
    address: str


def ask_for_address(user: User, address: str) -> None:
    """Keep the address that the user wants to sign in with; one that they asked for before is forgotten."""
    AddressChange.objects.update_or_create(
        user=user, defaults={"address": unique_key(address), "key": "", "lapses_at": timezone.now() + LASTS}
    )


def waiting_address(user: User) -> str:
    """The address that waits for its link to be used; empty for none."""
    found = AddressChange.objects.filter(user=user, lapses_at__gt=timezone.now())
    return found.values_list("address", flat=True).first() or ""


def address_letter(user: int, root: str) -> AddressLetter | None:
    """What is to be sent to the new address now; None where nothing waits any more.

    Each letter has a link of its own, and the last one alone is good.
    """
    with answering(), transaction.atomic():
        change = _waiting().filter(user=user).first()
        if change is None:
            return None
        if User.objects.filter(email=change.address).exists():
            return AddressLetter(address=change.address, language=change.user.language, link="")
        key = new_key()
        AddressChange.objects.filter(user=user).update(key=digest(key))
    link = root.rstrip("/") + reverse("new-address", args=[f"{user}-{key}"])
    return AddressLetter(address=change.address, language=change.user.language, link=link)


def opened_change(key: str) -> OpenedChange | None:
    """What the key of a link changes; None where it is no key, is used, replaced or too old."""
    number, _, secret = key.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        return None
    change = _waiting().filter(user=int(number)).first()
    if change is None or not opens(secret, change.key) or not change.user.is_active:
        return None
    return OpenedChange(user=change.user, address=change.address)


def change_address(key: str) -> User | None:
    """Let the user sign in with the new address; None where the key opens nothing, or it is taken."""
    try:
        with answering(), transaction.atomic():
            found = opened_change(key)
            # The row goes first: of two who use one key at once, one does.
            if found is None or not AddressChange.objects.filter(user=found.user).delete()[0]:
                return None
            User.objects.filter(pk=found.user.pk).update(email=found.address)
            prove(found.user)
            # The library would go on letting somebody sign in by an address that it has noted.
            EmailAddress.objects.filter(user=found.user).delete()
    except IntegrityError:
        return None
    found.user.email = found.address
    return found.user


def forget_address(user: User) -> None:
    """Give up the change that waits: its link is void."""
    AddressChange.objects.filter(user=user).delete()


def _waiting() -> QuerySet[AddressChange]:
    return AddressChange.objects.filter(lapses_at__gt=timezone.now()).select_related("user")
