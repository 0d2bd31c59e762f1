"""Tokens on pages: made and shown once, listed without their text, revoked after yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import Actor
from ringfence.access.tokens import acting_token, make_token
from ringfence.core.terms import Instant, Scope
from ringfence.firms.models import Member, Token
from ringfence.store.token_text import PATTERN
from tests.web.cast import CAI, OWEN, Cast
from tests.web.reading import errors, heading, link, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

GIVEN = {"name": "Document store", "scopes": ["decide", "search"]}


def make(cast: Cast, client: PageClient, **given: object) -> tuple[object, str]:
    """The page that answers the form, and the text that it shows."""
    page = client.post(reverse("make-token", args=[cast.firm]), {**GIVEN, **given})
    words = page.content.decode().replace("<", " ").replace(">", " ").split()
    return page, next((word for word in words if PATTERN.fullmatch(word)), "")


def test_a_token_is_shown_once_and_is_taken(cast: Cast, owen: PageClient) -> None:
    page, token = make(cast, owen)
    assert heading(page) == "Copy the token now"
    found = acting_token(f"Bearer {token}", "")
    assert found is not None
    assert (found.token.member, found.token.scopes) == (OWEN, Scope.DECIDE | Scope.SEARCH)
    assert token not in owen.get(reverse("tokens", args=[cast.firm])).content.decode()


def test_who_makes_a_token_for_the_directory_reads_where_the_directory_sends_it(
    cast: Cast, owen: PageClient
) -> None:
    page, token = make(cast, owen, scopes=["provision"])
    assert token
    assert "http://testserver/scim/v2" in text(page)
    page, token = make(cast, owen, name="Tax portal")
    assert token
    assert "/scim/v2" not in text(page)


def test_who_makes_a_token_reads_where_the_software_asks(
    cast: Cast, owen: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the settings: a host that a request names is anybody's word."""
    monkeypatch.setenv("RINGFENCE_ADDRESS", "https://access.pike.example/")
    monkeypatch.setenv("RINGFENCE_DECIDE_ADDRESS", "https://decide.pike.example")
    monkeypatch.delenv("RINGFENCE_CHANGES_ADDRESS", raising=False)
    page, _token = make(cast, owen, scopes=["decide", "manage", "changes"])
    told = text(page)
    for does, where in (
        ("Ask who may open what", "https://decide.pike.example/access/v1/evaluation"),
        ("Read and change the firm", "https://access.pike.example/api/v1"),
        ("Follow what happens", "https://access.pike.example/api/v1/changes"),
    ):
        assert f"{does} {where}" in told
    assert "/access/v1/search" not in told
    assert link(page, "See what the software can read and change") == reverse("api-page")


def test_a_form_that_is_sent_again_makes_no_second_token(cast: Cast, owen: PageClient) -> None:
    make(cast, owen)
    page, token = make(cast, owen)
    assert token == ""
    assert errors(page)[0][1] == "#name"
    assert Token.objects.filter(firm=cast.firm).count() == 1


def test_the_list_tells_what_a_token_may_and_when_it_was_used(cast: Cast, owen: PageClient) -> None:
    make(cast, owen, addresses="203.0.113.0/24\n203.0.114.7")
    (row,) = rows(owen.get(reverse("tokens", args=[cast.firm])))
    assert row[0].startswith("Document storeringfence_")
    assert row[1] == "ask who may open what, list who can open what"
    assert row[4:7] == ["Never", "Never used", "203.0.113.0/24, 203.0.114.7"]
    Token.objects.filter(firm=cast.firm).update(used=Instant(1_795_960_800_000_000))
    (row,) = rows(owen.get(reverse("tokens", args=[cast.firm])))
    assert "2026" in row[5]


def test_a_token_for_another_member_is_made_by_their_address_and_does_not_manage(
    cast: Cast, owen: PageClient
) -> None:
    page, token = make(cast, owen, email="nobody@nowhere.example")
    assert errors(page)[0][1] == "#email"
    address = Member.objects.get(firm=cast.firm, number=CAI).email
    page, token = make(cast, owen, email=address)
    found = acting_token(f"Bearer {token}", "")
    assert found is not None
    assert found.token.member == CAI
    page, _none = make(cast, owen, email=address, name="Other", scopes=["manage"])
    assert errors(page)[0][1] == "#scopes"


def test_what_is_wrong_is_told_at_its_field(cast: Cast, owen: PageClient) -> None:
    for given, at in (
        ({"name": ""}, "#name"),
        ({"scopes": []}, "#scopes"),
        ({"scopes": ["everything"]}, "#scopes"),
        ({"addresses": "office"}, "#addresses"),
        ({"until-day": "1", "until-month": "1", "until-year": "2001"}, "#until-day"),
    ):
        page, token = make(cast, owen, **given)
        assert errors(page)[0][1] == at, given
        assert token == ""
    assert not Token.objects.filter(firm=cast.firm).exists()


def test_an_empty_form_is_told_everything_that_it_lacks(cast: Cast, owen: PageClient) -> None:
    page, token = make(cast, owen, name=" ", scopes=[], **{"until-day": "1", "until-month": "13"})
    assert [at for _text, at in errors(page)] == ["#name", "#scopes", "#until-day"]
    assert token == ""


def test_a_token_is_revoked_after_yes_and_twice_is_once(cast: Cast, owen: PageClient) -> None:
    made = make_token(cast.firm, actor=Actor(OWEN), name="Tax portal", scopes=Scope.DECIDE)
    address = reverse("revoke-token", args=[cast.firm, made.number])
    version = value(owen.get(address), "version")
    page = owen.post(address, {"answer": "yes", "version": version}, follow=True)
    assert "The token Tax portal is revoked." in text(page)
    assert acting_token(f"Bearer {made.text}", "") is None
    assert owen.post(address, {"answer": "yes", "version": version}).status_code == 302
    assert owen.get(address).status_code == 404


def test_who_reads_the_control_side_sees_tokens_and_makes_none(cast: Cast, ada: PageClient) -> None:
    make_token(cast.firm, actor=Actor(OWEN), name="Tax portal", scopes=Scope.DECIDE)
    page = ada.get(reverse("tokens", args=[cast.firm]))
    assert "Tax portal" in text(page)
    assert "Make a token" not in text(page)
    assert ada.post(reverse("make-token", args=[cast.firm]), GIVEN).status_code == 403
