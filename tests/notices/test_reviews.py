"""Mails about access reviews: asked to review, reminded before it is due, told that it was closed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import F
from django.test import override_settings
from pyroaring import BitMap

from ringfence.access import firm_state
from ringfence.access.notices import NoticeKind
from ringfence.access.reviews.asking import waiting_in
from ringfence.core.commands.definitions import (
    ChangeSettings,
    CloseReview,
    DecideReview,
    HandOverReview,
    ReviewItems,
    StartReview,
)
from ringfence.core.review_values import ReviewScope
from ringfence.core.terms import Instant, Level
from ringfence.firms.models import Notice, Review
from ringfence.jobs.remind_reviewers import remind_reviewers
from tests.notices.people import all_kept, everybody_came_in, give, own, sent, told
from tests.web.cast import CAI, DILYS, OWEN, make_cast

DAY = 86_400_000_000


@pytest.fixture
def firm(db: None) -> Iterator[int]:
    """Dilys owns Fortune 500 and Cai has access; a review of everything by Dilys is to be started by Owen."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        found = make_cast().firm
        everybody_came_in()
        own(found, DILYS)
        own(found, CAI, Level.EDITOR)
        sent()
        yield found


def start(firm: int, days: int = 30) -> None:
    due = Instant(firm_state(firm).now + days * DAY)
    scope = ReviewScope(kind="all")
    command = StartReview(name="Yearly", scope=scope, due=due, reviewers=(DILYS, OWEN), undecided="keep")
    give(firm, command, OWEN)


def pass_days(firm: int, days: int) -> None:
    """As though the review had begun, and were due, and everybody had been told, so much earlier."""
    row = Review.objects.get(firm=firm, number=1)
    Review.objects.update(started=row.started - days * DAY, due=row.due - days * DAY)
    Notice.objects.update(at=F("at") - days * DAY)


def reminded(firm: int, member: int = DILYS) -> int:
    remind_reviewers.func()
    return sum(each.kind is NoticeKind.REVIEW_DUE for each in all_kept(firm, member))


def keep_all(firm: int, member: int) -> None:
    items = ReviewItems(numbers=waiting_in(firm_state(firm), 1, member))
    give(firm, DecideReview(review=1, items=items, decision="keep"), member)


def test_reviewers_are_asked_with_how_much_waits_and_until_when(firm: int) -> None:
    start(firm)
    found = sent()
    assert list(found) == told("dilys")
    assert "You are asked to review 1 access in Pike & Marlow" in found["dilys@pike.example"]
    assert f"/firms/{firm}/reviews/1" in found["dilys@pike.example"]
    assert "Fortune" not in found["dilys@pike.example"]


@pytest.mark.parametrize(("levels", "words"), [("single", "Keep or remove it"), ("four", "Keep, lower or")])
def test_reviewers_are_told_of_lowering_where_the_firm_has_levels(firm: int, levels: str, words: str) -> None:
    give(firm, ChangeSettings(values={"levels": levels, "personal_defaults": True}), OWEN)
    start(firm)
    assert words in sent()["dilys@pike.example"]


def test_who_is_handed_items_over_is_asked(firm: int) -> None:
    start(firm)
    sent()
    own(firm, OWEN)
    items = ReviewItems(numbers=BitMap(waiting_in(firm_state(firm), 1, DILYS)))
    give(firm, HandOverReview(review=1, items=items, to=OWEN), DILYS)
    assert "asked to review" in sent()["owen@pike.example"]


def test_who_has_items_left_is_reminded_a_week_and_a_day_before_once_each(firm: int) -> None:
    start(firm)
    assert reminded(firm) == 0
    pass_days(firm, 24)
    assert (reminded(firm), reminded(firm)) == (1, 1)
    pass_days(firm, 5)
    assert (reminded(firm), reminded(firm)) == (2, 2)


def test_who_has_decided_everything_is_not_reminded(firm: int) -> None:
    start(firm)
    keep_all(firm, DILYS)
    pass_days(firm, 24)
    assert reminded(firm) == 0


def test_administrators_are_told_what_became_of_a_review_that_was_closed(firm: int) -> None:
    start(firm)
    keep_all(firm, DILYS)
    sent()
    give(firm, CloseReview(review=1))
    found = sent()
    assert list(found) == told("owen")
    assert "The access review Yearly in Pike & Marlow is closed" in found["owen@pike.example"]
    assert "Kept: 1" in found["owen@pike.example"]
