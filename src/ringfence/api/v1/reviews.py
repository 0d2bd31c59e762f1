"""Access reviews: all of them for who reads the control side, their own items for reviewers (rules.md 10)."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404
from ninja import Router
from ninja.params.functions import Query
from pydantic import BaseModel, Field
from pyroaring import BitMap

from ringfence.access.reviews.asking import (
    become_of,
    items_of,
    may_know_review,
    open_reviews,
    state_of_item,
    waiting,
)
from ringfence.access.reviews.rows import Item, ReviewRow, items_numbered, review_row, review_rows
from ringfence.access.reviews.schedules import schedule_rows
from ringfence.api.caller import Caller
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.routes import number_in_path, read
from ringfence.core.terms import Capability

from .grants import sliced

ROUTER = Router()


class ReviewAnswer(BaseModel):
    """A review: what nobody has decided is `pending`, once it is closed `left` or `taken`.

    Who does not read the control side is told of the items that they review, and of no others.
    """

    id: int
    name: str
    started: int
    due: Annotated[int, Field(description="Microseconds since 1970-01-01T00:00:00Z, as all times here.")]
    closed: int | None
    undecided: Annotated[str, Field(description="What happens to what nobody decided: keep or remove.")]
    items: int
    counts: Annotated[dict[str, int], Field(description="How many items there are of each state.")]
    waiting: Annotated[int, Field(description="How many items wait for the token's member.")]


class ReviewScheduleAnswer(BaseModel):
    """A review that begins again and again."""

    id: int
    name: str
    every: Annotated[str, Field(description="quarter, half_year or year.")]
    next: Annotated[str, Field(description="The day on which the next one begins.")]
    days: Annotated[int, Field(description="From its start until it is due.")]
    undecided: str
    last: Annotated[int | None, Field(description="The review that began last; 0: nothing to review.")]


class ReviewItemAnswer(BaseModel):
    """One grant or delegation as it stood at the start."""

    number: int
    subject: Annotated[str, Field(description="member or group: whom it is for.")]
    subject_id: int
    target: Annotated[str, Field(description="engagement, client, service, all or delegation.")]
    target_id: Annotated[int, Field(description="0 for all clients; of a delegation the delegator.")]
    level: Annotated[str, Field(description="Of a delegation its cap.")]
    expires: int | None
    state: Annotated[str, Field(description="pending, kept, removed, lowered or moved.")]


@read(ROUTER, "/reviews", ListAnswer[ReviewAnswer], needs=Capability.MEMBER, summary="Access reviews")
def reviews_list(caller: Caller, page: Pages) -> ListAnswer[ReviewAnswer]:
    """The latest first; of who does not read the control side, the open ones in which they have items."""
    rows = review_rows(caller.firm)
    if not caller.may(Capability.READ_CONTROL):
        rows = [row for row in rows if may_know_review(caller.now, caller.member, row.number)]
    mine = waiting(caller.now, caller.member)
    shown, total, then = sliced(rows, page)
    items = [_answer(caller, row, mine.get(row.number, BitMap())) for row in shown]
    return ListAnswer(total=total, items=items, next=then)


def _answer(caller: Caller, row: ReviewRow, mine: BitMap) -> ReviewAnswer:
    now_open = row.number in open_reviews(caller.now)
    outcome = become_of(caller.now, row.number) if now_open else row.outcome
    told = row.terms.everything
    if not caller.may(Capability.READ_CONTROL):
        told = items_of(caller.now, row.number, caller.member)
    names = outcome.__struct_fields__ if outcome else ()
    counts = {name: len(getattr(outcome, name) & told) for name in names}
    if now_open:
        counts = {("pending" if name == "left" else name): count for name, count in counts.items()}
        del counts["taken"]
    return ReviewAnswer(
        id=row.number,
        name=row.name,
        started=row.started,
        due=row.due,
        closed=row.closed,
        undecided=row.terms.undecided,
        items=len(told),
        counts=counts,
        waiting=len(mine),
    )


@read(
    ROUTER,
    "/reviews/{review}/items",
    ListAnswer[ReviewItemAnswer],
    needs=Capability.MEMBER,
    summary="The items of an open review",
)
def review_items(
    caller: Caller,
    page: Pages,
    review: int = number_in_path("review"),
    mine: bool = Query(False, description="Only those that the token's member reviews."),
    pending: bool = Query(False, description="Only those that nobody has decided."),
) -> ListAnswer[ReviewItemAnswer]:
    """By number; of who does not read the control side, those that they review."""
    if not may_know_review(caller.now, caller.member, review):
        raise Http404
    row = review_row(caller.firm, review)
    if row is None:
        raise Http404
    outcome = become_of(caller.now, review)
    chosen = outcome.left if pending else row.terms.everything
    if mine or not caller.may(Capability.READ_CONTROL):
        chosen = chosen & items_of(caller.now, review, caller.member)
    part = part_of(chosen, page)
    found = [
        _item(item, state_of_item(outcome, item.number)) for item in items_numbered(row.terms, part.numbers)
    ]
    return ListAnswer(total=part.total, items=found, next=part.next)


def _item(item: Item, state: str) -> ReviewItemAnswer:
    return ReviewItemAnswer(
        number=item.number,
        subject=item.subject.kind,
        subject_id=item.subject.number,
        target=item.target.kind if item.target else "delegation",
        target_id=item.target.number if item.target else item.delegator,
        level=item.level.word,
        expires=item.expires,
        state=state,
    )


@read(
    ROUTER,
    "/reviews/schedules",
    ListAnswer[ReviewScheduleAnswer],
    needs=Capability.READ_CONTROL,
    summary="Scheduled access reviews",
)
def review_schedules(caller: Caller, page: Pages) -> ListAnswer[ReviewScheduleAnswer]:
    """The next one first."""
    shown, total, then = sliced(schedule_rows(caller.now), page)
    items = [
        ReviewScheduleAnswer(
            id=row.number,
            name=row.name,
            every=row.made.plan.every,
            next=row.made.next.isoformat(),
            days=row.made.plan.days,
            undecided=row.made.plan.undecided,
            last=row.made.last,
        )
        for row in shown
    ]
    return ListAnswer(total=total, items=items, next=then)
