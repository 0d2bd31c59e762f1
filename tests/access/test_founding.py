"""New firms, and who takes a member's place in them."""

import pytest

from ringfence import access
from ringfence.core.commands import Refused
from ringfence.core.commands import definitions as w
from ringfence.core.refusals import Refusal
from ringfence.core.settings import PROFILES, Profile
from ringfence.core.terms import Role
from ringfence.firms.models import Firm, Group, Member, Service, User
from tests.access.cast import ADMIN, Cast, found

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("profile", list(PROFILES))
def test_a_new_firm_has_its_profiles_settings_and_one_administrator(db: None, profile: Profile) -> None:
    firm = found(profile=profile)
    state = firm.view.moment.state
    assert state.settings == PROFILES[profile]
    assert state.was_on is PROFILES[profile].control
    assert {number: member.role for number, member in state.members.items()} == {ADMIN: Role.ADMINISTRATOR}
    assert access.verify(firm.firm).problems == ()


def test_a_new_firm_has_the_group_everyone_and_the_service_general(firm: Cast) -> None:
    assert list(Group.objects.filter(firm=firm.firm).values_list("number", "name")) == [(1, "Everyone")]
    assert list(Service.objects.filter(firm=firm.firm).values_list("number", "name")) == [(1, "General")]


def test_two_firms_cannot_have_one_name(firm: Cast) -> None:
    with pytest.raises(Refused) as refused:
        found(" WARD & sons ")
    assert refused.value.refusal is Refusal.NAME_TAKEN
    assert Firm.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "address"), [("", "a@b.example"), ("Firm\0", "a@b.example"), ("Firm", "nobody")]
)
def test_a_firm_with_a_malformed_name_or_address_is_not_made(db: None, name: str, address: str) -> None:
    with pytest.raises(Refused) as refused:
        access.create_firm(name, "agency", admin_email=address)
    assert refused.value.refusal is Refusal.INVALID
    assert Firm.objects.count() == 0


@pytest.mark.parametrize(("timezone", "language"), [("Europe/Atlantis", "en"), ("Europe/London", "xx")])
def test_a_firm_with_an_unknown_time_zone_or_language_is_not_made(
    db: None, timezone: str, language: str
) -> None:
    with pytest.raises(ValueError, match="write one"):
        access.create_firm("F", "agency", admin_email="a@b.example", timezone=timezone, language=language)


def test_a_member_with_an_address_is_given_a_user_without_a_password(firm: Cast) -> None:
    firm.do(w.AddMember(name="Bob", email="Bob@Example.com"))
    user = User.objects.get(email="bob@example.com")
    assert not user.has_usable_password()
    assert Member.objects.get(firm=firm.firm, number=2).user == user


def test_one_user_sits_in_several_firms(firm: Cast, other_firm: Cast) -> None:
    for each in (firm, other_firm):
        each.do(w.AddMember(name="Bob", email="bob@example.com"))
    assert User.objects.get(email="bob@example.com").memberships.count() == 2


def test_a_member_who_has_come_in_keeps_their_user_when_the_firm_changes_the_contact_address(
    firm: Cast,
) -> None:
    firm.do(w.AddMember(name="Bob", email="bob@example.com"))
    # Until then nobody is behind the user (test_invitations.py).
    User.objects.filter(email="bob@example.com").update(password="as it is stored")
    firm.do(w.ChangeMember(member=2, email="robert@example.com"))
    user = Member.objects.get(firm=firm.firm, number=2).user
    assert user is not None
    assert user.email == "bob@example.com"


def test_a_user_never_takes_a_second_place_in_a_firm(firm: Cast) -> None:
    firm.do(w.AddMember(name="Bob", email="bob@example.com"))
    User.objects.filter(email="bob@example.com").update(password="as it is stored")
    firm.do(w.ChangeMember(member=2, email="robert@example.com"))
    firm.do(w.AddMember(name="Bob too", email="bob@example.com"))
    assert Member.objects.get(firm=firm.firm, number=3).user is None


def test_a_member_without_an_address_gets_a_user_with_it(firm: Cast) -> None:
    firm.do(w.AddMember(name="Bob"))
    assert Member.objects.get(firm=firm.firm, number=2).user is None
    firm.do(w.ChangeMember(member=2, email="bob@example.com"))
    assert Member.objects.get(firm=firm.firm, number=2).user == User.objects.get(email="bob@example.com")
