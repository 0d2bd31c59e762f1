"""Whose address is proven: by a mail or the operator, never by a link that an administrator was shown."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from ringfence import access
from ringfence.access import invitations
from ringfence.access.address_changes import address_letter, ask_for_address, change_address
from ringfence.access.invitations import InvitationStage, NotInvitable
from ringfence.access.password_links import link_by_operator, owner_of_link, set_by_link
from ringfence.core.commands import definitions as w
from ringfence.firms.models import Member, User
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases

ADDRESS = "dilys@example.com"
WORD = "pbkdf2_sha256$1$salt$hash"
"""A password as it is stored."""


def place(firm: Cast) -> int:
    """A new member of the firm with the address; their number."""
    return firm.do(w.AddMember(name="Dilys", email=ADDRESS), by=ADMIN).after.last_member


def come_in(firm: Cast, member: int) -> User:
    """The user of the address, come in by the link of an invitation: shown, or mailed if that is set."""
    invitations.invite(firm.firm, member, actor=access.Actor(ADMIN))
    letter = invitations.letter(firm.firm, member, "")
    assert letter is not None
    user = invitations.accept(letter.link.rpartition("/")[2], WORD)
    assert user is not None
    return user


def in_place(firm: Cast, member: int) -> User | None:
    return Member.objects.select_related("user").get(firm=firm.firm, number=member).user


def stage(firm: Cast, member: int) -> InvitationStage:
    return invitations.invitations_of(firm.firm, [member])[member].stage


@pytest.fixture
def shown(other_firm: Cast) -> User:
    """A user who came in at the other firm by a link that its administrator was shown."""
    return come_in(other_firm, place(other_firm))


@pytest.fixture
def by_mail(settings: Any) -> None:
    settings.SENDS_MAIL = True


def test_who_came_in_by_a_shown_link_is_seated_in_no_other_firm(firm: Cast, shown: User) -> None:
    number = place(firm)
    assert in_place(firm, number) is None
    assert stage(firm, number) is InvitationStage.FOR_OPERATOR
    assert access.verify(firm.firm).problems == ()


def test_nor_by_an_address_that_is_entered_later(firm: Cast, shown: User) -> None:
    number = firm.member("Mistyped")
    firm.do(w.ChangeMember(member=number, email=ADDRESS), by=ADMIN)
    user = in_place(firm, number)
    assert user is None or user.pk != shown.pk


def test_nor_by_the_operators_own_list(firm: Cast, shown: User) -> None:
    firm.do(w.AddMember(name="Dilys", email=ADDRESS))
    assert not Member.objects.filter(firm=firm.firm, user=shown).exists()


def test_inviting_them_is_the_operators(firm: Cast, shown: User) -> None:
    number = place(firm)
    with pytest.raises(NotInvitable):
        invitations.invite(firm.firm, number, actor=access.Actor(ADMIN))
    assert in_place(firm, number) is None


def test_in_the_firm_that_let_them_in_they_keep_their_place(other_firm: Cast, shown: User) -> None:
    number = Member.objects.get(firm=other_firm.firm, user=shown).number
    other_firm.do(w.ChangeMember(member=number, email="d.jones@example.com"), by=ADMIN)
    assert in_place(other_firm, number) == shown


def test_a_mailed_invitation_proves_the_address(firm: Cast, other_firm: Cast, by_mail: None) -> None:
    user = come_in(other_firm, place(other_firm))
    assert in_place(firm, place(firm)) == user


def test_a_password_link_proves_the_address_and_voids_what_was_set_up_before(firm: Cast, shown: User) -> None:
    Authenticator.objects.create(user=shown, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert set_by_link(shown, "another")
    assert not Authenticator.objects.exists()
    assert in_place(firm, place(firm)) == shown


def test_a_mailed_link_to_another_address_proves_that_one(firm: Cast, shown: User) -> None:
    ask_for_address(shown, "new@example.com")
    letter = address_letter(shown.pk, "")
    assert letter is not None
    assert change_address(letter.link.rpartition("/")[2]) is not None
    number = firm.do(w.AddMember(name="Dilys", email="new@example.com"), by=ADMIN).after.last_member
    assert in_place(firm, number) == shown


def test_the_operators_link_gives_them_the_place_and_voids_the_password(firm: Cast, shown: User) -> None:
    Authenticator.objects.create(user=shown, type=Authenticator.Type.TOTP, data={"secret": "x"})
    number = place(firm)
    made = link_by_operator(firm.firm, number, "")
    assert made is not None
    user, link = made
    assert in_place(firm, number) == user == shown
    assert not user.has_usable_password()
    assert not Authenticator.objects.exists()
    assert owner_of_link(*link.split("/")[-2:]) == shown
    assert access.verify(firm.firm).problems == ()


def test_the_operators_link_leaves_a_proven_password_alone(firm: Cast, shown: User) -> None:
    set_by_link(shown, "proven")
    link_by_operator(firm.firm, place(firm), "")
    shown.refresh_from_db()
    assert shown.password == "proven"
