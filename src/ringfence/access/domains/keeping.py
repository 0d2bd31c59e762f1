"""Adding, proving, losing and removing a firm's domain: each with its entry in the firm's ledger.

Administrators and principals do it (rules.md 5, settings), or the operator, who can also vouch for a domain
without a record. Functions raise `Refused` where the actor may not, `LookupError` where there is no such
domain, `FirmUnknown` and `StateUnavailable`. DNS is asked before the firm is locked, never under its lock.
"""

import secrets
from collections.abc import Callable, Sequence
from enum import StrEnum

from django.db import IntegrityError
from django.db.models import QuerySet

from ringfence.access.actor import OPERATOR, Actor
from ringfence.access.clock import clock
from ringfence.access.connection import answering
from ringfence.access.firm_now import FirmNow
from ringfence.access.open_firms import open_only
from ringfence.access.sign_in_policy import note_sign_in
from ringfence.core.events import SignInNoted
from ringfence.core.terms import SignInStep
from ringfence.firms.models import FirmDomain

from .names import UnfitDomain, WhyUnfitDomain, fitting_domain, seeming
from .reading import KeptDomain, kept
from .records import Looked, RecordFound, Server, look

MOST_DOMAINS = 100
"""Of one firm."""
DAY = 24 * 3600 * 1_000_000
GRACE = 3 * DAY
"""Microseconds for which the record of a proved domain may be missing before the proof is void."""


class WhyNotYet(StrEnum):
    """Why a domain that fits is not taken."""

    ENOUGH = "enough"
    """The firm has as many as a firm may have."""
    THERE = "there"
    """The firm has it already."""
    ANOTHERS = "anothers"
    """Another firm has proved it."""


class DomainNotTaken(ValueError):
    """It is not taken as things stand."""

    def __init__(self, why: WhyNotYet) -> None:
        super().__init__(why.value)
        self.why = why


class _Known(Exception):
    """Nothing is to be written: it stands so already."""


def add_domain(firm: int, text: str, *, actor: Actor) -> KeptDomain:
    """A domain that the firm says is its own; worth nothing until it is proved.

    Raises `UnfitDomain` and `DomainNotTaken`.
    """
    key = fitting_domain(text)

    def add(_now: FirmNow) -> SignInNoted:
        rows = FirmDomain.objects.filter(firm=firm)
        if rows.filter(domain=key).exists():
            raise DomainNotTaken(WhyNotYet.THERE)
        if rows.count() >= MOST_DOMAINS:
            raise DomainNotTaken(WhyNotYet.ENOUGH)
        if _of_others(firm, key).exists():
            raise DomainNotTaken(WhyNotYet.ANOTHERS)
        if _seems_anothers(firm, key):
            raise UnfitDomain(WhyUnfitDomain.LOOKS_LIKE_ANOTHERS)
        last = rows.order_by("-number").values_list("number", flat=True).first() or 0
        FirmDomain.objects.create(
            firm_id=firm,
            number=last + 1,
            domain=key,
            token=secrets.token_hex(16),
            added_at=clock(),
            added_by=actor.member,
        )
        return SignInNoted(did=SignInStep.DOMAIN_ADDED, words=(key,))

    note_sign_in(firm, add, actor)
    with answering():
        return kept(FirmDomain.objects.get(firm=firm, domain=key))


def check_domain(firm: int, number: int, *, actor: Actor, asked: Sequence[Server]) -> Looked:
    """Look for the record now, and prove the domain by it; what was found. Raises `DomainNotTaken` besides.

    What is not found takes no proof away: that is left to the clock (`recheck_domain`), which waits.
    """
    before = _one(firm, number)
    looked = look(before.domain, before.token, asked)
    if looked.found is RecordFound.THERE:
        _prove(firm, before, actor, vouched=False)
    elif looked.found is not RecordFound.NO_ANSWER:
        with answering():
            FirmDomain.objects.filter(firm=firm, number=number).update(checked_at=clock())
    return looked


def vouch_for_domain(firm: int, text: str, *, actor: Actor = OPERATOR) -> KeptDomain:
    """The operator's word that the domain is the firm's: no record is asked for, now or later.

    Raises `UnfitDomain` and `DomainNotTaken`.
    """
    key = fitting_domain(text)
    with answering():
        there = FirmDomain.objects.filter(firm=firm, domain=key).first()
    number = there.number if there is not None else add_domain(firm, text, actor=actor).number
    _prove(firm, _one(firm, number), actor, vouched=True)
    return kept(_one(firm, number))


def remove_domain(firm: int, number: int, *, actor: Actor) -> None:
    """The domain is the firm's no more, and another one may prove it."""

    def remove(_now: FirmNow) -> SignInNoted:
        row = _one(firm, number)
        row.delete()
        return SignInNoted(did=SignInStep.DOMAIN_REMOVED, words=(row.domain,))

    note_sign_in(firm, remove, actor)


def due_domains(every: int = DAY) -> list[tuple[int, int]]:
    """Firm and number of the proved domains that were not looked at for so many microseconds."""
    with answering():
        rows = FirmDomain.objects.filter(proved_at__gt=0, vouched=False, checked_at__lte=clock() - every)
        return list(open_only(rows).order_by("firm", "number").values_list("firm", "number"))


def recheck_domain(
    firm: int, number: int, asked: Sequence[Server], lost: Callable[[str], None] = lambda _: None
) -> bool:
    """Look again for the record of a proved domain; whether the proof is void now.

    Then `lost` is called with the domain, in the transaction that says so.

    It is once DNS has said for `GRACE` that the record is not there. Where DNS says nothing, nothing changes:
    a server that is down takes nobody's sign-in away. Who is linked already stays so (`access.linking`).
    """
    row = _one(firm, number)
    looked = look(row.domain, row.token, asked)
    now = clock()
    if looked.found is RecordFound.NO_ANSWER:
        return False
    rows = _standing(firm, row)
    if looked.found is RecordFound.THERE:
        with answering():
            rows.update(checked_at=now, missing_since=0)
        return False
    since = row.missing_since or now
    if now - since < GRACE:
        with answering():
            rows.update(checked_at=now, missing_since=since)
        return False

    def lose(_now: FirmNow) -> SignInNoted:
        changed = _standing(firm, row).update(proved_at=0, proved_by=None, checked_at=now, missing_since=0)
        if not changed:
            raise _Known
        lost(row.domain)
        return SignInNoted(did=SignInStep.DOMAIN_LOST, words=(row.domain,))

    return _written(firm, lose, OPERATOR)


def _prove(firm: int, before: FirmDomain, actor: Actor, *, vouched: bool) -> None:
    now = clock()

    def prove(_now: FirmNow) -> SignInNoted:
        row = FirmDomain.objects.filter(firm=firm, number=before.number, token=before.token).first()
        if row is None:
            raise LookupError(before.number)
        if row.proved_at and row.vouched == vouched:
            raise _Known
        if _of_others(firm, row.domain).exists():
            raise DomainNotTaken(WhyNotYet.ANOTHERS)
        FirmDomain.objects.filter(pk=row.pk).update(
            proved_at=now,
            proved_by=actor.member,
            vouched=vouched,
            checked_at=0 if vouched else now,
            missing_since=0,
        )
        return SignInNoted(did=SignInStep.DOMAIN_PROVED, words=(row.domain,))

    if not _written(firm, prove, actor):
        with answering():
            _standing(firm, before).update(checked_at=now, missing_since=0)


def _written(firm: int, noted: Callable[[FirmNow], SignInNoted], actor: Actor) -> bool:
    """Note it; False where there was nothing to note."""
    try:
        note_sign_in(firm, noted, actor)
    except _Known:
        return False
    except IntegrityError as both:
        # Two firms proved it at the same moment: the database lets one have it.
        raise DomainNotTaken(WhyNotYet.ANOTHERS) from both
    return True


def _one(firm: int, number: int) -> FirmDomain:
    with answering():
        row = FirmDomain.objects.filter(firm=firm, number=number).first()
    if row is None:
        raise LookupError(number)
    return row


def _standing(firm: int, row: FirmDomain) -> QuerySet[FirmDomain]:
    """The row, while it is still the one that was looked at."""
    return FirmDomain.objects.filter(
        firm=firm, number=row.number, token=row.token, proved_at__gt=0, vouched=False
    )


def _of_others(firm: int, key: str) -> QuerySet[FirmDomain]:
    return FirmDomain.objects.filter(domain=key, proved_at__gt=0).exclude(firm=firm)


def _seems_anothers(firm: int, key: str) -> bool:
    """Whether another firm has proved a domain that nobody can tell from this one."""
    wanted = seeming(key)
    proved = FirmDomain.objects.filter(proved_at__gt=0).exclude(firm=firm).exclude(domain=key)
    return any(seeming(other) == wanted for other in proved.values_list("domain", flat=True).iterator())
