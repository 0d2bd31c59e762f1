"""Access reviews: started with their numbers, decided with a preview, closed; seen by who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.access.reviews.closing import close_due
from ringfence.access.reviews.rows import review_row
from ringfence.core.commands.definitions import On, SetGrant, StartReview
from ringfence.core.review_values import ReviewScope
from ringfence.core.terms import Level, Target, member_subject
from ringfence.firms.models import Review
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, Cast, do
from tests.web.reading import text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

DAY = 86_400_000_000


def address(route: str, cast: Cast, *rest: int) -> str:
    return reverse(route, args=[cast.firm, *rest])


@pytest.fixture
def reviewed(cast: Cast) -> Cast:
    """Dilys owns Fortune 500, to which Cai has access; a review of everything is open."""
    owner = (member_subject(DILYS),)
    do(cast.firm, SetGrant(to=owner, on=On.client(FORTUNE), level=Level.OWNER))
    do(
        cast.firm,
        SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR, reason="cover"),
    )
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    due = firm_state(cast.firm).now + 30 * DAY
    do(cast.firm, StartReview(name="Yearly", scope=ReviewScope(kind="all"), due=due))  # type: ignore[arg-type]
    return cast


def item_on(cast: Cast, client: int, member: int) -> int:
    """The number of the member's grant on the client in the review."""
    row = review_row(cast.firm, 1)
    assert row is not None
    for first, run in row.terms.runs():
        if run.subject == member_subject(member) and run.kind == "client" and client in run.targets:
            return first + list(run.targets).index(client)
    raise AssertionError(client)


def test_a_review_is_started_once_its_numbers_were_shown(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    form = {
        "name": "Yearly",
        "scope": "all",
        "reviewers": "",
        "undecided": "keep",
        "until-day": "31",
        "until-month": "12",
        "until-year": "2099",
    }
    page = owen.post(address("start-review", cast), form)
    assert "Accesses to look at 1" in text(page)
    response = owen.post(address("start-review", cast), {**form, "checked": "yes"})
    assert response["Location"] == address("review", cast, 1)
    assert "Yearly" in text(owen.get(address("reviews", cast)))


def test_what_is_missing_is_said_and_nothing_begins(cast: Cast, owen: PageClient) -> None:
    page = owen.post(address("start-review", cast), {"name": "", "until-day": "1"})
    for words in ("Enter a name for the review", "Select what is reviewed", "Enter a real day"):
        assert words in text(page)
    page = owen.post(
        address("start-review", cast),
        {"name": "R", "scope": "confidential", "undecided": "keep", "until-day": "1", "until-month": "1",
         "until-year": "2099"},
    )  # fmt: skip
    assert "there is nothing to review" in text(page)
    assert not Review.objects.exists()


def test_a_reviewer_sees_who_on_what_by_whom_and_why(reviewed: Cast, dilys: PageClient) -> None:
    page = text(dilys.get(address("review", reviewed, 1)))
    assert "1 access waits for you" in page
    assert "Fortune 500" in page
    assert "cover" in page
    assert "Baker" not in page


def test_what_is_kept_waits_no_more(reviewed: Cast, dilys: PageClient) -> None:
    item = item_on(reviewed, FORTUNE, CAI)
    dilys.post(address("decide-review", reviewed, 1), {"item": [item], "decision": "keep"})
    assert "Nothing waits for you here" in text(dilys.get(address("review", reviewed, 1)))
    assert firm_state(reviewed.firm).sees(CAI, FORTUNE)


def test_what_is_removed_is_previewed_first(reviewed: Cast, owen: PageClient) -> None:
    item = item_on(reviewed, BAKER, CAI)
    decide = address("decide-review", reviewed, 1)
    page = owen.post(decide, {"item": [item], "decision": "remove"})
    assert "Do you want to do it?" in text(page)
    held = member_subject(CAI)
    assert firm_state(reviewed.firm).moment.state.held_by(held).level_on(Target("client", BAKER))
    sent = {name: value(page, name) for name in ("version", "agreed", "items", "decision")}
    owen.post(decide, {**sent, "answer": "yes"})
    assert not firm_state(reviewed.firm).moment.state.held_by(held).level_on(Target("client", BAKER))


def test_nobody_else_is_told_of_a_review(reviewed: Cast, cai: PageClient) -> None:
    assert cai.get(address("review", reviewed, 1)).status_code == 404
    assert "Yearly" not in text(cai.get(address("reviews", reviewed)))


def test_the_clock_closes_what_is_due(reviewed: Cast, owen: PageClient) -> None:
    assert close_due() == 0
    Review.objects.update(due=1)
    assert close_due() == 1
    assert close_due() == 0
    assert "Closed on" in text(owen.get(address("reviews", reviewed)))
    assert firm_state(reviewed.firm).sees(CAI, FORTUNE)
