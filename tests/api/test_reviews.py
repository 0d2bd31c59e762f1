"""Access reviews over the API: a reviewer is told of their own items, and of no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.access import firm_state
from ringfence.core.commands.definitions import On, SetGrant, StartReview
from ringfence.core.review_values import ReviewScope
from ringfence.core.terms import Instant, Level, member_subject
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, Cast, do

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.caller import Caller

DAY = 86_400_000_000


def test_a_reviewer_is_told_how_many_items_are_theirs_and_of_no_others(
    cast: Cast, caller: Callable[[int], Caller]
) -> None:
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.OWNER))
    for client in (FORTUNE, BAKER):
        do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(client), level=Level.EDITOR))
    due = Instant(firm_state(cast.firm).now + 30 * DAY)
    do(cast.firm, StartReview(name="Yearly", scope=ReviewScope(kind="all"), due=due))
    (theirs,) = caller(DILYS).get("/reviews").body["items"]
    assert (theirs["items"], theirs["counts"]["pending"], theirs["waiting"]) == (1, 1, 1)
    (whole,) = caller(OWEN).get("/reviews").body["items"]
    assert whole["items"] == whole["counts"]["pending"] == 3


def test_a_review_is_begun_decided_and_closed_by_software(cast: Cast, owen: Caller) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    begun = owen.post(
        "/reviews", {"name": "Yearly", "scope": "all", "due": "2099-03-31", "undecided": "keep"}
    )
    assert begun.body["added"] == {"review": [1]}
    (item,) = owen.get("/reviews/1/items").body["items"]
    assert (item["subject_id"], item["target_id"], item["state"]) == (CAI, BAKER, "pending")
    assert owen.post("/reviews/1/decide", {"items": [item["number"]], "decision": "remove"}).status == 200
    assert owen.get(f"/clients/{BAKER}/grants").body["total"] == 0
    assert owen.post("/reviews/1/close").status == 200
    (review,) = owen.get("/reviews").body["items"]
    assert review["counts"]["removed"] == 1


def test_a_review_of_every_year_is_scheduled_by_software(cast: Cast, owen: Caller) -> None:
    body = {"name": "Yearly", "scope": "all", "first": "2027-03-01", "every": "year", "days": 30}
    assert owen.post("/reviews/schedules", body).status == 201
    (found,) = owen.get("/reviews/schedules").body["items"]
    assert found["name"] == "Yearly"
    assert owen.delete(f"/reviews/schedules/{found['id']}").status == 200
    assert owen.get("/reviews/schedules").body["total"] == 0
