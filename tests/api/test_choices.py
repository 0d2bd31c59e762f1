"""What a token's member wants by mail: notices, and the daily digest."""

from __future__ import annotations

from pyroaring import BitMap

from ringfence.access.digest.choices import wanted_by
from ringfence.access.notices import NoticeKind, not_by_mail
from tests.api.caller import Caller
from tests.web.cast import BAKER, CAI, FORTUNE, OWEN, Cast, grouped


def test_a_member_does_without_some_notices_and_keeps_the_rest(cast: Cast, cai: Caller) -> None:
    assert cai.get("/choices/notices").body["by_mail"] == {"changes": True, "endings": True, "reviews": True}
    said = cai.patch("/choices/notices", {"reviews": False}).body["by_mail"]
    assert said == {"changes": True, "endings": True, "reviews": False}
    assert cai.get("/choices/notices").body["by_mail"] == said
    assert {kind for _member, kind in not_by_mail(cast.firm, [CAI, OWEN])} == {
        NoticeKind.REVIEW_ASKED,
        NoticeKind.REVIEW_DUE,
        NoticeKind.REVIEW_CLOSED,
    }


def test_what_is_not_offered_to_a_member_is_not_chosen(cast: Cast, cai: Caller, owen: Caller) -> None:
    found = cai.patch("/choices/notices", {"nobody": False, "changes": False})
    assert (found.status, found.code) == (409, "conflict")
    assert not_by_mail(cast.firm, [CAI]) == set()
    assert owen.patch("/choices/notices", {"nobody": False}).status == 200
    assert owen.patch("/choices/notices", {"everything": False}).status == 422


def test_the_digest_is_switched_off_and_on(cast: Cast, cai: Caller) -> None:
    for wanted in (False, True):
        assert cai.put("/choices/digest", {"wanted": wanted}).body["wanted"] is wanted
        assert cai.get("/choices/digest").body["wanted"] is wanted
        assert wanted_by(cast.firm, CAI).whole is wanted
    assert cai.put("/choices/digest", {"wanted": False}, if_match='"1"').status == 412


def test_a_client_is_left_out_of_it_and_taken_in_again(cast: Cast, cai: Caller) -> None:
    at = f"/choices/digest/clients/{FORTUNE}"
    assert cai.put(at, {"wanted": False}).body["left_out"] == [FORTUNE]
    assert cai.get("/choices/digest").body["left_out"] == [FORTUNE]
    assert cai.put(at, {"wanted": True}).body["left_out"] == []
    assert cai.get("/choices/digest").body["left_out"] == []


def test_a_client_that_the_member_cannot_open_is_not_there(cast: Cast, cai: Caller, owen: Caller) -> None:
    at = f"/choices/digest/clients/{BAKER}"
    assert cai.put(at, {"wanted": False}).body["left_out"] == [BAKER]
    grouped(cast.firm)
    given = {"to": "dilys@pike.example", "on": "B-01", "level": "editor"}
    assert owen.put("/grants", given).status == 200
    assert cai.put(at, {"wanted": True}).status == 404
    assert cai.get("/choices/digest").body["left_out"] == []
    assert wanted_by(cast.firm, CAI).off == BitMap([BAKER])
