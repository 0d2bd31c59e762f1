"""Who is let in, and as whom."""

from __future__ import annotations

import pytest

from ringfence.core.commands.definitions import DeactivateMember, RevokeToken
from ringfence.core.terms import Scope
from tests.api.caller import Caller, caller_as
from tests.web.cast import CAI, OWEN, Cast, do


def test_a_token_acts_as_its_member(cast: Cast, owen: Caller) -> None:
    found = owen.get("/firm")
    assert found.status == 200
    assert found.body["name"] == "Pike & Marlow"
    assert found.body["member"] == {"id": OWEN, "name": "Owen"}
    assert found.body["scopes"] == ["manage"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic abc", "Bearer ringfence_" + "0" * 49])
def test_who_has_no_token_is_told_how_to_send_one(cast: Cast, header: str) -> None:
    found = Caller().get("/firm", authorization=header)
    assert (found.status, found.code) == (401, "no_token")
    assert found.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_with_another_scope_may_not_manage(cast: Cast) -> None:
    found = caller_as(cast.firm, OWEN, Scope.DECIDE | Scope.SEARCH).get("/firm")
    assert (found.status, found.code) == (403, "scope_missing")


def test_a_revoked_token_lets_nobody_in(cast: Cast, owen: Caller) -> None:
    assert owen.get("/firm").status == 200
    do(cast.firm, RevokeToken(token=1))
    assert owen.get("/firm").status == 401


def test_a_token_ends_with_its_member(cast: Cast, cai: Caller) -> None:
    do(cast.firm, DeactivateMember(member=CAI))
    assert cai.get("/firm").status == 401


def test_a_token_has_the_authority_of_its_member_and_no_more(cast: Cast, cai: Caller) -> None:
    found = cai.get("/members")
    assert (found.status, found.code) == (403, "not_permitted")
    assert "administrators" in found.body["detail"]


def test_an_address_that_is_none_and_a_method_that_is_none_are_problems_too(owen: Caller) -> None:
    assert owen.get("/nothing").code == "no_such_address"
    found = owen.put("/clients", {})
    assert (found.status, found.code) == (405, "wrong_method")
    assert set(found.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_a_parameter_that_nobody_reads_is_refused(owen: Caller) -> None:
    found = owen.get("/clients?grup=2")
    assert (found.status, found.body["field"]) == (400, "grup")


def test_sentences_are_in_the_language_that_is_asked_for(cai: Caller) -> None:
    english, welsh = cai.get("/members"), cai.get("/members", accept_language="cy")
    assert english.body["code"] == welsh.body["code"]
    assert english.body["detail"] != welsh.body["detail"]
