"""A member's invitation: one link at a time, seven days, taken back, for one address, used once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ringfence import access
from ringfence.access import invitations
from ringfence.access.invitations import InvitationStage, NotInvitable
from ringfence.access.password_links import (
    link_for_who_asked,
    owner_of_link,
    password_link,
    set_by_link,
)
from ringfence.core.commands import Refused
from ringfence.core.commands import definitions as w
from ringfence.core.events import UserSeated
from ringfence.core.terms import Role
from ringfence.firms.models import Invitation, Member, User
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases

OWNER = access.Actor(ADMIN)
WORD = "pbkdf2_sha256$1$salt$hash"
"""A password as it is stored."""


@pytest.fixture
def beth(firm: Cast) -> int:
    """A member with an address and no password."""
    return firm.member("Beth")


def user_of(firm: Cast, member: int) -> User:
    user = Member.objects.select_related("user").get(firm=firm.firm, number=member).user
    assert user is not None
    return user


def stage(firm: Cast, member: int) -> InvitationStage:
    return invitations.invitations_of(firm.firm, [member])[member].stage


def link(firm: Cast, member: int) -> str:
    """The key of the link that is sent now."""
    letter = invitations.letter(firm.firm, member, "https://ringfence.example")
    assert letter is not None
    return letter.link.rpartition("/")[2]


def invited(firm: Cast, member: int) -> str:
    invitations.invite(firm.firm, member, actor=OWNER)
    return link(firm, member)


def test_a_link_lets_the_invited_set_a_password_once(firm: Cast, beth: int) -> None:
    key = invited(firm, beth)
    assert stage(firm, beth) is InvitationStage.INVITED
    assert invitations.accept(key, WORD) == user_of(firm, beth)
    assert user_of(firm, beth).password == WORD
    assert stage(firm, beth) is InvitationStage.ACCEPTED
    assert invitations.accept(key, "another") is None
    assert access.verify(firm.firm).problems == ()


def test_a_link_lapses_after_seven_days(firm: Cast, beth: int) -> None:
    key = invited(firm, beth)
    Invitation.objects.update(lapses_at=timezone.now() + timedelta(minutes=1))
    assert invitations.opened(key) is not None
    Invitation.objects.update(lapses_at=timezone.now())
    assert invitations.accept(key, WORD) is None
    assert stage(firm, beth) is InvitationStage.LAPSED
    given = Invitation.objects.get()
    invitations.invite(firm.firm, beth, actor=OWNER)
    given = Invitation.objects.get()
    assert given.lapses_at - given.invited_at == timedelta(days=7)


def test_the_last_link_alone_is_good(firm: Cast, beth: int) -> None:
    first = invited(firm, beth)
    second = invited(firm, beth)
    assert invitations.opened(first) is None
    assert invitations.opened(second) is not None


def test_an_invitation_that_was_taken_back_opens_nothing_and_sends_nothing(firm: Cast, beth: int) -> None:
    key = invited(firm, beth)
    assert invitations.revoke(firm.firm, beth, actor=OWNER)
    assert invitations.accept(key, WORD) is None
    assert invitations.letter(firm.firm, beth, "") is None
    assert stage(firm, beth) is InvitationStage.REVOKED
    assert not invitations.revoke(firm.firm, beth, actor=OWNER)


def test_who_was_taken_back_gets_no_link_by_asking_either(firm: Cast, beth: int) -> None:
    user = user_of(firm, beth).pk
    assert link_for_who_asked(user, "") is not None
    invited(firm, beth)
    invitations.revoke(firm.firm, beth, actor=OWNER)
    assert link_for_who_asked(user, "") is None
    invited(firm, beth)
    assert link_for_who_asked(user, "") is not None


def test_taking_back_voids_the_links_that_they_asked_for_before(firm: Cast, beth: int) -> None:
    invited(firm, beth)
    uid, key = password_link(user_of(firm, beth), "").split("/")[-2:]
    assert owner_of_link(uid, key) is not None
    invitations.revoke(firm.firm, beth, actor=OWNER)
    assert owner_of_link(uid, key) is None


def test_a_link_is_void_once_the_member_has_another_address(firm: Cast, beth: int) -> None:
    key = invited(firm, beth)
    firm.do(w.ChangeMember(member=beth, email="elizabeth@example.com"))
    assert invitations.opened(key) is None
    assert stage(firm, beth) is InvitationStage.NOT_INVITED


def test_a_mistyped_address_that_is_put_right_lets_in_who_has_the_right_one(firm: Cast, beth: int) -> None:
    mistyped = user_of(firm, beth)
    done = firm.do(w.ChangeMember(member=beth, email="elizabeth@example.com"))
    assert user_of(firm, beth).email == "elizabeth@example.com"
    assert not User.objects.filter(pk=mistyped.pk).exists()
    (entry,) = access.entries(firm.firm, after=done.version - 1)
    assert [event.member for event in entry.events if isinstance(event, UserSeated)] == [beth]
    assert access.verify(firm.firm).problems == ()


def test_who_has_a_password_keeps_their_place_whatever_address_the_firm_enters(firm: Cast, beth: int) -> None:
    user = user_of(firm, beth)
    User.objects.filter(pk=user.pk).update(password=WORD)
    firm.do(w.ChangeMember(member=beth, email="thief@example.com"))
    assert user_of(firm, beth).pk == user.pk
    with pytest.raises(NotInvitable):
        invitations.invite(firm.firm, beth, actor=OWNER)


def test_any_link_that_sets_a_password_voids_the_others(firm: Cast, beth: int) -> None:
    key = invited(firm, beth)
    user = user_of(firm, beth)
    assert set_by_link(user, WORD)
    assert invitations.opened(key) is None
    # Who opened the link before that finds that it has been used.
    assert not set_by_link(user, "another")


def test_who_has_no_address_cannot_be_invited(firm: Cast) -> None:
    nobody = firm.do(w.AddMember(name="Nobody")).after.last_member
    assert stage(firm, nobody) is InvitationStage.NO_ADDRESS
    with pytest.raises(NotInvitable):
        invitations.invite(firm.firm, nobody, actor=OWNER)


def test_only_who_manages_members_invites_and_takes_back(firm: Cast, beth: int) -> None:
    for member in (beth, ADMIN):
        with pytest.raises(Refused):
            invitations.invite(firm.firm, member, actor=access.Actor(beth))
    invited(firm, beth)
    with pytest.raises(Refused):
        invitations.revoke(firm.firm, beth, actor=access.Actor(beth))
    assert stage(firm, beth) is InvitationStage.INVITED


def test_who_was_deactivated_comes_in_by_no_link(firm: Cast, beth: int) -> None:
    key = invited(firm, beth)
    firm.do(w.DeactivateMember(member=beth))
    assert invitations.accept(key, WORD) is None
    assert not user_of(firm, beth).has_usable_password()


@pytest.mark.parametrize("key", ["", "1", "1-2", "1-2-", "x-y-z", "-1-2-z", "99999999999-1-z"])
def test_what_is_no_key_opens_nothing(firm: Cast, beth: int, key: str) -> None:
    invitations.invite(firm.firm, beth, actor=OWNER)
    assert invitations.opened(key.replace("1-2", f"{firm.firm}-{beth}")) is None


def test_no_key_is_kept(firm: Cast, beth: int) -> None:
    secret = invited(firm, beth).split("-", 2)[2]
    kept = Invitation.objects.values().get()
    assert secret not in str(kept)
    assert "beth" not in str(kept).lower()


def test_a_password_link_is_void_once_it_was_used(firm: Cast, beth: int) -> None:
    user = user_of(firm, beth)
    first = password_link(user, "")
    assert set_by_link(user, WORD)
    assert first != password_link(user_of(firm, beth), "")


# --- Principals are let in by principals (rules.md 5)


@pytest.fixture
def head(firm: Cast) -> int:
    """A principal who has come in."""
    number = firm.member("Head", Role.PRINCIPAL)
    User.objects.filter(pk=user_of(firm, number).pk).update(password=WORD)
    return number


@pytest.fixture
def heir(firm: Cast, head: int) -> int:
    """A principal who has not come in yet."""
    return firm.member("Heir", Role.PRINCIPAL)


def test_an_administrator_invites_no_principal(firm: Cast, head: int, heir: int) -> None:
    with pytest.raises(Refused) as refused:
        invitations.invite(firm.firm, heir, actor=OWNER)
    assert refused.value.problem.value == "only_principals"
    invitations.invite(firm.firm, heir, actor=access.Actor(head))
    with pytest.raises(Refused):
        invitations.revoke(firm.firm, heir, actor=OWNER)


def test_an_administrator_who_enters_another_address_seats_nobody_in_a_principals_place(
    firm: Cast, head: int, heir: int
) -> None:
    before = user_of(firm, heir)
    firm.do(w.ChangeMember(member=heir, email="thief@example.com"), by=ADMIN)
    assert user_of(firm, heir).pk == before.pk
    invitations.invite(firm.firm, heir, actor=access.Actor(head))
    assert user_of(firm, heir).email == "thief@example.com"
    firm.do(w.ChangeMember(member=heir, email="heir@example.com"), by=head)
    assert user_of(firm, heir).email == "heir@example.com"
    assert access.verify(firm.firm).problems == ()


def test_where_no_principal_has_come_in_an_administrator_invites_the_first(firm: Cast) -> None:
    first = firm.do(w.AddMember(name="First", email="first@example.com", role=Role.PRINCIPAL), by=ADMIN)
    number = first.after.last_member
    assert invitations.accept(invited(firm, number), WORD) is not None
