"""What raises somebody's power is saved for who has just shown that it is them; what they typed is kept."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from django.urls import reverse

from ringfence import access
from ringfence.core.commands.definitions import AddMember, ChangeMember, TurnOn
from ringfence.core.terms import Role
from ringfence.firms.models import Invitation, Member, Token
from tests.support.repository import ROOT, name, read
from tests.web.cast import CAI, Cast, do
from tests.web.confirmed import QUARTER, confirmed_ago
from tests.web.reading import document, errors, heading, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

PASSWORD = "three unrelated words"
ASKS = "Confirm that it is you"
BEA = 6
"""Whoever is added to the cast first."""
TOKEN = {"name": "Document store", "scopes": ["decide", "search"]}


@pytest.fixture(autouse=True)
def passwords_are_worked_out_at_once() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def owen(cast: Cast, owen: PageClient) -> PageClient:
    """Owen, who has a password and signed in a while ago."""
    user = cast.users["Owen"]
    user.set_password(PASSWORD)
    user.save()
    owen.force_login(user)
    confirmed_ago(owen)
    return owen


def fields(response: object) -> dict[str, list[str]]:
    """What the form of the page that asks would send, but the password."""
    form = next(each for each in document(response).iter("form") if each.get("action") == reverse("prove"))
    found: dict[str, list[str]] = {}
    for each in form.iter("input"):
        if each.get("type") == "hidden":
            found.setdefault(each.get("name"), []).append(each.get("value"))
    del found["csrfmiddlewaretoken"]
    return found


def answer(client: PageClient, asked: object, password: str = PASSWORD) -> object:
    return client.post(reverse("prove"), {**fields(asked), "prove-password": password}, follow=True)


def test_what_was_typed_is_saved_once_the_password_was_given(cast: Cast, owen: PageClient) -> None:
    asked = owen.post(reverse("make-token", args=[cast.firm]), TOKEN)
    assert heading(asked) == ASKS
    assert not Token.objects.exists()
    assert heading(answer(owen, asked)) == "Copy the token now"
    (token,) = Token.objects.all()
    assert (token.name, token.scopes) == ("Document store", 1 | 4)


def test_it_is_not_asked_again_within_a_quarter_of_an_hour(cast: Cast, owen: PageClient) -> None:
    confirmed_ago(owen, QUARTER - 5)
    page = owen.post(reverse("make-token", args=[cast.firm]), TOKEN)
    assert heading(page) == "Copy the token now"


def test_a_wrong_password_keeps_what_was_typed_and_saves_nothing(cast: Cast, owen: PageClient) -> None:
    asked = owen.post(reverse("make-token", args=[cast.firm]), TOKEN)
    again = answer(owen, asked, "guess")
    assert errors(again) == [("The password is not right", "#prove-password")]
    assert fields(again) == fields(asked)
    assert not Token.objects.exists()
    assert heading(answer(owen, again)) == "Copy the token now"


def test_a_change_that_raises_nothing_is_saved_at_once(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOn())
    page = owen.post(reverse("add-service", args=[cast.firm]), {"name": "Payroll"}, follow=True)
    assert heading(page) != ASKS


def test_undoing_what_lowered_somebody_asks_as_raising_does(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, ChangeMember(member=CAI, role=Role.ADMINISTRATOR))
    do(cast.firm, ChangeMember(member=CAI, role=Role.STANDARD))
    entry = list(access.entries(cast.firm))[-1].number
    address = reverse("undo-entry", args=[cast.firm, entry])
    sent = {"answer": "yes", "version": value(owen.get(address), "version")}
    asked = owen.post(address, sent)
    assert heading(asked) == ASKS
    assert Member.objects.get(firm=cast.firm, number=CAI).role == Role.STANDARD
    answer(owen, asked)
    assert Member.objects.get(firm=cast.firm, number=CAI).role == Role.ADMINISTRATOR


def test_another_address_of_an_administrator_who_has_not_come_in_asks_first(
    cast: Cast, owen: PageClient
) -> None:
    do(cast.firm, AddMember(name="Bea", email="bea@pike.example", role=Role.ADMINISTRATOR))
    address = reverse("change-member", args=[cast.firm, BEA])
    sent = {
        "name": "Bea",
        "email": "else@far.example",
        "external": "",
        "role": "administrator",
        "access": "yes",
    }
    was = {**{f"was-{name}": text for name, text in sent.items()}, "was-email": "bea@pike.example"}
    asked = owen.post(address, {**sent, **was}, follow=True)
    assert heading(asked) == ASKS
    assert Member.objects.get(firm=cast.firm, number=BEA).email == "bea@pike.example"
    answer(owen, asked)
    assert Member.objects.get(firm=cast.firm, number=BEA).email == "else@far.example"


def test_inviting_an_administrator_asks_first(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, AddMember(name="Bea", email="bea@pike.example", role=Role.ADMINISTRATOR))
    asked = owen.post(reverse("invite-member", args=[cast.firm, BEA]))
    assert heading(asked) == ASKS
    assert not Invitation.objects.exists()
    assert heading(answer(owen, asked)) == "The link for Bea"


def test_inviting_who_manages_nothing_asks_nobody(cast: Cast, owen: PageClient) -> None:
    page = owen.post(reverse("invite-member", args=[cast.firm, CAI]))
    assert heading(page) == "The link for Cai"


def test_pages_act_as_their_visit_says_and_never_as_somebody_whom_they_make_up() -> None:
    """`Visit.actor` alone knows whether its member has just shown that it is them."""
    modules = sorted((ROOT / "src/ringfence/web").rglob("*.py"))
    made = [
        f"{name(path)}:{node.lineno}"
        for path in modules
        if path.name != "visit.py"
        for node in ast.walk(ast.parse(read(path)))
        if isinstance(node, ast.Name | ast.Attribute)
        and (node.id if isinstance(node, ast.Name) else node.attr) in {"Actor", "OPERATOR"}
    ]
    assert not made, f"act as `visit.actor`: {made}"


WRITES = {"record", "record_as_worked_out", "record_and_seat"}
UNASKED = {
    "founding.py": "a firm that begins has nobody yet",
    "erasing.py": "takes words away",
    "recording.py": "called by those who have asked",
    "restored.py": "takes away what a restored firm has not proved here",
}


def test_every_place_that_writes_to_a_ledger_asks_first() -> None:
    missing = []
    for path in sorted((ROOT / "src/ringfence/access").rglob("*.py")):
        text = read(path)
        calls = {
            node.func.id
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        if calls & WRITES and path.name not in UNASKED and ".need_fresh(" not in text:
            missing.append(name(path))
    assert not missing, f"ask `actor.need_fresh` before writing: {missing}"
