"""An administrator invites a member by mail, again, takes it back; without mail the link is shown once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import override_settings
from django.urls import reverse

from ringfence.core.commands.definitions import AddMember, ChangeMember, DeactivateMember
from ringfence.core.terms import Role
from ringfence.firms.models import Firm, Invitation, Member, User
from tests.support.jobs import do_waiting
from tests.web.cast import CAI, DILYS, Cast, do
from tests.web.reading import document, errors, heading, link, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

PASSWORD = "three unrelated words"


@pytest.fixture
def sends_mail() -> Iterator[None]:
    """As with a mail server."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


def page(cast: Cast, member: int = DILYS, name: str = "invite-member") -> str:
    return reverse(name, args=[cast.firm, member])


def sent() -> list[EmailMessage]:
    """What has been sent once nothing waits."""
    do_waiting()
    found: list[EmailMessage] = mail.outbox
    return found


def sent_link() -> str:
    """The one of the last invitation."""
    found = re.search(r"https://ringfence.example(/invitation/\S+)", str(sent()[-1].body))
    assert found is not None
    return found[1]


def set_password(client: PageClient, address: str) -> Any:
    client.get(address)
    form = {"password1": PASSWORD, "password2": PASSWORD}
    return client.post(reverse("choose-password"), form, follow=True)


def test_who_is_invited_sets_a_password_and_signs_in(
    sends_mail: None, cast: Cast, owen: PageClient, visitor: PageClient
) -> None:
    assert heading(owen.get(page(cast))) == "Invite Dilys"
    response = owen.post(page(cast), follow=True)
    assert heading(response) == "Dilys is invited"
    assert sent()[0].to == ["dilys@pike.example"]
    assert sent()[0].subject == "Your invitation to Pike & Marlow"
    assert "Owen has given you a place at Pike & Marlow" in str(sent()[0].body)
    shown = visitor.get(sent_link(), follow=True)
    assert "You are invited to Pike & Marlow." in text(shown)
    assert heading(set_password(visitor, sent_link())) == "Sign in"
    form = {"login": "dilys@pike.example", "password": PASSWORD}
    assert heading(visitor.post(reverse("account_login"), form, follow=True)) == "Clients"
    assert "Accepted the invitation on" in text(owen.get(page(cast)))


def test_the_key_of_an_invitation_leaves_the_address(
    sends_mail: None, cast: Cast, owen: PageClient, visitor: PageClient
) -> None:
    owen.post(page(cast))
    response = visitor.get(sent_link())
    assert response["Location"] == reverse("choose-password")
    assert sent_link().rpartition("/")[2] not in visitor.get(reverse("choose-password")).content.decode()


def test_an_invitation_is_used_once(
    sends_mail: None, cast: Cast, owen: PageClient, visitor: PageClient
) -> None:
    owen.post(page(cast))
    set_password(visitor, sent_link())
    assert heading(visitor.get(sent_link())) == "This link cannot be used any more"
    assert visitor.get(reverse("choose-password")).status_code == 404


def test_an_invitation_that_is_sent_again_voids_the_one_before(
    sends_mail: None, cast: Cast, owen: PageClient, visitor: PageClient
) -> None:
    owen.post(page(cast))
    first = sent_link()
    again = owen.get(page(cast))
    assert heading(again) == "Invite Dilys again"
    assert "The link of before cannot be used any more then." in text(again)
    owen.post(page(cast))
    assert visitor.get(first).status_code == 404
    assert visitor.get(sent_link()).status_code == 302


def test_an_invitation_is_taken_back(
    sends_mail: None, cast: Cast, owen: PageClient, visitor: PageClient
) -> None:
    owen.post(page(cast))
    visitor.get(sent_link())
    asked = owen.get(link(owen.get(page(cast)), "Take the invitation back"))
    assert heading(asked) == "Take back the invitation of Dilys"
    response = owen.post(page(cast, name="revoke-invitation"), follow=True)
    assert "The invitation was taken back." in text(response)
    # Also for who has the page for the password open already.
    form = {"password1": PASSWORD, "password2": PASSWORD}
    assert visitor.post(reverse("choose-password"), form).status_code == 404
    assert not User.objects.get(pk=cast.users["Dilys"].pk).has_usable_password()


def test_who_was_taken_back_is_sent_no_link_for_the_asking(
    sends_mail: None, cast: Cast, owen: PageClient, visitor: PageClient
) -> None:
    owen.post(page(cast))
    owen.post(page(cast, name="revoke-invitation"))
    sent().clear()
    visitor.post(reverse("password-link"), {"email": "dilys@pike.example"})
    assert sent() == []


def test_without_mail_the_administrator_is_shown_the_link_once(
    cast: Cast, owen: PageClient, visitor: PageClient
) -> None:
    assert "Ringfence sends no e-mail here." in text(owen.get(page(cast)))
    response = owen.post(page(cast))
    assert heading(response) == "The link for Dilys"
    assert link(response, "See their page") == page(cast, name="member")
    (shown,) = ("".join(each.itertext()) for each in document(response).iter("textarea"))
    assert shown.startswith("http://testserver/invitation/")
    assert shown not in owen.get(page(cast)).content.decode()
    assert heading(set_password(visitor, shown.removeprefix("http://testserver"))) == "Sign in"


@pytest.fixture
def in_already(cast: Cast) -> None:
    """Dilys has a password, as whoever signs in for another firm."""
    dilys = cast.users["Dilys"]
    dilys.set_password(PASSWORD)
    dilys.save()


def test_who_has_a_password_needs_no_invitation(in_already: None, cast: Cast, owen: PageClient) -> None:
    for response in (owen.get(page(cast)), owen.post(page(cast))):
        assert "They have a password already and need no invitation." in text(response)
        assert not list(document(response).find(".//main").iter("button"))


def test_who_signs_in_already_is_told_of_their_place(
    sends_mail: None, in_already: None, cast: Cast, owen: PageClient
) -> None:
    assert heading(owen.post(page(cast), follow=True)) == "Dilys"
    assert [message.subject for message in sent()] == ["Your place at Pike & Marlow"]
    assert "https://ringfence.example/sign-in" in str(sent()[0].body)
    assert not Invitation.objects.exists()


def test_who_has_no_address_is_given_one_first(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, AddMember(name="Fay"))
    fay = Member.objects.get(firm=cast.firm, name="Fay").number
    assert "Enter an e-mail address for this team member first." in text(owen.get(page(cast, fay)))


def test_who_is_no_active_member_is_not_found(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, DeactivateMember(member=CAI))
    for member in (CAI, 99):
        assert owen.get(page(cast, member)).status_code == 404
        assert owen.post(page(cast, member)).status_code == 404


def test_a_member_is_invited_five_times_an_hour_at_most(
    sends_mail: None, cast: Cast, owen: PageClient
) -> None:
    for _time in range(5):
        owen.post(page(cast))
    assert errors(owen.post(page(cast))) == [
        (
            "This team member was invited several times. Wait an hour before you invite them again",
            "#invite",
        )
    ]
    assert len(sent()) == 5


def test_the_mail_is_in_the_language_of_the_firm(sends_mail: None, cast: Cast, owen: PageClient) -> None:
    Firm.objects.filter(pk=cast.firm).update(language="cy")
    owen.post(page(cast))
    assert sent()[0].subject == "Eich gwahoddiad i Pike & Marlow"


def test_taking_back_what_is_not_there_changes_nothing(cast: Cast, owen: PageClient) -> None:
    response = owen.post(page(cast, name="revoke-invitation"), follow=True)
    assert "There is no open invitation any more. Nothing was changed." in text(response)


def test_an_administrator_is_told_who_invites_a_principal(cast: Cast, owen: PageClient) -> None:
    cast.users["Cai"].set_password(PASSWORD)
    cast.users["Cai"].save()
    for member in (CAI, DILYS):
        do(cast.firm, ChangeMember(member=member, role=Role.PRINCIPAL))
    assert "Only a principal can invite a principal." in text(owen.get(page(cast)))
    assert "Only a principal can invite a principal." in text(owen.post(page(cast)))
    assert owen.post(page(cast, name="revoke-invitation")).status_code == 403
    assert not Invitation.objects.exists()


def also_at_larks(cast: Cast) -> str:
    """Another firm gives a place to Dilys's address; the page that invites there."""
    do(cast.other, AddMember(name="D. Jones", email="dilys@pike.example"))
    number = Member.objects.get(firm=cast.other, name="D. Jones").number
    return reverse("invite-member", args=[cast.other, number])


def test_without_mail_no_other_firm_is_shown_a_link_into_a_members_place(
    cast: Cast, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    lena, address = signed_in(cast, "Lena"), also_at_larks(cast)
    response = lena.post(address)
    assert "/invitation/" not in response.content.decode()
    assert "Ask whoever runs Ringfence to give D. Jones a link." in text(response)


def test_without_mail_a_link_of_before_lets_nobody_into_a_place_at_another_firm(
    cast: Cast, owen: PageClient, visitor: PageClient
) -> None:
    shown = "".join(next(document(owen.post(page(cast))).iter("textarea")).itertext())
    also_at_larks(cast)
    answer = visitor.get(shown.removeprefix("http://testserver"), follow=True)
    assert heading(answer) == "This link cannot be used any more"


def test_by_mail_a_member_of_two_firms_is_invited_by_both(
    sends_mail: None, cast: Cast, visitor: PageClient, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    signed_in(cast, "Lena").post(also_at_larks(cast))
    assert heading(set_password(visitor, sent_link())) == "Sign in"


def test_who_came_in_by_a_shown_link_is_let_in_elsewhere_by_the_operator(
    cast: Cast, owen: PageClient, visitor: PageClient, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    shown = "".join(next(document(owen.post(page(cast))).iter("textarea")).itertext())
    set_password(visitor, shown)
    lena, address = signed_in(cast, "Lena"), also_at_larks(cast)
    response = lena.post(address)
    assert "Only whoever runs Ringfence can let them in" in text(response)
    assert "Ask whoever runs Ringfence to give D. Jones a link." in text(response)
