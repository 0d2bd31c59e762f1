"""Noting in the ledger which policies break and which hold again, by a change or by time alone.

Nothing is decided or undone by it (rules.md 10): whoever follows the ledger is told, and administrators are.
What is known to be broken lies in `PolicyBreach`, written with the entry, so that each is told once.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db import transaction
from django.db.models import F

from ringfence.access.actor import OPERATOR
from ringfence.access.connection import answering
from ringfence.access.door import Beside, Committed, firm_state, lock
from ringfence.access.firm_now import FirmNow
from ringfence.access.ledger.noting import note
from ringfence.access.open_firms import open_only
from ringfence.core.events import NOTED, PolicyNoted
from ringfence.core.terms import Instant
from ringfence.firms.models import LedgerEntry, Policy, PolicyBreach

from .kept import broken_policies, broken_since


class Noted(NamedTuple):
    """What was found: policies by number."""

    broken: tuple[int, ...]
    mended: tuple[int, ...]


def firms_with_policies() -> list[tuple[int, int]]:
    """The firms that keep policies, or kept one that was broken, each with its version."""
    with answering():
        kept = open_only(Policy.objects.order_by()).values_list("firm", F("firm__version")).distinct()
        known = open_only(PolicyBreach.objects.order_by()).values_list("firm", F("firm__version")).distinct()
        return sorted({*kept, *known})


def looks_alike_until(now: FirmNow) -> Instant:
    """Until when nothing ends or begins that could break a policy while nothing is changed."""
    return now.moment.evaluation.until


def note_policies(firm: int, tell: Callable[[FirmNow, Noted, int], None]) -> FirmNow:
    """Note what has broken and what holds again since it was looked at last; the firm as it was looked at.

    `tell` is called within the transaction with the firm, what was noted and its entry. May be done by
    several at once. Raises `FirmUnknown`, `StateUnavailable`.
    """
    now = firm_state(firm)
    news = _news(now, now.policies)
    if not any(news):
        _forget_removed(now)
        return now
    found = news

    def still_known(then: FirmNow) -> bool:
        # Under the lock, so only what seemed to be news is looked at again.
        nonlocal found
        found = _news(then, [*news.broken, *news.mended])
        return not any(found)

    def events(then: FirmNow) -> tuple[PolicyNoted, ...]:
        since = _since(then)
        return tuple(
            PolicyNoted(policy=number, holds=holds, since=since)
            for numbers, holds in ((found.broken, False), (found.mended, True))
            for number in numbers
        )

    class Rows(Beside):
        def after(self, committed: Committed) -> None:
            PolicyBreach.objects.filter(firm=firm, policy__in=found.mended).delete()
            for event in committed.change.events:
                if isinstance(event, PolicyNoted) and not event.holds:
                    PolicyBreach.objects.create(
                        firm_id=firm, policy=event.policy, since=event.since, entry=committed.version
                    )
            tell(committed.after, found, committed.version)

    return note(firm, events, OPERATOR, unless=still_known, beside=Rows())


def _news(now: FirmNow, among: Iterable[int]) -> Noted:
    """Of these policies, those that are broken and not known to be, and those that hold again."""
    looked_at = [number for number in among if number in now.policies]
    broken, known = broken_policies(now, looked_at), broken_since(now.firm).keys()
    return Noted(
        broken=tuple(sorted(broken - known)),
        mended=tuple(number for number in sorted(known) if number in looked_at and number not in broken),
    )


def _since(now: FirmNow) -> Instant:
    """From when on what counts now has counted: the last change, or what has ended or begun since."""
    rows = LedgerEntry.objects.filter(firm=now.firm).exclude(command__in=NOTED.values())
    changed = rows.order_by("-number").values_list("at", flat=True).first() or 0
    return Instant(max(changed, now.moment.evaluation.since))


def _forget_removed(now: FirmNow) -> None:
    """What was broken and has been removed is nothing to be told of."""
    if broken_since(now.firm).keys() <= now.policies.keys():
        return
    with answering(), transaction.atomic():
        # Under the lock: a policy that is newer than `now` may have been found broken meanwhile.
        lock(now.firm)
        there = firm_state(now.firm).policies
        PolicyBreach.objects.filter(firm=now.firm).exclude(policy__in=list(there)).delete()
