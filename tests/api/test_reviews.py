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
