"""Telling a ledger who sits where, beside changes: once for ledgers of before, and for who is seated anew."""

from collections.abc import Mapping

from django.db import transaction

from ringfence.access.actor import OPERATOR, Actor
from ringfence.access.clock import instant_for
from ringfence.access.connection import answering, plain
from ringfence.access.door import STATES, lock
from ringfence.access.sign_in_accounts import events_of, forget_nobodies, user_to_seat
from ringfence.access.writing.recording import record
from ringfence.core.events import Change
from ringfence.firms.models import Firm, LedgerEntry, Member

SEATING = "user.seat"
"""The command of an entry that tells who sits where and does nothing else."""


def record_seats() -> int:
    """Write an entry in each firm whose ledger says of nobody who sits in which place; how many there were.

    Raises `StateUnavailable`.
    """
    with answering():
        waiting = [firm.pk for firm in Firm.objects.order_by("pk") if not _told(firm.pk)]
    for firm in waiting:
        _record(firm)
    return len(waiting)


def seat_by_address(firm: Firm, member: int, *, actor: Actor) -> None:
    """Give the member's place to the user who signs in with the member's address, made where there is none.

    `firm` is its locked row, inside the caller's transaction. Nothing is done where they sit there already,
    have another place in the firm, or came in by a link that another firm's administrator was shown. Raises
    `NotConfirmed` where the place gives power.
    """
    place = Member.objects.get(firm=firm, number=member)
    user = user_to_seat(firm.pk, place.email, place.name)
    if user is None:
        return
    events, state = events_of(firm, {member: user.pk}), STATES.current(plain(), firm.pk).state
    actor.need_fresh(state, state, events)
    record(
        firm,
        Change(events=events),
        after=state,
        command=SEATING,
        actor=actor,
        now=instant_for(firm),
    )
    before = {place.user_id} if place.user_id is not None else set()
    Member.objects.filter(firm=firm, number=member).update(user=user)
    forget_nobodies(before)


def _told(firm: int) -> bool:
    # Everywhere else the first entry has seated whoever was to manage the firm.
    ledger = LedgerEntry.objects.filter(firm=firm)
    first = ledger.filter(number=1).values_list("body", flat=True).first()
    if first is None or b'"user.seated"' in bytes(first):
        return True
    return ledger.filter(command=SEATING).exists()


def seat_restored(firm: int, seats: Mapping[int, int]) -> None:
    """Tell the ledger who sits in these places since the firm was restored: users by members.

    Inside the caller's transaction.
    """
    row = lock(firm)
    record(
        row,
        Change(events=events_of(row, seats)),
        after=STATES.current(plain(), firm).state,
        command=SEATING,
        actor=OPERATOR,
        now=instant_for(row),
    )


def _record(firm: int) -> None:
    with answering(), transaction.atomic():
        row = lock(firm)
        rows = Member.objects.filter(firm=firm, user__isnull=False).order_by("number")
        seats = dict(rows.values_list("number", "user_id"))
        loaded = record(
            row,
            Change(events=events_of(row, seats)),
            after=STATES.current(plain(), firm).state,
            command=SEATING,
            actor=OPERATOR,
            now=instant_for(row),
        )
    STATES.put(firm, loaded)
