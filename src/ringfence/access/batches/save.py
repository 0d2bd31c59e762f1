"""Writing what was rehearsed, in one transaction under the firm's lock: exactly that, or nothing.

All that can be worked out before is: while a large list is written, others wait for its rows alone.
"""

from collections.abc import Callable

from django.db import transaction

from ringfence.access.clock import instant_for
from ringfence.access.connection import answering
from ringfence.access.door import STATES, lock
from ringfence.access.ledger.entries import changed_since
from ringfence.access.sign_in_accounts import record_and_seat
from ringfence.access.writing.recording import analyse_grown, keep_numbers, work_out
from ringfence.access.writing.tables.statements import brought_near, run_ahead
from ringfence.core.compare.difference import forget_compared
from ringfence.core.decision.moment import at
from ringfence.core.refusals import need
from ringfence.firms.models import Firm

from .rehearse import Overtaken, Rehearsal


def save(
    rehearsal: Rehearsal, *, alongside: Callable[[int], None] = lambda _version: None, ahead: bool = True
) -> int:
    """Write what was rehearsed, an entry for each batch; the firm's version after it.

    `alongside` is called with that version in the same transaction, and what it raises undoes all. Without
    `ahead` the firm is locked for all of the writing, so that nobody can change it meanwhile. Raises
    `Overtaken` and `NotConfirmed` with nothing changed, `FirmUnknown`, and `StateUnavailable`.
    """
    firm, version = rehearsal.firm, rehearsal.version
    if not rehearsal.done:
        return version
    events = (event for each in rehearsal.done for event in each.change.events)
    rehearsal.actor.need_fresh(rehearsal.before.state, rehearsal.after, events)
    decided = rehearsal.before.now
    changes = [rehearsal.actor.named(each.change) for each in rehearsal.done]
    ready = [
        work_out(firm, change, after=each.after, now=decided)
        for change, each in zip(changes, rehearsal.done, strict=True)
    ]
    statements = [each.statements for each in ready]
    beside = sum(each.beside() for each in ready)
    with answering(), brought_near(statements, beside=beside), transaction.atomic(durable=True):
        keep_numbers(firm)
        if ahead:
            _need_current(rehearsal, Firm.objects.get(pk=firm))
            run_ahead(statements)
        row = lock(firm)
        _need_current(rehearsal, row)
        need(rehearsal.actor.refused(at(rehearsal.before.state, instant_for(row))))
        for each, worked_out in zip(rehearsal.done, ready, strict=True):
            now = instant_for(row)
            loaded = record_and_seat(row, worked_out, command=each.name, actor=rehearsal.actor, now=now)
        alongside(loaded.version)
    forget_compared(loaded.state)
    STATES.put(firm, loaded)
    with answering():
        analyse_grown(ready)
    return loaded.version


def _need_current(rehearsal: Rehearsal, row: Firm) -> None:
    """Raises `Overtaken` where the firm is not as it was when the list was rehearsed."""
    moved_on = row.version != rehearsal.version and changed_since(row.pk, rehearsal.version)
    if moved_on or not rehearsal.since <= instant_for(row) < rehearsal.until:
        raise Overtaken(f"firm {row.pk} is no longer as it was at version {rehearsal.version}")
