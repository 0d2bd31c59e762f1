"""Reviews of a firm, open and closed, from their table. What an open one's items are now: `asking`."""

from collections.abc import Iterable

import msgspec

from ringfence.core.review_values import DelegationItem, GrantItems, ReviewTerms, outcome_of, terms_of
from ringfence.core.review_values import ReviewOutcome as ReviewOutcome
from ringfence.core.terms import Instant, Level, Subject, Target, member_subject
from ringfence.firms.models import Review


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """One review."""

    number: int
    name: str
    started: Instant
    due: Instant
    closed: Instant | None
    terms: ReviewTerms
    outcome: ReviewOutcome | None
    """Once it is closed."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One item as it stood at the start: a grant, or a delegation."""

    number: int
    subject: Subject
    """Whom the grant is for, or the delegate."""
    target: Target | None
    """None for a delegation."""
    delegator: int
    """0 for a grant."""
    level: Level
    """Of a delegation its cap."""
    expires: Instant | None


_COLUMNS = ("number", "name", "started", "due", "closed", "terms", "outcome")


def review_rows(firm: int) -> list[ReviewRow]:
    """All of them, the latest first."""
    found = Review.objects.filter(firm=firm, schedule=None).order_by("-number").values_list(*_COLUMNS)
    return [_row(*values) for values in found]


def review_row(firm: int, number: int) -> ReviewRow | None:
    found = Review.objects.filter(firm=firm, number=number, schedule=None).values_list(*_COLUMNS).first()
    return None if found is None else _row(*found)


def _row(
    number: int,
    name: str,
    started: int,
    due: int,
    closed: int | None,
    terms: bytes,
    outcome: bytes | None,
) -> ReviewRow:
    return ReviewRow(
        number=number,
        name=name,
        started=Instant(started),
        due=Instant(due),
        closed=None if closed is None else Instant(closed),
        terms=terms_of(bytes(terms)),
        outcome=None if outcome is None else outcome_of(bytes(outcome)),
    )


def items_numbered(terms: ReviewTerms, numbers: Iterable[int]) -> list[Item]:
    """These items, in the order of their numbers."""
    wanted = sorted(set(numbers))
    found, place = [], 0
    for first, run in terms.runs():
        while place < len(wanted) and wanted[place] < first + len(run.targets):
            found.append(_grant(wanted[place], first, run))
            place += 1
    first = terms.first_delegation
    found += [_delegation(number, terms.delegations[number - first]) for number in wanted[place:]]
    return found


def _grant(number: int, first: int, run: GrantItems) -> Item:
    target = run.targets[number - first]
    return Item(
        number=number,
        subject=run.subject,
        target=Target(run.kind, target),
        delegator=0,
        level=run.level,
        expires=run.until(target),
    )


def _delegation(number: int, item: DelegationItem) -> Item:
    return Item(
        number=number,
        subject=member_subject(item.delegate),
        target=None,
        delegator=item.delegator,
        level=item.terms.cap,
        expires=item.terms.expires,
    )
