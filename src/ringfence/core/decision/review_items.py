"""What an access review is about: the grants and delegations in its scope, and which stand as they stood.

In sets: a hundred thousand grants take as long as their subjects. Who reviews them is in
`authority/reviewing.py`.
"""

from collections.abc import Iterator

from pyroaring import BitMap

from ringfence.core.review_values import (
    DelegationItem,
    GrantItems,
    Review,
    ReviewOutcome,
    ReviewScope,
    ReviewTerms,
    items_at,
)
from ringfence.core.state.holding import EMPTY, Holding
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level, Subject, Target, TargetKind, group_subject, member_subject

from .delegated import passes
from .moment import Moment

LEVELS = (Level.READER, Level.EDITOR, Level.OWNER, Level.BLOCKED)


def items_in(moment: Moment, scope: ReviewScope) -> tuple[tuple[GrantItems, ...], tuple[DelegationItem, ...]]:
    """The grants and delegations that stand in the scope (rules.md 10), counting or not, Blocked ones too.

    Of a set of clients: grants on them, on their engagements, on services that they have and on all clients,
    and delegations by which something of theirs is passed on. Of a member's reach: their own grants, those of
    their groups, and the delegations made to them.
    """
    state = moment.state
    if scope.kind == "member":
        mine = [member_subject(scope.number), *map(group_subject, state.groups_of(scope.number))]
        subjects = [subject for subject in sorted(state.holdings) if subject in mine]
        engagements = state.register.engagements
    else:
        subjects = sorted(state.holdings)
        engagements = state.register.spread(clients_in(moment, scope))
    grants = tuple(run for subject in subjects for run in _runs(state, subject, engagements))
    return grants, tuple(_delegations(moment, scope, engagements))


def clients_in(moment: Moment, scope: ReviewScope) -> BitMap:
    """The clients of a scope that is a set of clients, those that are there."""
    state, register = moment.state, moment.state.register
    match scope.kind:
        case "all":
            return register.clients
        case "confidential":
            return register.confidential & register.clients
        case "service":
            return register.clients_of(register.by_service.get(scope.number, EMPTY) & register.engagements)
        case "group":
            subject = group_subject(scope.number)
            if state.held_by(subject).all:
                return register.clients
            standing = state.compiled(subject)
            parts = [*standing.standing(), standing.blocked()]
            return register.clients_of(BitMap.union(*parts) & register.engagements)
        case "clients":
            return BitMap(scope.clients) & register.clients
    return EMPTY


def _runs(state: State, subject: Subject, engagements: BitMap) -> Iterator[GrantItems]:
    """The subject's grants that bear on any of the engagements, alike ones together."""
    held, register = state.held_by(subject), state.register
    clients = register.clients_of(engagements)
    expires = _expiries(held)
    narrow: tuple[tuple[TargetKind, BitMap], ...] = (("engagement", engagements), ("client", clients))
    for kind, among in narrow:
        levels = held.engagements if kind == "engagement" else held.clients
        for level, targets in zip(LEVELS, levels, strict=True):
            if inside := targets & among:
                times = expires.get(kind, {})
                ends = tuple((number, times[number]) for number in inside & BitMap(times))
                yield GrantItems(subject=subject, kind=kind, level=level, targets=inside, ends=ends)
    for service, level in sorted(held.services.items()):
        left_out = held.excluded.get(service, EMPTY)
        reached = register.by_service.get(service, EMPTY) & engagements
        if reached - register.spread(left_out) if left_out else reached:
            yield _single(held, subject, "service", service, level, left_out)
    if held.all and engagements:
        yield _single(held, subject, "all", 0, held.all, EMPTY)


def _single(
    held: Holding, subject: Subject, kind: TargetKind, number: int, level: Level, left_out: BitMap
) -> GrantItems:
    until = held.expires.get(Target(kind, number))
    return GrantItems(
        subject=subject,
        kind=kind,
        level=level,
        targets=BitMap([number]),
        ends=() if until is None else ((number, until),),
        excluded=left_out,
    )


def _expiries(held: Holding) -> dict[TargetKind, dict[int, Instant]]:
    found: dict[TargetKind, dict[int, Instant]] = {}
    for target, until in held.expires.items():
        found.setdefault(target.kind, {})[target.number] = until
    return found


def _delegations(moment: Moment, scope: ReviewScope, engagements: BitMap) -> Iterator[DelegationItem]:
    for (delegator, delegate), terms in sorted(moment.state.delegations.items()):
        if scope.kind == "member":
            inside = delegate == scope.number
        else:
            # As though delegations counted: while they are switched off, they only wait.
            inside = bool(passes(moment.evaluation, delegator).see & engagements)
        if inside or scope.kind == "all":
            yield DelegationItem(delegator=delegator, delegate=delegate, terms=terms)


# --- What has become of them


def standing(state: State, review: ReviewTerms) -> BitMap:
    """The items whose grant or delegation stands just as it stood at the start."""
    gone = BitMap()
    for first, run in review.runs():
        still = _still(state, run)
        # Most stand: what does not is the smaller set.
        if len(still) < len(run.targets):
            gone |= items_at(first, run, run.targets - still)
    for number, item in enumerate(review.delegations, review.first_delegation):
        if state.delegations.get((item.delegator, item.delegate)) != item.terms:
            gone.add(number)
    return review.everything - gone


def _still(state: State, run: GrantItems) -> BitMap:
    """The targets of the run on which the grant stands at the same level until the same time."""
    held = state.holdings.get(run.subject)
    if held is None:
        return EMPTY
    match run.kind:
        case "engagement":
            same = run.targets & held.engagements[run.level - 1] & state.register.engagements
        case "client":
            same = run.targets & held.clients[run.level - 1] & state.register.clients
        case "service":
            (service,) = run.targets
            alike = held.services.get(service) is run.level
            alike = alike and held.excluded.get(service, EMPTY) == run.excluded
            same = run.targets if alike else EMPTY
        case "all":
            same = run.targets if held.all is run.level else EMPTY
    if not run.ends and not held.expires:
        return same
    then = run.expires
    times = {target.number: until for target, until in held.expires.items() if target.kind == run.kind}
    doubtful = BitMap([*then, *times]) & same
    return same - BitMap([number for number in doubtful if then.get(number) != times.get(number)])


def pending(state: State, review: Review) -> BitMap:
    """The items that nobody has decided: they stand as at the start, and nobody said to keep them.

    One that was taken away and given back just as it was waits again.
    """
    return standing(state, review.terms) - review.progress.kept


def become(state: State, review: Review) -> ReviewOutcome:
    """What has become of each item up to now; what nobody has decided is `left`."""
    stands, progress = standing(state, review.terms), review.progress
    gone = review.terms.everything - stands
    removed, lowered, kept = progress.removed & gone, progress.lowered & gone, progress.kept
    return ReviewOutcome(
        kept=kept,
        removed=removed,
        lowered=lowered,
        left=stands - kept,
        taken=EMPTY,
        moved=gone - kept - removed - lowered,
    )
