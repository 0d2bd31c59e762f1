"""Adding, changing and removing an identity provider: each with its entry in the firm's ledger, at once.

Administrators and principals do it (rules.md 5, settings). Each function raises `Refused` where the actor may
not, `LookupError` where there is no such provider, and `StateUnavailable`. The secret is in no entry.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import msgspec
from allauth.socialaccount.models import SocialAccount

from ringfence.access.actor import Actor
from ringfence.access.sign_in_policy import note_sign_in, policy_of
from ringfence.core.events import SignInNoted
from ringfence.core.terms import SignInStep
from ringfence.core.texts import clean
from ringfence.firms.models import Firm, Member, SignInProvider
from ringfence.firms.sealing import seal

from .kinds import OpenIdSettings, Protocol, ProviderKind, ProviderState
from .reading import PURPOSE, Provider, provider_numbered, who_it_is
from .sessions import end_sessions_of_provider

MOST_PROVIDERS = 10
"""Of one firm."""
NAME = 50
CLIENT = 200
"""Characters of a client's id and secret."""


class TooManyProviders(ValueError):
    """The firm has as many providers as a firm may have."""


class StillRequired(ValueError):
    """The firm's people sign in with this provider alone: that is taken back first."""


def add_provider(
    firm: int,
    name: str,
    kind: ProviderKind,
    settings: OpenIdSettings | dict[str, Any],
    *,
    actor: Actor,
    secret: str = "",
    protocol: Protocol = Protocol.OIDC,
) -> Provider:
    """A new one, which nobody signs in with before it is turned on; raises `TooManyProviders`."""
    called = clean(name, "name", most=NAME)
    number = 0

    def add(_now: object) -> SignInNoted:
        nonlocal number
        rows = SignInProvider.objects.filter(firm=firm)
        if rows.exclude(state=ProviderState.REMOVED).count() >= MOST_PROVIDERS:
            raise TooManyProviders
        number = (rows.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        SignInProvider.objects.create(
            firm_id=firm,
            number=number,
            uid=secrets.token_urlsafe(18),
            protocol=protocol,
            kind=kind,
            name=called,
            state=ProviderState.OFF,
            settings=_plain(settings),
            secrets=seal(secret, PURPOSE) if secret else "",
        )
        return SignInNoted(did=SignInStep.PROVIDER_ADDED, words=(called, who_it_is(_plain(settings))))

    note_sign_in(firm, add, actor)
    return _found(firm, number)


def change_provider(
    firm: int,
    number: int,
    *,
    actor: Actor,
    name: str | None = None,
    settings: OpenIdSettings | dict[str, Any] | None = None,
    secret: str | None = None,
) -> Provider:
    """Other facts of it; what is None stays. With another issuer nobody is known by it any more.

    Raises `StillRequired` for another issuer of the provider that the firm requires.
    """
    called = clean(name, "name", most=NAME) if name is not None else None

    def change(kept: Provider) -> SignInNoted:
        before, after = (
            who_it_is(kept.settings),
            who_it_is(_plain(settings) if settings is not None else kept.settings),
        )
        if before != after:
            _need_free(firm, number)
            forget_links(kept.uid)
            end_sessions_of_provider(firm, number)
        columns: dict[str, Any] = {}
        if called is not None:
            columns["name"] = called
        if settings is not None:
            columns["settings"] = _plain(settings)
        if secret is not None:
            columns["secrets"] = seal(secret, PURPOSE)
        _update(firm, number, **columns)
        return SignInNoted(did=SignInStep.PROVIDER_CHANGED, words=(called or kept.name, after))

    return _changed(firm, number, change, actor)


def turn_on(firm: int, number: int, *, actor: Actor) -> Provider:
    """Let people sign in with it."""

    def change(kept: Provider) -> SignInNoted:
        _update(firm, number, state=ProviderState.ON)
        return SignInNoted(did=SignInStep.PROVIDER_ON, words=(kept.name,))

    return _changed(firm, number, change, actor)


def turn_off(firm: int, number: int, *, actor: Actor) -> Provider:
    """Let nobody sign in with it, and end what it had signed in; who is linked stays so.

    Raises `StillRequired` where the firm requires it.
    """

    def change(kept: Provider) -> SignInNoted:
        _need_free(firm, number)
        _update(firm, number, state=ProviderState.OFF)
        end_sessions_of_provider(firm, number)
        return SignInNoted(did=SignInStep.PROVIDER_OFF, words=(kept.name,))

    return _changed(firm, number, change, actor)


def remove_provider(firm: int, number: int, *, actor: Actor) -> None:
    """Forget it, its secret and whom it knew. Raises `StillRequired` where the firm requires it."""

    def change(kept: Provider) -> SignInNoted:
        _need_free(firm, number)
        _update(firm, number, state=ProviderState.REMOVED, secrets="", settings={})
        forget_links(kept.uid)
        end_sessions_of_provider(firm, number)
        return SignInNoted(did=SignInStep.PROVIDER_REMOVED, words=(kept.name,))

    _changed(firm, number, change, actor, gone=True)


def forget_link(firm: int, number: int, member: int, *, actor: Actor) -> bool:
    """Forget as whom the provider knows the member, who is linked anew when they next come; whether it was.

    For who has another account at the provider than the one they first came with.
    """
    kept = _found(firm, number)
    user = Member.objects.filter(firm=firm, number=member).values_list("user", flat=True).first()
    links = SocialAccount.objects.filter(provider=kept.uid, user=user)
    if user is None or not links.exists():
        return False

    def change(kept: Provider) -> SignInNoted:
        links.delete()
        end_sessions_of_provider(firm, number, user=user)
        return SignInNoted(did=SignInStep.PROVIDER_FORGOT, words=(kept.name,), member=member)

    _changed(firm, number, change, actor)
    return True


def forget_links(uid: str) -> None:
    """Forget whom the provider knows."""
    SocialAccount.objects.filter(provider=uid).delete()


def _changed(
    firm: int, number: int, change: Callable[[Provider], SignInNoted], actor: Actor, *, gone: bool = False
) -> Provider:
    kept = _found(firm, number)

    def noted(_now: object) -> SignInNoted:
        return change(_found(firm, number))

    note_sign_in(firm, noted, actor)
    return kept if gone else _found(firm, number)


def _need_free(firm: int, number: int) -> None:
    """Raises `StillRequired` where the firm's people sign in with the provider alone."""
    if policy_of(Firm.objects.only("sign_in").get(pk=firm)).only_provider == number:
        raise StillRequired


def _found(firm: int, number: int) -> Provider:
    kept = provider_numbered(firm, number)
    if kept is None:
        raise LookupError(number)
    return kept


def _update(firm: int, number: int, **columns: Any) -> None:
    if columns:
        SignInProvider.objects.filter(firm=firm, number=number).update(**columns)


def _plain(settings: OpenIdSettings | dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(settings)
    return found
