"""Inviting members: a link, good for seven days, at which they set their first password.

The place is given to a user when the member gets an address (`sign_in_accounts`), under the ledger's proof;
an invitation lets that user come in. Who may invite is who manages members, and a principal whoever may make
one (rules.md 5). Sending is done elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, is_password_usable, make_password
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from ringfence.core.directory import unique_key
from ringfence.core.refusals import Problem, Refusal, Refused, need
from ringfence.firms.models import Firm, Invitation, Member, User

from .actor import Actor
from .connection import answering
from .door import firm_state, lock
from .ledger.seating import seat_by_address
from .link_keys import digest, new_key, opens
from .reading import refused_managing
from .sign_in_accounts import events_of, principals_kept_from, unproven_elsewhere

LASTS = timedelta(days=7)


class InvitationStage(StrEnum):
    """How far a member has come on the way to signing in."""

    NO_ADDRESS = "no_address"
    """They have no e-mail address to be invited at."""
    FOR_OPERATOR = "for_operator"
    """Another firm alone has let in who signs in with the address: only the operator knows whose it is."""
    NOT_INVITED = "not_invited"
    """Also where they have another address since."""
    INVITED = "invited"
    LAPSED = "lapsed"
    REVOKED = "revoked"
    ACCEPTED = "accepted"
    """They have a password, wherever they set it."""


_NOT_INVITABLE = {InvitationStage.NO_ADDRESS, InvitationStage.FOR_OPERATOR, InvitationStage.ACCEPTED}


class MemberInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be told of a member's invitation."""

    stage: InvitationStage
    at: datetime | None = None
    """When they were invited, came in, or the invitation was taken back; none where that is not known."""
    lapses: datetime | None = None
    """Until when the link is good, or was."""

    @property
    def open(self) -> bool:
        """Whether there is an invitation that may be taken back."""
        return self.stage is InvitationStage.INVITED


class NotInvitable(Exception):
    """The member cannot be invited; the stage says why."""

    def __init__(self, stage: InvitationStage) -> None:
        super().__init__(stage.value)
        self.stage = stage


class InvitationLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What the mail with an invitation needs."""

    address: str
    language: str
    firm: str
    inviter: str
    """The name of who invited; empty for the operator."""
    link: str


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """The good invitation that a key opens."""

    user: User
    firm: str
    invitation: Invitation


def anybody_asked(firm: int, but: int) -> bool:
    """Whether any member of the firm but this one was invited, has a password or has signed in."""
    invited = Exists(Invitation.objects.filter(firm=firm, member=OuterRef("number")))
    password = Q(user__isnull=False) & ~Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    others = Member.objects.filter(firm=firm).exclude(number=but)
    return others.filter(password | Q(user__last_login__isnull=False) | Q(invited)).exists()


def invitations_of(firm: int, members: Collection[int]) -> dict[int, MemberInvitation]:
    """The invitation of each of these members of the firm: two questions to the database."""
    rows = Member.objects.filter(firm=firm, number__in=members).select_related("user", "firm")
    sent = {each.member: each for each in Invitation.objects.filter(firm=firm, member__in=members)}
    now = timezone.now()
    unseated = {unique_key(row.email) for row in rows if row.user is None and row.email}
    unproven = unproven_elsewhere(firm, unseated) if unseated else set()
    return {
        row.number: MemberInvitation(stage=InvitationStage.FOR_OPERATOR)
        if row.user is None and unique_key(row.email) in unproven
        else _told(row, sent.get(row.number), now)
        for row in rows
    }


def _told(row: Member, sent: Invitation | None, now: datetime) -> MemberInvitation:
    if row.user is not None and is_password_usable(row.user.password):
        return MemberInvitation(stage=InvitationStage.ACCEPTED, at=sent.accepted_at if sent else None)
    if not row.email or row.user is None:
        return MemberInvitation(stage=InvitationStage.NO_ADDRESS)
    if sent is None or sent.address != _address(row):
        return MemberInvitation(stage=InvitationStage.NOT_INVITED)
    if sent.revoked_at is not None:
        return MemberInvitation(stage=InvitationStage.REVOKED, at=sent.revoked_at)
    stage = InvitationStage.INVITED if sent.lapses_at > now else InvitationStage.LAPSED
    return MemberInvitation(stage=stage, at=sent.invited_at, lapses=sent.lapses_at)


def _address(row: Member) -> str:
    return digest(f"{row.firm.uid} {unique_key(row.email)}")


def invite(firm: int, member: int, *, actor: Actor) -> MemberInvitation:
    """Invite the member, or anew; a link of before is void. What is told of it from now on.

    There is a link once `letter` was asked for. Raises `Refused` for who may not manage members,
    `NotConfirmed` where the place gives power, `NotInvitable`, `Member.DoesNotExist`, `StateUnavailable`.
    """
    with answering(), transaction.atomic():
        row = _managed(firm, member, actor)
        if row.email and not (row.user and is_password_usable(row.user.password)):
            # Also where the address was put right by somebody who might not let them in.
            seat_by_address(row.firm, member, actor=actor)
        found = invitations_of(firm, [member])[member]
        if found.stage in _NOT_INVITABLE:
            raise NotInvitable(found.stage)
        _need_shown(row.firm, member, actor)
        now = timezone.now()
        Invitation.objects.update_or_create(
            firm=row.firm,
            member=member,
            defaults={
                "address": _address(row),
                "key": "",
                "by": actor.member,
                "invited_at": now,
                "lapses_at": now + LASTS,
                "revoked_at": None,
                "accepted_at": None,
            },
        )
    return invitations_of(firm, [member])[member]


def revoke(firm: int, member: int, *, actor: Actor) -> bool:
    """Take the member's invitation back; whether there was one. Raises as `invite`, but `NotInvitable`."""
    with answering(), transaction.atomic():
        _managed(firm, member, actor)
        if not invitations_of(firm, [member])[member].open:
            return False
        # With another secret that is no password, links that they asked for themselves are void, too.
        invited = User.objects.filter(memberships__firm=firm, memberships__number=member)
        invited.update(password=make_password(None))
        Invitation.objects.filter(firm=firm, member=member).update(revoked_at=timezone.now(), key="")
    return True


def _managed(firm: int, member: int, actor: Actor) -> Member:
    """The active member's row, under the firm's lock, for who may manage members."""
    # A process that does not know the firm yet must not load it while others wait for the lock.
    firm_state(firm)
    row = lock(firm)
    now = firm_state(firm)
    need(actor.refused(now.moment))
    if refused := refused_managing(now, actor.member):
        raise refused
    if principals_kept_from(actor, firm, [member]):
        raise Refused(Refusal.NOT_PERMITTED, Problem.ONLY_PRINCIPALS, "member")
    place = Member.objects.select_related("user").get(firm=firm, number=member, active=True)
    place.firm = row
    return place


def _need_shown(firm: Firm, member: int, actor: Actor) -> None:
    """Whoever has the link comes into the place, be it sent or shown."""
    seats = dict(Member.objects.filter(firm=firm, number=member).values_list("number", "user"))
    state = firm_state(firm.pk).moment.state
    actor.need_fresh(state, state, events_of(firm, seats))


def may_invite(firm: int, member: int, actor: Actor) -> bool:
    """Whether one who manages members may invite this one, too: principals are invited by principals."""
    return not principals_kept_from(actor, firm, [member])


# --- Links


def for_operator_alone(user: int | None, firm: int) -> bool:
    """Whether no link of this firm's lets the user in: no mail proves the address, and another firm gave
    the user of that id a place, which whoever was shown the link here could take (rules.md 1, silo).
    """
    return not settings.SENDS_MAIL and Member.objects.filter(user=user).exclude(firm=firm).exists()


def letter(firm: int, member: int, root: str) -> InvitationLetter | None:
    """What is to be sent to the member now; None where the invitation is not open any more.

    Also where it is `for_operator_alone`. Each letter has a link of its own, and the last one alone is good.
    `root` is where people reach Ringfence.
    """
    with answering(), transaction.atomic():
        row = (
            Member.objects.select_related("firm", "user")
            .filter(firm=firm, number=member, active=True)
            .first()
        )
        if row is None or row.user is None or not invitations_of(firm, [member])[member].open:
            return None
        if for_operator_alone(row.user_id, firm):
            return None
        sent = Invitation.objects.get(firm=firm, member=member)
        key = new_key()
        shown = not settings.SENDS_MAIL
        Invitation.objects.filter(firm=firm, member=member).update(key=digest(key), shown=shown)
        by = Member.objects.filter(firm=firm, number=sent.by).first() if sent.by else None
    return InvitationLetter(
        address=row.email,
        language=row.user.language or row.firm.language,
        firm=row.firm.name,
        inviter=by.name if by is not None else "",
        link=root.rstrip("/") + reverse("invitation", args=[f"{firm}-{member}-{key}"]),
    )


def opened(key: str) -> Opened | None:
    """What the key of a link opens; None where it is no key, is used, too old, replaced or taken back."""
    firm, _, rest = key.partition("-")
    member, _, secret = rest.partition("-")
    if not (_is_number(firm) and _is_number(member)):
        return None
    sent = Invitation.objects.filter(firm=int(firm), member=int(member)).first()
    if sent is None or not opens(secret, sent.key):
        return None
    row = (
        Member.objects.select_related("firm", "user")
        .filter(firm=int(firm), number=int(member), active=True)
        .first()
    )
    if (
        row is None
        or row.user is None
        or not row.user.is_active
        or for_operator_alone(row.user_id, sent.firm_id)
    ):
        return None
    if _told(row, sent, timezone.now()).stage is not InvitationStage.INVITED:
        return None
    return Opened(user=row.user, firm=row.firm.name, invitation=sent)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def accept(key: str, password: str) -> User | None:
    """Let the invited user sign in with a password, given as it is stored; None where the key opens nothing.

    Of two who use one key at once, one does.
    """
    with answering(), transaction.atomic():
        found = opened(key)
        if found is None:
            return None
        lock(found.invitation.firm_id)
        # Another firm that gives them a place at this moment goes first, or finds who has let them in.
        list(User.objects.select_for_update().filter(pk=found.user.pk))
        found = opened(key)
        if found is None:
            return None
        user, sent = found.user, found.invitation
        user.password, user.let_in_by = password, sent.firm_id if sent.shown else None
        user.save(update_fields=["password", "let_in_by"])
        came_in(user)
    return user


def came_in(user: User) -> None:
    """Close the invitations of a user who has set a password: no link of before sets another."""
    now = timezone.now()
    for firm, member in Member.objects.filter(user=user).values_list("firm", "number"):
        Invitation.objects.filter(firm=firm, member=member, accepted_at=None).update(accepted_at=now, key="")


def may_come_in(user: User) -> bool:
    """Whether a link to set a password may be sent to who asks for one at the user's address.

    Not to who never had a password and whose invitations were all taken back.
    """
    if is_password_usable(user.password):
        return True
    places = Member.objects.filter(user=user, active=True).values_list("firm", "number")
    return any(
        not Invitation.objects.filter(firm=firm, member=member, revoked_at__isnull=False).exists()
        for firm, member in places
    )
