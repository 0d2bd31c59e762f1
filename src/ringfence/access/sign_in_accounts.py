"""Which user sits in which member's place: outside the ledger, for signing in is a person's own matter.

A member with an e-mail address is given the user who signs in with it; where there is none yet, one without a
password is made, who proves the address by choosing one through it. Whoever has no active place in any firm
cannot sign in, and their sessions end.
"""

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password

from ringfence.core.directory import unique_key
from ringfence.core.events import Change, MemberAdded, MemberDeactivated, MemberReactivated
from ringfence.core.terms import Thing
from ringfence.firms.models import Member, User


def give_sign_in_accounts(firm: int, change: Change) -> None:
    """Give places that the change made, or gave an address, their users; in the change's own transaction.

    Whoever has a user keeps them, and a user who has a place in the firm takes no second one.
    """
    added = {event.member for event in change.events if isinstance(event, MemberAdded)}
    named = [text for text in change.texts if text.thing is Thing.MEMBER]
    addressed = {text.number for text in named if text.fields.get("email")}
    for member in _waiting(firm, added | addressed):
        user, _ = User.objects.get_or_create(
            email=unique_key(member.email), defaults={"name": member.name, "password": make_password(None)}
        )
        if not Member.objects.filter(firm=firm, user=user).exists():
            Member.objects.filter(firm=firm, number=member.number).update(user=user)
    turned = {
        event.member for event in change.events if isinstance(event, MemberDeactivated | MemberReactivated)
    }
    _let_in(firm, added | addressed | turned)


def _waiting(firm: int, numbers: Iterable[int]) -> Iterable[Member]:
    rows = Member.objects.filter(firm=firm, number__in=numbers, user=None).exclude(email="")
    return rows.order_by("number") if numbers else ()


def _let_in(firm: int, numbers: Iterable[int]) -> None:
    """Let the users of these members sign in while they have an active place, in whichever firm."""
    if not numbers:
        return
    for user in User.objects.filter(memberships__firm=firm, memberships__number__in=numbers).distinct():
        active = Member.objects.filter(user=user, active=True).exists()
        if user.is_active is not active:
            User.objects.filter(pk=user.pk).update(is_active=active)
