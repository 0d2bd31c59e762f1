"""Links at which a person sets a password, once: the way in for whoever has none yet or forgot theirs.

Whoever has the link can sign in as them. Sending or printing it is left to who asked for it.
"""

from __future__ import annotations

from allauth.account.forms import UserTokenForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse

from ringfence.core.directory import unique_key
from ringfence.firms.models import Member, SignIn, User

from .actor import OPERATOR
from .address_changes import forget_address
from .connection import answering
from .door import lock
from .invitations import came_in, may_come_in
from .ledger.seating import seat_by_address
from .sign_in_accounts import prove


def password_link(user: User, root: str) -> str:
    """Where the user sets a password, once, within `PASSWORD_RESET_TIMEOUT` seconds.

    `root` is the address at which people reach Ringfence, with or without a slash at its end.
    """
    key = default_token_generator.make_token(user)
    return root.rstrip("/") + reverse("set-password", args=[user_pk_to_url_str(user), key])


def link_by_operator(firm: int, member: int, root: str) -> tuple[User, str] | None:
    """Whom of the firm's members the operator gives which link; None where they have no address.

    Who was kept out of the place, since another firm alone had let them in, is given it: password, second
    step and sessions of before are void, for whose they were nothing had proved. Raises `StateUnavailable`.
    """
    with answering(), transaction.atomic():
        row = lock(firm)
        place = Member.objects.select_related("user").get(firm=firm, number=member)
        if place.user is None and place.email:
            kept_out = User.objects.filter(email=unique_key(place.email), let_in_by__isnull=False).first()
            if kept_out is not None:
                _begin_again(kept_out)
            seat_by_address(row, member, actor=OPERATOR)
            place.refresh_from_db()
    return (place.user, password_link(place.user, root)) if place.user is not None else None


def _begin_again(user: User) -> None:
    user.password = make_password(None)
    user.save(update_fields=["password"])
    _forget_second_step(user)
    forget_address(user)
    SignIn.objects.filter(user=user).delete()
    prove(user)


def _forget_second_step(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()


def link_days() -> int:
    """For how many days such a link is good."""
    return int(settings.PASSWORD_RESET_TIMEOUT) // 86_400


def user_at(email: str) -> int:
    """The number of the user who signs in with the address; 0 for nobody. One question, whoever is there."""
    found = User.objects.filter(email=unique_key(email), is_active=True)
    return found.values_list("pk", flat=True).first() or 0


def user_of_address(email: str) -> int:
    """The same, also of who cannot sign in any more."""
    return User.objects.filter(email=unique_key(email)).values_list("pk", flat=True).first() or 0


def link_for_who_asked(user: int, root: str) -> tuple[User, str] | None:
    """Whom to send which link because one was asked for at their address; None for who gets none.

    That is nobody, and who never had a password and whose invitations were taken back.
    """
    found = User.objects.filter(pk=user, is_active=True).first()
    if found is None or not may_come_in(found):
        return None
    return found, password_link(found, root)


def owner_of_link(uid: str, key: str) -> User | None:
    """Whose link it is, while it is good: not used, not too old, and theirs a place in some firm."""
    token = UserTokenForm(data={"uidb36": uid, "key": key})
    if not token.is_valid():
        return None
    user: User = token.reset_user
    return user if user.is_active else None


def set_by_link(user: User, password: str) -> bool:
    """Give the owner of a link a password, as it is stored; not where they have had another one meanwhile.

    So of two who use one link at once, one does. Whatever other link could let somebody in is void.
    """
    with answering(), transaction.atomic():
        if not User.objects.filter(pk=user.pk, password=user.password).update(password=password):
            return False
        came_in(user)
        if user.let_in_by is not None:
            # A mail or the operator has proved the address; what was set up before may be somebody else's.
            _forget_second_step(user)
            prove(user)
        forget_address(user)
        # Their sessions end with the password of before.
        SignIn.objects.filter(user=user).delete()
    return True
