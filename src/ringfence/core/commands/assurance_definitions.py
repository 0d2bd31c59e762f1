"""The commands of rules.md 10 as values: reviews, emergency access, the firm's own policies."""

from datetime import date

import msgspec
from msgspec import UNSET, UnsetType
from pyroaring import BitMap

from ringfence.core.review_schedule import Every
from ringfence.core.review_values import ReviewDecision, ReviewScope, Undecided
from ringfence.core.statements import PolicyMode, Statement
from ringfence.core.terms import Instant, Level, Subject

from .command_base import CommandBase, On


class StartReview(CommandBase, frozen=True, tag="review.start"):
    """Without named reviewers each client's Owners review, else the administrators."""

    name: str
    scope: ReviewScope
    due: Instant
    undecided: Undecided = "keep"
    reviewers: tuple[int, ...] = ()


class ReviewItems(msgspec.Struct, frozen=True, kw_only=True):
    """Items of a review, by their numbers or by what they are."""

    numbers: BitMap = msgspec.field(default_factory=BitMap)
    grants: tuple[tuple[Subject, On], ...] = ()
    delegations: tuple[tuple[int, int], ...] = ()


class DecideReview(CommandBase, frozen=True, tag="review.decide"):
    review: int
    items: ReviewItems
    decision: ReviewDecision
    level: Level = Level.NONE
    """To which the items are lowered."""


class HandOverReview(CommandBase, frozen=True, tag="review.hand_over"):
    review: int
    items: ReviewItems
    to: int


class ExtendReview(CommandBase, frozen=True, tag="review.extend"):
    review: int
    due: Instant


class CloseReview(CommandBase, frozen=True, tag="review.close"):
    """What nobody decided: as the review said, where this says nothing."""

    review: int
    undecided: Undecided | None = None


class ScheduleReview(CommandBase, frozen=True, tag="review.schedule"):
    """Without named reviewers as `StartReview`; each one that begins has its day after the name."""

    name: str
    scope: ReviewScope
    first: date
    every: Every
    days: int
    undecided: Undecided = "keep"
    reviewers: tuple[int, ...] = ()


class BeginReview(CommandBase, frozen=True, tag="review.begin"):
    """What the clock does on the day; once, however late it comes."""

    review: int
    name: str
    """Of the review that begins."""


class UnscheduleReview(CommandBase, frozen=True, tag="review.unschedule"):
    review: int


class OpenEmergency(CommandBase, frozen=True, tag="emergency.open"):
    """For the actor themselves. The command's `reason` must be given."""

    client: int


class AcknowledgeEmergency(CommandBase, frozen=True, tag="emergency.acknowledge"):
    """The command's `reason` is the note."""

    client: int
    member: int


class EndEmergency(CommandBase, frozen=True, tag="emergency.end"):
    """The actor's own where no member is named."""

    client: int
    member: int | None = None


class SetPolicy(CommandBase, frozen=True, tag="policy.set"):
    """What is left out is as it is; of a new one the mode is the firm's `policy_mode`.

    `text` is the policy as it was written; none stands beside statements that came without.
    """

    policy: int = 0
    """0 for a new one."""
    name: str | UnsetType = UNSET
    mode: PolicyMode | UnsetType = UNSET
    statements: tuple[Statement, ...] | UnsetType = UNSET
    text: str | UnsetType = UNSET


class RemovePolicy(CommandBase, frozen=True, tag="policy.remove"):
    policy: int
