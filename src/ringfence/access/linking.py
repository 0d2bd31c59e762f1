"""To which member's account a sign-in at a firm's provider leads: decided here, for every protocol.

1. Whom the provider has named before, by its subject, is that user, as long as they have an active place in
   the provider's firm. Their address at the provider may have changed meanwhile.
2. Who comes for the first time is led to the firm's active member whose user signs in with their e-mail
   address, where the provider says that the address is verified, and its domain is proved to be this firm's.
   The member was invited or entered; their invitation was not taken back, and nobody else at the provider is
   known as them.
3. Nobody else is let in, and nobody is made.

A subject counts with its own provider alone: two firms whose people are in one directory stay apart. What a
provider proves counts in its own firm alone: the session that it begins opens no other firm.
"""

from __future__ import annotations

import secrets

import msgspec
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import is_password_usable
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery

from ringfence.core.directory import unique_key
from ringfence.core.texts import is_email
from ringfence.firms.models import Invitation, Member, SignInProvider, User

from .connection import answering
from .domains import proved_firm
from .invitations import came_in
from .providers.checks import CheckFailed, SignInCheck, SignInFault
from .providers.kinds import ProviderState
from .providers.reading import Provider, who_it_is
from .providers.sessions import digest

CAME_BY_PROVIDER = "provider$"
"""What stands in place of the password of a user who came in by a provider and has set none: it is no
password, and says that somebody is behind the user."""
LONGEST_KEY = 191
"""Characters that the library keeps of a subject; of longer ones a digest is kept."""


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """Who came, as the provider says."""

    subject: str
    email: str = ""
    verified: bool = False
    name: str = ""
    external: str = ""
    groups: tuple[str, ...] | None = None
    """None where it says nothing of groups."""
    session: str = ""
    """The provider's own id of its session; empty where it told none."""
    at: float | None = None
    """When they proved there that it is them, in seconds since 1970; None where it does not say."""
    token: str = ""
    """The ID token, for signing out there; empty where there is none."""


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """To whom the sign-in leads."""

    user: User
    member: int
    """Their number in the provider's firm."""
    first: bool
    """Whether they came by this provider for the first time."""


def link(provider: Provider, arrival: Arrival) -> Linked:
    """Whom the sign-in leads to, linked where they are new; raises `CheckFailed`, `StateUnavailable`.

    Within a transaction of the caller's the provider stays what it is until that ends.
    """
    with answering(), transaction.atomic():
        _need_standing(provider)
        known = _known(provider, arrival)
        if known is not None:
            return known
        return _linked(provider, arrival)


def _need_standing(provider: Provider) -> None:
    """Hold the provider as it was read, until the caller's transaction ends; raises `CheckFailed`.

    Who comes back takes a while, in which it may have been turned off, removed, or become somebody else.
    """
    row = (
        SignInProvider.objects.select_for_update().filter(firm=provider.firm, number=provider.number).first()
    )
    if (
        row is None
        or row.state != ProviderState.ON
        or who_it_is(row.settings) != who_it_is(provider.settings)
    ):
        raise CheckFailed(SignInCheck.CAME_BACK, SignInFault.STALE)


def foreseen(provider: Provider, arrival: Arrival) -> Linked:
    """The same without linking anybody, for an administrator's test."""
    with answering():
        return _known(provider, arrival) or _found(provider, arrival)


def _known(provider: Provider, arrival: Arrival) -> Linked | None:
    place = Member.objects.filter(firm=provider.firm, user=OuterRef("user"))
    row = (
        SocialAccount.objects.select_related("user")
        .filter(provider=provider.uid, uid=key_of(arrival.subject))
        .annotate(place=Subquery(place.values("number")), active=Subquery(place.values("active")))
        .first()
    )
    if row is None:
        return None
    user: User = row.user
    if not row.active or not user.is_active:
        raise CheckFailed(SignInCheck.MEMBER, SignInFault.NO_PLACE, member=row.place or 0)
    return Linked(user=user, member=row.place, first=False)


def _linked(provider: Provider, arrival: Arrival) -> Linked:
    try:
        with transaction.atomic():
            found = _found(provider, arrival, lock=True)
            SocialAccount.objects.create(
                provider=provider.uid, uid=key_of(arrival.subject), user=found.user, extra_data={}
            )
            _come_in(found.user)
    except IntegrityError:
        # They came twice at once, and the other one has linked them.
        known = _known(provider, arrival)
        if known is None:
            raise
        return known
    return found


def _found(provider: Provider, arrival: Arrival, *, lock: bool = False) -> Linked:
    """Whom the address leads to. Whether it is known is asked last, so a refusal before it tells nothing."""
    email = arrival.email.strip()
    if not is_email(email):
        raise CheckFailed(SignInCheck.EMAIL, SignInFault.NO_EMAIL)
    if not arrival.verified:
        raise CheckFailed(SignInCheck.VERIFIED, SignInFault.NOT_VERIFIED, email=email)
    if proved_firm(email) != provider.firm:
        raise CheckFailed(SignInCheck.DOMAIN, SignInFault.NOT_PROVED, domain=email.rpartition("@")[2])
    places = Member.objects.select_related("user").filter(
        firm=provider.firm, active=True, user__email=unique_key(email)
    )
    place = places.first()
    if place is None or place.user is None or not place.user.is_active:
        raise CheckFailed(SignInCheck.MEMBER, SignInFault.NO_MEMBER, email=email)
    user = User.objects.select_for_update().get(pk=place.user.pk) if lock else place.user
    taken_back = Invitation.objects.filter(firm=provider.firm, member=place.number, revoked_at__isnull=False)
    if not is_password_usable(user.password) and taken_back.exists():
        raise CheckFailed(SignInCheck.MEMBER, SignInFault.TAKEN_BACK, email=email, member=place.number)
    if SocialAccount.objects.filter(provider=provider.uid, user=user).exists():
        raise CheckFailed(SignInCheck.MEMBER, SignInFault.ANOTHER_ACCOUNT, email=email, member=place.number)
    return Linked(user=user, member=place.number, first=True)


def _come_in(user: User) -> None:
    """Somebody is behind the user now: their place is theirs, and invitations of before are closed."""
    if not is_password_usable(user.password):
        user.password = CAME_BY_PROVIDER + secrets.token_urlsafe(24)
        user.save(update_fields=["password"])
        came_in(user)


def key_of(subject: str) -> str:
    """As which the library keeps a subject."""
    return subject if len(subject) <= LONGEST_KEY else f"sha256 {digest(subject)}"


def has_own_password(user: User) -> bool:
    """Whether the user signs in with a password, too."""
    return is_password_usable(user.password) and not user.password.startswith(CAME_BY_PROVIDER)
