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
from ringfence.access.writing.recording import work_out

from .rehearse import Overtaken, Rehearsal


def save(rehearsal: Rehearsal, *, alongside: Callable[[int], None] = lambda _version: None) -> int:
    """Write what was rehearsed, an entry for each batch; the firm's version after it.

    `alongside` is called with that version in the same transaction, and what it raises undoes all. Raises
    `Overtaken` with nothing changed, `FirmUnknown`, and `StateUnavailable`.
    """
    firm, version = rehearsal.firm, rehearsal.version
    if not rehearsal.done:
        return version
    decided = rehearsal.before.now
    ready = [work_out(firm, each.change, after=each.after, now=decided) for each in rehearsal.done]
    with answering(), transaction.atomic(durable=True):
        row = lock(firm)
        moved_on = row.version != version and changed_since(firm, version)
        if moved_on or not rehearsal.since <= instant_for(row) < rehearsal.until:
            raise Overtaken(f"firm {firm} is no longer as it was at version {version}")
        for each, worked_out in zip(rehearsal.done, ready, strict=True):
            # Read again, since each entry moves the row on.
            row = lock(firm)
            now = instant_for(row)
            loaded = record_and_seat(row, worked_out, command=each.name, actor=rehearsal.actor, now=now)
        alongside(loaded.version)
    STATES.put(firm, loaded)
    return loaded.version
