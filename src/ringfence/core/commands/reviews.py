"""`review.*` (rules.md 7, 10). What a decision takes away goes by the ordinary rights and caps.

How a review ends is in `review_closing.py`.
"""

from collections.abc import Iterable, Iterator

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.authority.capability import may
from ringfence.core.authority.reviewing import Reviewing, reviewed_by, told_of_review
from ringfence.core.decision.review_items import items_in, standing
from ringfence.core.refusals import Problem, conflict, forbid, invalid, missing
from ringfence.core.review_values import GrantItems, Review, ReviewScope, ReviewTerms, items_at, targets_at
from ringfence.core.state.state import State
from ringfence.core.terms import GIVING, Capability, Instant, Level, Thing
from ringfence.core.texts import REVIEW_NAME, clean
from ringfence.core.values import GrantTerms

from . import definitions as w
from .context import Context
from .delegations import remove_delegation, set_delegation
from .emergency import removed_with
from .grants import need_all_within_cap, need_may_share, need_targets_known, set_events, sets_of
from .text_changes import EventsAndTexts


def start_review(context: Context, command: w.StartReview) -> EventsAndTexts:
    scope = command.scope
    need_asked_for(context, scope, command.reviewers)
    name = clean(command.name, "name", most=REVIEW_NAME)
    need_due(context, command.due)
    need_no_leavers(context, command.reviewers)
    grants, delegations = items_in(context.moment, scope)
    if not grants and not delegations:
        invalid(Problem.NOTHING_TO_REVIEW, "scope")
    context.free_name(Thing.REVIEW, name, "name")
    number = context.state.numbers.review + 1
    terms = ReviewTerms(
        scope=scope,
        reviewers=tuple(dict.fromkeys(command.reviewers)),
        due=command.due,
        undecided=command.undecided,
        grants=grants,
        delegations=delegations,
    )
    text = e.Text(thing=Thing.REVIEW, number=number, fields={"name": name})
    return [e.ReviewStarted(review=number, terms=terms)], [text]


def need_asked_for(context: Context, scope: ReviewScope, reviewers: Iterable[int]) -> None:
    """That what is to be reviewed, and by whom, is there, and that the actor may ask for it."""
    for client in sorted(scope.clients):
        context.need_client(client, "scope")
    context.need_administrator()
    match scope.kind:
        case "service":
            context.need_service(scope.number, "scope")
        case "group":
            context.need_group(scope.number, "scope")
        case "member":
            context.need_member(scope.number, "scope")
    for member in reviewers:
        context.need_member(member, "reviewers")


def need_no_leavers(context: Context, reviewers: Iterable[int]) -> None:
    if any(not may(context.state, member, Capability.MEMBER) for member in reviewers):
        invalid(Problem.REVIEWER_LEFT, "reviewers")


def need_due(context: Context, due: Instant) -> None:
    if due <= context.now:
        invalid(Problem.DUE_PASSED, "due")


def decide_review(context: Context, command: w.DecideReview) -> list[e.Event]:
    review = need_review(context, command.review)
    items = _named(context, review.terms, command.items)
    _need_reviewer(context, command.review, items)
    if not items:
        invalid(Problem.NOTHING_NAMED, "items")
    if command.decision == "lower" and command.level not in GIVING:
        invalid(Problem.LEVEL_UNKNOWN, "level")
    left = items & standing(context.state, review.terms)
    if not left:
        conflict(Problem.MOVED_ON, "items")
    match command.decision:
        case "keep":
            done, events = left - review.progress.kept, []
        case "remove":
            done, events = left, _removed(context, review.terms, left)
        case "lower":
            done = _above(context, review.terms, left, command.level)
            events = _lowered(context, review.terms, done, command.level)
    if not done:
        conflict(field="items")
    decided = e.ReviewDecided(
        review=command.review, items=done, decision=command.decision, level=command.level
    )
    return [*events, decided]


def hand_over_review(context: Context, command: w.HandOverReview) -> list[e.Event]:
    """Also by an administrator, whoever has the items."""
    review = need_review(context, command.review)
    items = _named(context, review.terms, command.items)
    if not context.administers:
        _need_reviewer(context, command.review, items)
    context.need_member(command.to, "to")
    if not items:
        invalid(Problem.NOTHING_NAMED, "items")
    reviewing = Reviewing(context.moment, review)
    if not may(context.state, command.to, Capability.MEMBER):
        invalid(Problem.REVIEWER_LEFT, "to")
    if items - reviewing.fit(command.to, items):
        invalid(Problem.CANNOT_REVIEW, "to")
    handed = items - review.progress.handed.get(command.to, BitMap())
    if not handed:
        conflict(field="to")
    return [e.ReviewHanded(review=command.review, items=handed, member=command.to)]


def extend_review(context: Context, command: w.ExtendReview) -> list[e.Event]:
    """To a later time, or to an earlier one that is still to come."""
    review = need_review(context, command.review)
    context.need_administrator()
    need_due(context, command.due)
    if command.due == review.due:
        conflict(field="due")
    return [e.ReviewExtended(review=command.review, due=command.due)]


def need_review(context: Context, number: int) -> Review:
    """The open review; refused alike where there is none and where the actor has nothing to do with it."""
    review = context.state.reviews.get(number)
    if review is None or not told_of_review(context, number):
        missing(Problem.UNKNOWN_REVIEW, "review")
    return review


def _need_reviewer(context: Context, number: int, items: BitMap) -> None:
    """Refuses items that others review; who may not know of them is told that there are none."""
    if context.actor is None:
        return
    if items - reviewed_by(context.moment, number, context.actor):
        if may(context.state, context.actor, Capability.READ_CONTROL):
            forbid(Problem.ONLY_REVIEWERS, "items")
        missing(Problem.UNKNOWN_ITEM, "items")


def _named(context: Context, review: ReviewTerms, named: w.ReviewItems) -> BitMap:
    """The items meant; one that the review does not have is not there."""
    found = BitMap(named.numbers)
    if found - review.everything:
        missing(Problem.UNKNOWN_ITEM, "items")
    for subject, on in named.grants:
        wanted = {(kind, number) for kind, numbers in sets_of(on) for number in numbers}
        for first, run in review.runs():
            if run.subject == subject:
                mine = BitMap([number for number in run.targets if (run.kind, number) in wanted])
                wanted -= {(run.kind, number) for number in mine}
                found |= items_at(first, run, mine)
        if wanted:
            missing(Problem.UNKNOWN_ITEM, "items")
    pairs = [(item.delegator, item.delegate) for item in review.delegations]
    for pair in named.delegations:
        if pair not in pairs:
            missing(Problem.UNKNOWN_ITEM, "items")
        found.add(review.first_delegation + pairs.index(pair))
    return found


# --- What decisions do


def runs_of(review: ReviewTerms, items: BitMap) -> Iterator[tuple[GrantItems, BitMap]]:
    """The grants among the items, each run with its targets."""
    for first, run in review.runs():
        if targets := targets_at(first, run, items):
            yield run, targets


def _delegations(review: ReviewTerms, items: BitMap) -> Iterator[tuple[int, int]]:
    for number, item in enumerate(review.delegations, review.first_delegation):
        if number in items:
            yield item.delegator, item.delegate


def need_may_take(context: Context, review: ReviewTerms, items: BitMap) -> None:
    """What `grant.set` and `grant.remove` ask before they look at the cap, once for all of the items."""
    on = w.On()
    for run, targets in runs_of(review, items):
        on = _with(on, run, targets)
    need_targets_known(context, on, "items")
    need_may_share(context, on)


def removal_events(state: State, review: ReviewTerms, items: BitMap) -> list[e.Event]:
    """What takes these grants away, and the emergency access that goes with them, as `grant.remove` does."""
    events: list[e.Event] = []
    ended: list[e.Event] = []
    for run, targets in runs_of(review, items):
        events.append(e.GrantsRemoved(subject=run.subject, kind=run.kind, targets=targets))
        if run.kind == "client":
            ended += removed_with(state, [run.subject], targets)
    return events + ended


def _removed(context: Context, review: ReviewTerms, items: BitMap) -> list[e.Event]:
    need_may_take(context, review, items)
    events = removal_events(context.state, review, items)
    need_all_within_cap(context, events, None)
    for delegator, delegate in _delegations(review, items):
        events += remove_delegation(context, w.RemoveDelegation(delegator=delegator, delegate=delegate))
    return events


def _above(context: Context, review: ReviewTerms, items: BitMap, level: Level) -> BitMap:
    """The items that lowering lowers: above the level, Blocked nowhere, and not expired."""
    found = BitMap()
    for first, run in review.runs():
        if level < run.level < Level.BLOCKED:
            ended = BitMap([number for number, until in run.ends if until <= context.now])
            found |= items_at(first, run, run.targets - ended) & items
    for number, item in enumerate(review.delegations, review.first_delegation):
        if number in items and item.terms.cap > level and item.terms.counts(context.now):
            found.add(number)
    return found


def _lowered(context: Context, review: ReviewTerms, items: BitMap, level: Level) -> list[e.Event]:
    need_may_take(context, review, items)
    events: list[e.Event] = []
    for run, targets in runs_of(review, items):
        for until, alike in _by_expiry(run, targets):
            new = GrantTerms(level=level, expires=until)
            on = _with(w.On(), run, alike)
            given = set_events(context, (run.subject,), on, new, keeps_splits=True)
            need_all_within_cap(context, given, new)
            events += given
    for delegator, delegate in _delegations(review, items):
        terms = context.state.delegations[delegator, delegate]
        events += set_delegation(
            context,
            w.SetDelegation(
                delegator=delegator,
                delegate=delegate,
                cap=level,
                expires=terms.expires,
                cascades=terms.cascades,
            ),
        )
    return events


def _by_expiry(run: GrantItems, targets: BitMap) -> list[tuple[Instant | None, BitMap]]:
    found: dict[Instant | None, BitMap] = {}
    expires = run.expires
    ending = BitMap(list(expires)) & targets
    if lasting := targets - ending:
        found[None] = lasting
    for number in ending:
        found.setdefault(expires[number], BitMap()).add(number)
    return list(found.items())


def _with(on: w.On, run: GrantItems, targets: BitMap) -> w.On:
    """The targets of the run beside those of `on`."""
    match run.kind:
        case "engagement":
            return msgspec.structs.replace(on, engagements=on.engagements | targets)
        case "client":
            return msgspec.structs.replace(on, clients=on.clients | targets)
        case "service":
            return msgspec.structs.replace(on, services=on.services | set(targets))
    return msgspec.structs.replace(on, all=True)
