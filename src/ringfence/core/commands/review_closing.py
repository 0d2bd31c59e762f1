"""How an access review ends (rules.md 10): what nobody decided is kept and reported, or taken away.

What is taken away by nobody's decision gives nobody anything: it opens no client to all, raises no member
whom their own grant keeps lower, takes no block off and leaves no client without its last Owner. Such items
are kept and reported.
"""

from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.cap import as_though_on, as_though_over
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.review_items import become
from ringfence.core.review_values import ReviewTerms, items_at
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.terms import Level, Subject, TargetKind

from . import definitions as w
from .context import Context
from .invariants import bereft
from .reviews import need_may_take, need_review, removal_events


def close_review(context: Context, command: w.CloseReview) -> list[e.Event]:
    review = need_review(context, command.review)
    context.need_administrator()
    outcome = become(context.state, review)
    taken, events = EMPTY, list[e.Event]()
    if (command.undecided or review.terms.undecided) == "remove":
        need_may_take(context, review.terms, outcome.left)
        taken = taken_at_end(context.moment, review.terms, outcome.left)
        events = _taking(context.state, review.terms, taken)
    outcome = replace(outcome, taken=taken, left=outcome.left - taken)
    return [*events, e.ReviewClosed(review=command.review, outcome=outcome)]


def taken_at_end(moment: Moment, review: ReviewTerms, undecided: BitMap) -> BitMap:
    """Those of the undecided items that closing takes away."""
    taken = undecided - _blocks(review)
    while taken:
        after = apply_all(moment.state, _taking(moment.state, review, taken))
        spared = _spared(moment, after, review, taken)
        if not spared:
            break
        taken = taken - spared
    return taken


def _taking(state: State, review: ReviewTerms, items: BitMap) -> list[e.Event]:
    ended = [
        e.DelegationRemoved(delegator=item.delegator, delegate=item.delegate)
        for number, item in enumerate(review.delegations, review.first_delegation)
        if number in items
    ]
    return [*removal_events(state, review, items), *ended]


def _blocks(review: ReviewTerms) -> BitMap:
    found = BitMap()
    for first, run in review.runs():
        if run.level is Level.BLOCKED:
            found |= items_at(first, run, run.targets)
    return found


def _spared(moment: Moment, after: State, review: ReviewTerms, taken: BitMap) -> BitMap:
    """The items among those taken to which it lies that somebody would be missed, or would gain by it.

    One cause at a time: what is kept for the first mostly sees to the next. What emergency access alone would
    still assign counts as open: the clock ends that by itself.
    """
    if moment.state.settings.owner_required and (missed := bereft(moment.state, after)):
        return _owner_items(review, missed) & taken
    was, will = as_though_over(moment.state), as_though_over(after)
    if opened := at(will, moment.now).open - at(was, moment.now).open:
        return _items_on(moment.state, review, opened) & taken
    found = BitMap()
    for subject, gained in _raised(moment, after, review, taken).items():
        found |= _items_on(moment.state, review, gained, subject)
    return found & taken


def _owner_items(review: ReviewTerms, clients: BitMap) -> BitMap:
    found = BitMap()
    for first, run in review.runs():
        if run.subject.kind == "member" and run.kind == "client" and run.level is Level.OWNER:
            found |= items_at(first, run, run.targets & clients)
    return found


def _items_on(
    state: State, review: ReviewTerms, engagements: BitMap, subject: Subject | None = None
) -> BitMap:
    """The subject's or everybody's items on these engagements, their clients and services."""
    register = state.register
    on: dict[TargetKind, BitMap] = {
        "engagement": engagements,
        "client": register.clients_of(engagements),
        "service": BitMap([register.service_of[number] for number in engagements]),
        "all": EMPTY,
    }
    found = BitMap()
    for first, run in review.runs():
        if subject in (None, run.subject):
            found |= items_at(first, run, run.targets & on[run.kind])
    return found


def _raised(moment: Moment, after: State, review: ReviewTerms, taken: BitMap) -> dict[Subject, BitMap]:
    """By member, where they would come to more without their own grants: what those keep lower.

    With the emergency access that stands, and once it is over.
    """
    before, later = as_though_on(moment.state), as_though_on(after)
    pairs = {(before, later), (as_though_over(before), as_though_over(later))}
    views = [(at(was, moment.now), at(will, moment.now)) for was, will in pairs]
    found: dict[Subject, BitMap] = {}
    for first, run in review.runs():
        subject = run.subject
        mine = subject.kind == "member" and run.kind in ("client", "engagement")
        if not mine or subject in found or not items_at(first, run, run.targets).intersect(taken):
            continue
        reaches = [(was.reach(subject.number), will.reach(subject.number)) for was, will in views]
        parts = [now - then for reach in reaches for then, now in zip(*reach, strict=True)]
        found[subject] = BitMap.union(*parts)
    return found
