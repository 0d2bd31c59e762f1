"""The signed report of a closed review: every item with what became of it, for who reads the control side."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Actor, execute
from ringfence.access.clock import clock
from ringfence.core.commands.definitions import (
    CloseReview,
    DecideReview,
    On,
    RemoveGrant,
    ReviewItems,
    SetGrant,
    StartReview,
    TurnOn,
)
from ringfence.core.review_values import ReviewScope
from ringfence.core.terms import Instant, Level, member_subject
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, WELSH, Cast, do

if TYPE_CHECKING:
    from tests.web.checks import PageClient

DAY = 24 * 3600 * 1_000_000


def give(cast: Cast, member: int, *clients: int) -> None:
    do(cast.firm, SetGrant(to=(member_subject(member),), on=On.client(*clients), level=Level.EDITOR))


@pytest.fixture
def begun(cast: Cast) -> Cast:
    """A review of what Cai and Dilys were given: Cai three clients, Dilys one."""
    do(cast.firm, TurnOn())
    give(cast, CAI, FORTUNE, BAKER, WELSH)
    give(cast, DILYS, FORTUNE)
    due = Instant(clock() + DAY)
    start = StartReview(name="Hydref", scope=ReviewScope(kind="all"), due=due, reviewers=(OWEN,))
    execute(cast.firm, start, actor=Actor(OWEN))
    return cast


@pytest.fixture
def closed(begun: Cast) -> Cast:
    """One item kept, one removed, one moved on, one undecided."""
    for item, decision in ((1, "keep"), (2, "remove")):
        decide = DecideReview(
            review=1,
            items=ReviewItems(numbers=BitMap([item])),
            decision=decision,  # type: ignore[arg-type]
        )
        execute(begun.firm, decide, actor=Actor(OWEN))
    do(begun.firm, RemoveGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE)))
    execute(begun.firm, CloseReview(review=1), actor=Actor(OWEN))
    return begun


def address(cast: Cast) -> str:
    return reverse("review-report", args=[cast.firm, 1])


def test_the_report_has_every_item_with_what_became_of_it_and_who_decided(
    closed: Cast, ada: PageClient
) -> None:
    with zipfile.ZipFile(io.BytesIO(ada.get(address(closed)).content)) as archive:
        names = archive.namelist()
        table = next(name for name in names if name.endswith(".csv"))
        rows = list(csv.reader(io.StringIO(archive.read(table).decode("utf-8-sig"))))
    stem = table.removesuffix(".csv")
    assert {f"{stem}.pdf", f"{stem}.pdf.sig", f"{table}.sig", "CHECK.txt"} <= set(names)
    assert sorted((row[0], row[1], row[5], row[6]) for row in rows[1:]) == [
        ("Cai", "Baker & Sons", "Removed", "Owen"),
        ("Cai", "Fortune 500", "Kept", "Owen"),
        ("Cai", "Llŷr Ŵyn Cyfyngedig", "Nobody decided it; kept and reported", ""),
        ("Dilys", "Fortune 500", "Changed or gone before anybody decided", ""),
    ]


def test_an_open_review_has_no_report_yet(begun: Cast, owen: PageClient) -> None:
    assert owen.get(address(begun)).status_code == 302


def test_the_report_is_for_who_reads_the_control_side(closed: Cast, cai: PageClient) -> None:
    assert cai.get(address(closed)).status_code == 403
