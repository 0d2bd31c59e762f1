"""Writing what was rehearsed, in one transaction under the firm's lock: exactly that, or nothing."""

from django.db import transaction

from ringfence.access.clock import instant_for
from ringfence.access.connection import answering
from ringfence.access.door import STATES, lock
from ringfence.access.ledger.entries import changed_since
from ringfence.access.sign_in_accounts import record_and_seat

from .rehearse import Overtaken, Rehearsal


def save(rehearsal: Rehearsal) -> int:
    """Write what was rehearsed, an entry for each batch; the firm's version after it.

    Raises `Overtaken` with nothing changed, `FirmUnknown`, and `StateUnavailable`.
    """
    firm, version = rehearsal.firm, rehearsal.version
    if not rehearsal.done:
        return version
    with answering(), transaction.atomic(durable=True):
        row = lock(firm)
        moved_on = row.version != version and changed_since(firm, version)
        if moved_on or not rehearsal.since <= instant_for(row) < rehearsal.until:
            raise Overtaken(f"firm {firm} is no longer as it was at version {version}")
        for each in rehearsal.done:
            # Read again, since each entry moves the row on.
            row = lock(firm)
            now = instant_for(row)
            loaded = record_and_seat(
                row, each.change, after=each.after, command=each.name, actor=rehearsal.actor, now=now
            )
    STATES.put(firm, loaded)
    return loaded.version
