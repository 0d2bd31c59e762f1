"""Reviews of random firms against the slow reading of rules.md 10, and laws of how they decide and end."""

from collections.abc import Iterator

from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.authority.reviewing import Reviewing, reviewed_by
from ringfence.core.commands import Refused
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import at
from ringfence.core.decision.review_items import items_in, pending, standing
from ringfence.core.review_values import Review, ReviewScope, ReviewTerms, Undecided
from ringfence.core.specification import decide as reference
from ringfence.core.specification import reviews as slowly
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Instant, Level, Subject, Target
from tests.core import model
from tests.core.firms import NOW
from tests.core.random_commands import RandomCommands, done, tried
from tests.core.random_firms import DAY, Chance, Firm, firm, hold


def numbered(terms: ReviewTerms) -> Iterator[tuple[int, slowly.Item]]:
    """Each item with its number."""
    for first, run in terms.runs():
        for place, target in enumerate(run.targets):
            yield first + place, (run.subject, Target(run.kind, target))
    for place, item in enumerate(terms.delegations):
        yield terms.first_delegation + place, (item.delegator, item.delegate)


def begun(
    chance: Chance, given: Firm, scope: ReviewScope, undecided: Undecided = "keep"
) -> tuple[Firm, Review]:
    """The firm with a review of the scope."""
    grants, delegations = items_in(at(given.state, NOW), scope)
    terms = ReviewTerms(
        scope=scope,
        reviewers=tuple(sorted(chance.some(given.facts.members))) if chance.odds(0.4) else (),
        due=NOW,
        undecided=undecided,
        grants=grants,
        delegations=delegations,
    )
    started = given.after(e.Change(events=(e.ReviewStarted(review=1, terms=terms),)))
    return started, started.state.reviews[1]


def a_scope(chance: Chance, facts: Facts) -> ReviewScope:
    scope = RandomCommands(chance, facts).scope()
    there = {"service": facts.services, "group": facts.groups, "member": facts.members}
    return scope if scope.number in there.get(scope.kind, {0}) else ReviewScope(kind="all")


def test_what_a_review_starts_with_is_read_from_its_event_as_it_was() -> None:
    def holds(chance: Chance) -> None:
        given = firm(chance)
        _, review = begun(chance, given, a_scope(chance, given.facts))
        events = (e.ReviewStarted(review=1, terms=review.terms),)
        assert e.decode_events(e.encode_events(events)) == events
        for run in review.terms.grants:
            assert [run.until(target) for target in run.targets] == [
                run.expires.get(it) for it in run.targets
            ]

    hold(holds, 60)


def test_the_items_of_a_review_are_what_stands_in_its_scope() -> None:
    def holds(chance: Chance) -> None:
        given = firm(chance)
        scope = a_scope(chance, given.facts)
        _, review = begun(chance, given, scope)
        found = [item for _, item in numbered(review.terms)]
        assert len(found) == len(set(found)) == review.terms.count
        assert set(found) == slowly.items(given.facts, scope, NOW)

    hold(holds, 200)


def test_who_reviews_what_agrees_with_the_slow_reading() -> None:
    waited = 0

    def holds(chance: Chance) -> None:
        nonlocal waited
        given, review = begun(chance, firm(chance), ReviewScope(kind="all"))
        items = BitMap(chance.some(range(1, review.terms.count + 1)))
        if items:
            handed = e.ReviewHanded(review=1, items=items, member=chance.of(sorted(given.facts.members)))
            given = given.after(e.Change(events=(handed,)))
        for change in done(chance, given, tries=4):
            # What is kept is asked for before each change, so that what was handed on wrongly shows.
            for member in given.facts.members if 1 in given.state.reviews else ():
                reviewed_by(at(given.state, NOW), 1, member)
            given = given.after(change.change)
        if 1 not in given.state.reviews:
            return
        review = given.state.reviews[1]
        still = {n for n, _ in numbered(review.terms) if slowly.stands(given.facts, review.terms, n)}
        assert set(standing(given.state, review.terms)) == still
        reviewing = Reviewing(at(given.state, NOW), review)
        moment = at(given.state, NOW)
        mine = {member: reviewed_by(moment, 1, member) for member in given.facts.members}
        shares = reviewing.shares()
        for number in still:
            want = slowly.reviewers(given.facts, review, number, NOW)
            assert reviewing.reviewers_of(number) == want
            assert {member for member, items in mine.items() if number in items} == want
            assert {member for member, items in shares.items() if number in items} == want
            waited += bool(want)

    hold(holds, 120)
    assert waited > 500


def test_removing_in_a_review_is_refused_just_as_removing_is() -> None:
    refused = 0

    def holds(chance: Chance) -> None:
        nonlocal refused
        given, review = begun(chance, firm(chance), ReviewScope(kind="all"))
        reviewing = Reviewing(at(given.state, NOW), review)
        for actor, items in reviewing.shares().items():
            number = chance.of(list(items))
            item = dict(numbered(review.terms))[number]
            command: w.Command
            if isinstance(item[0], Subject) and isinstance(item[1], Target):
                command = w.RemoveGrant(to=(item[0],), on=w.On.target(item[1]))
            else:
                delegation = review.terms.delegations[number - review.terms.first_delegation]
                command = w.RemoveDelegation(delegator=delegation.delegator, delegate=delegation.delegate)
            decide = w.DecideReview(
                review=1, items=w.ReviewItems(numbers=BitMap([number])), decision="remove"
            )
            one, other = tried(given, command, actor), tried(given, decide, actor)
            if isinstance(one, Refused):
                refused += 1
                assert isinstance(other, Refused)
                assert (one.refusal, one.problem) == (other.refusal, other.problem)
            else:
                assert not isinstance(other, Refused)
                assert one.events == other.events[:-1]

    hold(holds, 100)
    assert refused > 15


def test_lowering_in_a_review_raises_nobody_and_keeps_every_expiry_and_fee_split() -> None:
    lowered = 0

    def holds(chance: Chance) -> None:
        nonlocal lowered
        given, review = begun(chance, firm(chance), ReviewScope(kind="all"))
        items = w.ReviewItems(numbers=BitMap(chance.some(range(1, review.terms.count + 1))))
        command = w.DecideReview(review=1, items=items, decision="lower", level=chance.of(list(Level)[1:4]))
        found = tried(given, command, None)
        if isinstance(found, Refused):
            return
        was = {(grant.subject, grant.target): grant for grant in given.facts.grants}
        will = {(grant.subject, grant.target): grant for grant in given.after(found).facts.grants}
        assert was.keys() == will.keys()
        for place, grant in will.items():
            assert replace(grant, level=was[place].level) == was[place]
            if grant != was[place]:
                lowered += 1
                assert grant.level is command.level < was[place].level < Level.BLOCKED

    hold(holds, 200)
    assert lowered > 15


def test_closing_opens_no_client_lets_nobody_in_and_takes_no_last_owner() -> None:
    taken = spared = 0

    def holds(chance: Chance) -> None:
        nonlocal taken, spared
        given, review = begun(chance, firm(chance), ReviewScope(kind="all"), "remove")
        undecided = pending(given.state, review)
        found = tried(given, w.CloseReview(review=1), None)
        assert not isinstance(found, Refused), found
        outcome = found.events[-1]
        assert isinstance(outcome, e.ReviewClosed)
        taken += len(outcome.outcome.taken)
        spared += len(outcome.outcome.left)
        assert outcome.outcome.taken | outcome.outcome.left == undecided
        before = model.after(given.facts, e.ControlTurned(on=True))
        after = model.after(given.after(found).facts, e.ControlTurned(on=True))
        _need_nothing_gained(before, after)
        # The clock ends emergency access by itself, and nobody gains by that what closing took away.
        _need_nothing_gained(replace(before, emergencies={}), replace(after, emergencies={}))

    hold(holds, 60)
    assert taken > 150
    assert spared > 20


def _need_nothing_gained(before: Facts, after: Facts) -> None:
    for engagement in before.engagements:
        if reference.open_to_all(after, engagement, NOW):
            assert reference.open_to_all(before, engagement, NOW)
        for member in before.members:
            was, _ = reference.decide(before, member, engagement, NOW)
            will, _ = reference.decide(after, member, engagement, NOW)
            assert will <= was


def test_what_was_taken_away_and_given_back_waits_again() -> None:
    def holds(chance: Chance) -> None:
        given, review = begun(chance, firm(chance), ReviewScope(kind="all"))
        if not review.terms.count:
            return
        number = chance.of(sorted(review.terms.everything))
        items = w.ReviewItems(numbers=BitMap([number]))
        found = tried(given, w.DecideReview(review=1, items=items, decision="remove"), None)
        if isinstance(found, Refused):
            return
        after = given.after(found)
        assert number not in pending(after.state, after.state.reviews[1])
        back = replace(after.state, holdings=given.state.holdings, delegations=given.state.delegations)
        assert number in pending(back, back.reviews[1])

    hold(holds, 60)


def test_a_review_is_due_at_a_time_to_come() -> None:
    given = firm(Chance(1))
    for due in (NOW, NOW - DAY):
        command = w.StartReview(name="Yearly", scope=ReviewScope(kind="all"), due=due)  # type: ignore[arg-type]
        found = tried(given, command, None)
        assert isinstance(found, Refused)
        assert found.field == "due"


def test_a_grant_that_ends_at_another_time_now_has_moved_on() -> None:
    moved = 0

    def holds(chance: Chance) -> None:
        nonlocal moved
        given, review = begun(chance, firm(chance), ReviewScope(kind="all"))
        for first, run in review.terms.runs():
            target = run.targets[0]
            other = None if run.until(target) is not None else Instant(NOW + DAY)
            ends_otherwise = e.GrantsSet(
                subject=run.subject,
                kind=run.kind,
                targets=BitMap([target]),
                level=run.level,
                expires=other,
            )
            after = given.after(e.Change(events=(ends_otherwise,)))
            assert first not in standing(after.state, review.terms)
            moved += 1

    hold(holds, 30)
    assert moved > 50
