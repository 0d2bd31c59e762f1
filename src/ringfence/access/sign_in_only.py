"""Sign-in by one provider alone, as a firm may require it of its people; one administrator keeps a password.

The requirement belongs to places, not to people: it holds where somebody enters the firm, however their
session began (`web.shell.only_provider`), and says nothing of other firms in which they have a place. Turning
it on is refused where it would leave nobody who can come in, now or on the day on which the provider is down.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec
from allauth.socialaccount.models import SocialAccount

from ringfence.core.events import SignInNoted
from ringfence.core.terms import ADMINISTERING, Capability, Role, SignInStep
from ringfence.firms.models import Firm, Member

from .actor import Actor
from .connection import answering
from .door import Beside
from .firm_now import FirmNow
from .linking import has_own_password
from .providers.reading import Provider, provider_numbered
from .sign_in_policy import SignInPolicy, note_sign_in, policy_of


class WhyNotOnly(StrEnum):
    """Why a provider cannot be required as things stand."""

    OFF = "off"
    """Nobody signs in with it."""
    NOBODY_LINKED = "nobody_linked"
    """No administrator has signed in with it: whether it works is not proved, and all would be locked out."""
    NOT_ADMINISTRATOR = "not_administrator"
    """Who is to keep a password does not manage the firm."""
    NO_PASSWORD = "no_password"
    """They have none."""


class CannotRequire(ValueError):
    """It would lock people out."""

    def __init__(self, why: WhyNotOnly) -> None:
        super().__init__(why.value)
        self.why = why


def require_provider(
    firm: int, provider: int, kept: int, *, actor: Actor, beside: Beside | None = None
) -> None:
    """Let the firm's people in by the provider alone; the administrator `kept` may use a password as well.

    What is done `beside` is in the same transaction, and not done where it is required already.
    Raises `CannotRequire`, `LookupError` where there is no such provider, `Refused` where the actor may not,
    `StateUnavailable`. Who came in by other means is led to the provider at their next page.
    """

    def write(now: FirmNow) -> SignInNoted:
        found = provider_numbered(firm, provider)
        if found is None:
            raise LookupError(provider)
        _need_somebody(now, found, kept)
        policy = msgspec.structs.replace(_policy(firm), only_provider=provider, kept_password=kept)
        _keep(firm, policy)
        return SignInNoted(did=SignInStep.PROVIDER_REQUIRED, words=(found.name,), member=kept)

    def stands(now: FirmNow) -> bool:
        policy = _policy(firm)
        required = (policy.only_provider, policy.kept_password) == (provider, kept)
        return required and now.may(actor.member, Capability.MANAGE)

    note_sign_in(firm, write, actor, unless=stands, beside=beside)


def lift_requirement(firm: int, *, actor: Actor, beside: Beside | None = None) -> bool:
    """Let the firm's people in by every way again; whether it was otherwise. Raises as above."""
    if not _policy(firm).only_provider:
        return False

    def write(_now: FirmNow) -> SignInNoted:
        policy = _policy(firm)
        found = provider_numbered(firm, policy.only_provider)
        _keep(firm, msgspec.structs.replace(policy, only_provider=0, kept_password=0))
        name = found.name if found is not None else ""
        return SignInNoted(did=SignInStep.PROVIDER_NOT_REQUIRED, words=(name,))

    note_sign_in(firm, write, actor, beside=beside)
    return True


def keeps_password(policy: SignInPolicy, member: Member) -> bool:
    """Whether the place opens with a password as well, while the firm requires its provider."""
    return member.number == policy.kept_password and Role(member.role) in ADMINISTERING


def keeper_of(firm: int) -> int:
    """Who keeps a password while a provider is required, also where they may use it no more; 0 for nobody."""
    with answering():
        policy = _policy(firm)
    return policy.kept_password if policy.only_provider else 0


def required_of(firm: int) -> Provider | None:
    """The provider by which alone the firm's people come in; None where they come in by every way."""
    with answering():
        number = _policy(firm).only_provider
        return provider_numbered(firm, number) if number else None


def could_keep(firm: int) -> list[tuple[int, str]]:
    """Administrators and principals with a password of their own, as numbers and names, by name."""
    with answering():
        rows = Member.objects.filter(
            firm=firm, active=True, role__in=[role.value for role in ADMINISTERING], user__is_active=True
        )
        return [
            (row.number, row.name)
            for row in rows.select_related("user").order_by("sort_key", "number")
            if row.user is not None and has_own_password(row.user)
        ]


def _need_somebody(now: FirmNow, provider: Provider, kept: int) -> None:
    if not provider.on:
        raise CannotRequire(WhyNotOnly.OFF)
    administrators = [number for number in now.active_members if now.may(number, Capability.MANAGE)]
    places = Member.objects.filter(firm=provider.firm, number__in=administrators, user__is_active=True)
    linked = SocialAccount.objects.filter(provider=provider.uid).values("user")
    if not places.filter(user__in=linked).exists():
        raise CannotRequire(WhyNotOnly.NOBODY_LINKED)
    keeper = places.select_related("user").filter(number=kept).first()
    if keeper is None or keeper.user is None:
        raise CannotRequire(WhyNotOnly.NOT_ADMINISTRATOR)
    if not has_own_password(keeper.user):
        raise CannotRequire(WhyNotOnly.NO_PASSWORD)


def _policy(firm: int) -> SignInPolicy:
    return policy_of(Firm.objects.only("sign_in").get(pk=firm))


def _keep(firm: int, policy: SignInPolicy) -> None:
    Firm.objects.filter(pk=firm).update(sign_in=msgspec.to_builtins(policy))
