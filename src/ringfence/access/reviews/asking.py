"""What an open review is about now: who has which items to decide, and what has become of them."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from pyroaring import BitMap

from ringfence.access.firm_now import FirmNow
from ringfence.core.authority.acting import Acting
from ringfence.core.authority.reviewing import Reviewing, reviewed_by, told_of_review, waiting_for
from ringfence.core.decision.review_items import become, items_in, pending
from ringfence.core.review_values import Review, ReviewOutcome, ReviewScope, ReviewTerms
from ringfence.core.state.holding import EMPTY

ItemState = Literal["pending", "kept", "removed", "lowered", "moved"]


def open_reviews(firm_now: FirmNow) -> Mapping[int, Review]:
    """The open reviews by number."""
    return firm_now.moment.state.reviews


def may_know_review(firm_now: FirmNow, member: int, number: int) -> bool:
    """Whether the member reads the control side, or has anything to do with the open review."""
    acting = Acting(moment=firm_now.moment, actor=member)
    return number in open_reviews(firm_now) and told_of_review(acting, number)


def items_of(firm_now: FirmNow, number: int, member: int) -> BitMap:
    """The items of the open review that the member reviews, decided ones too."""
    return reviewed_by(firm_now.moment, number, member) if number in open_reviews(firm_now) else EMPTY


def pending_items(firm_now: FirmNow, number: int) -> BitMap:
    """The items of the open review that nobody has decided."""
    return pending(firm_now.moment.state, open_reviews(firm_now)[number])


def waiting_in(firm_now: FirmNow, number: int, member: int) -> BitMap:
    """The items of the review that wait for the member; none once it is closed."""
    if number not in open_reviews(firm_now):
        return EMPTY
    return items_of(firm_now, number, member) & pending_items(firm_now, number)


def waiting(firm_now: FirmNow, member: int) -> dict[int, BitMap]:
    """By open review, the items that wait for the member; reviews without any are left out."""
    return waiting_for(firm_now.moment, member)


def shares(firm_now: FirmNow, number: int) -> dict[int, BitMap]:
    """By member, the items that they review. In time of all items."""
    return Reviewing(firm_now.moment, open_reviews(firm_now)[number]).shares()


def reviewers_of(firm_now: FirmNow, number: int, item: int) -> frozenset[int]:
    """Everybody who reviews the item."""
    return Reviewing(firm_now.moment, open_reviews(firm_now)[number]).reviewers_of(item)


def become_of(firm_now: FirmNow, number: int) -> ReviewOutcome:
    """What has become of each item up to now; what nobody has decided is `left`."""
    return become(firm_now.moment.state, open_reviews(firm_now)[number])


def state_of_item(outcome: ReviewOutcome, item: int) -> ItemState:
    """Of an open review's items as they are now."""
    sets: tuple[tuple[ItemState, BitMap], ...] = (
        ("kept", outcome.kept),
        ("removed", outcome.removed | outcome.taken),
        ("lowered", outcome.lowered),
        ("moved", outcome.moved),
    )
    return next((state for state, items in sets if item in items), "pending")


class ForeseenReview(NamedTuple):
    """What a review begun now would be."""

    items: int
    reviewers: frozenset[int]
    """Who would have something to look at: also administrators, for what is a named reviewer's own."""
    nobodys: int
    """Items that nobody could review."""


def foreseen_review(firm_now: FirmNow, scope: ReviewScope, reviewers: tuple[int, ...]) -> ForeseenReview:
    """What there would be to look at, and for whom."""
    grants, delegations = items_in(firm_now.moment, scope)
    terms = ReviewTerms(
        scope=scope,
        reviewers=reviewers,
        due=firm_now.now,
        undecided="keep",
        grants=grants,
        delegations=delegations,
    )
    found = Reviewing(firm_now.moment, Review(terms=terms, due=terms.due)).shares()
    nobody = terms.everything - BitMap.union(BitMap(), *found.values())
    return ForeseenReview(terms.count, frozenset(found), len(nobody))
