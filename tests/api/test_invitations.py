"""Invitations over the API: told, sent by mail, taken back; and never a link in an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import override_settings

from ringfence.core.commands.definitions import ChangeMember
from ringfence.core.terms import Role
from ringfence.firms.models import User
from tests.api.caller import Answer, Caller
from tests.support.jobs import do_waiting
from tests.web.cast import CAI, DILYS, OWEN, Cast, do

KEY = "3b1f0c9e"


@pytest.fixture
def sends_mail() -> Iterator[None]:
    """As with a mail server."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


def at(member: int = DILYS) -> str:
    return f"/members/{member}/invitation"


def came_in(cast: Cast, member: int) -> None:
    """The member has set a password."""
    places = User.objects.filter(memberships__firm=cast.firm, memberships__number=member)
    assert places.update(password=make_password("three unrelated words")) == 1


def mails() -> int:
    """How many went out once nothing waits."""
    do_waiting()
    return len(mail.outbox)


def stage(caller: Caller, member: int = DILYS) -> str:
    return str(caller.get(at(member)).body["stage"])


def test_a_member_is_invited_by_mail_and_the_link_is_in_it_alone(
    sends_mail: None, cast: Cast, owen: Caller
) -> None:
    assert stage(owen) == "not_invited"
    found = owen.post(at())
    assert (found.status, found.body["stage"]) == (200, "invited")
    assert found.body["at"] < found.body["lapses"]
    assert mails() == 1
    assert "https://ringfence.example/invitation/" in str(mail.outbox[0].body)
    assert "/invitation/" not in str(found.body)


def test_members_are_listed_by_how_far_they_have_come(sends_mail: None, cast: Cast, owen: Caller) -> None:
    came_in(cast, OWEN)
    owen.post(at())
    whole = owen.get("/invitations").body
    assert {each["member"]: each["stage"] for each in whole["items"]}[OWEN] == "accepted"
    invited = owen.get("/invitations?stage=invited").body
    assert (invited["total"], [each["member"] for each in invited["items"]]) == (1, [DILYS])
    assert owen.get("/invitations?stage=lost").code == "unreadable"


def test_an_invitation_is_taken_back_once_or_twice(sends_mail: None, cast: Cast, owen: Caller) -> None:
    owen.post(at())
    assert owen.delete(at()).body["stage"] == "revoked"
    assert owen.delete(at()).body["stage"] == "revoked"
    # What had been sent for is sent no more.
    assert mails() == 0


def test_one_with_a_key_is_sent_once(sends_mail: None, cast: Cast, owen: Caller) -> None:
    first = owen.post(at(), idempotency_key=KEY)
    again = owen.post(at(), idempotency_key=KEY)
    assert again.body == first.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert mails() == 1
    assert owen.delete(at(), idempotency_key=KEY).code == "key_reused"


def test_nobody_is_invited_where_the_firm_has_changed(sends_mail: None, cast: Cast, owen: Caller) -> None:
    read = owen.get(at()).headers["ETag"]
    assert owen.post("/services", {"service": "Payroll"}).status == 201
    assert owen.post(at(), if_match=read).code == "changed_meanwhile"
    assert stage(owen) == "not_invited"


def test_without_mail_nobody_is_invited_over_the_api(cast: Cast, owen: Caller) -> None:
    found = owen.post(at())
    assert (found.status, found.code) == (409, "conflict")
    assert "on their page" in found.body["detail"]
    assert stage(owen) == "not_invited"


def test_who_has_a_password_is_not_invited(sends_mail: None, cast: Cast, owen: Caller) -> None:
    came_in(cast, CAI)
    found = owen.post(at(CAI))
    assert (found.status, found.code) == (409, "conflict")
    assert "password already" in found.body["detail"]
    assert mails() == 0


def test_a_principal_is_not_invited_by_an_administrators_software(
    sends_mail: None, cast: Cast, owen: Caller
) -> None:
    for member in (CAI, DILYS):
        do(cast.firm, ChangeMember(member=member, role=Role.PRINCIPAL))
    came_in(cast, CAI)
    assert owen.post(at()).code == "not_permitted"
    assert stage(owen) == "not_invited"


def test_only_who_manages_members_invites_and_auditors_look(
    sends_mail: None, cast: Cast, ada: Caller, cai: Caller
) -> None:
    assert ada.get(at()).status == 200
    for each in (ada, cai):
        assert each.post(at()).code == "not_permitted"
        assert each.delete(at()).code == "not_permitted"
    assert cai.get("/invitations").code == "not_permitted"
    assert mails() == 0


def test_of_strangers_nothing_is_told(sends_mail: None, cast: Cast, owen: Caller) -> None:
    assert {ask(at(999)).status for ask in (owen.get, owen.post, owen.delete)} == {404}


def test_a_member_who_was_invited_five_times_waits_an_hour(
    sends_mail: None, cast: Cast, owen: Caller
) -> None:
    answers: list[Answer] = [owen.post(at()) for _again in range(6)]
    assert [each.status for each in answers] == [200] * 5 + [429]
    assert answers[5].headers["Retry-After"] == "3600"
