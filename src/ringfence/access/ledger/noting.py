"""Noting in a firm's ledger what changes nothing: a record opened, an export taken (rules.md 7).

No command gives these. Like a change each is an entry in the firm's one series, written under the firm's lock
and on disk before the caller goes on; unlike one it leaves the state and the tables as they are.
"""

from collections.abc import Callable

from django.db import transaction

from ringfence.access.actor import OPERATOR, Actor
from ringfence.access.clock import instant_for
from ringfence.access.connection import answering, plain
from ringfence.access.door import STATES, firm_state, lock
from ringfence.access.firm_now import FirmNow
from ringfence.access.writing.recording import record
from ringfence.core.decision.moment import at
from ringfence.core.events import NOTED, Change, ExportTaken, RecordOpened
from ringfence.core.refusals import Problem, Refusal, Refused
from ringfence.core.terms import Export, Instant
from ringfence.firms.models import LedgerEntry
from ringfence.store.body import Body, encode_body

SAME_OPENING = 10 * 60 * 1_000_000
"""Microseconds from an opening in which the same member's pages of the same record belong to it."""


def open_record(firm_now: FirmNow, *, member: int, client: int) -> FirmNow:
    """Note that the member opens the client's record, before anything in it is shown.

    `firm_now` is the firm as the page was asked for; what comes back is the firm to make the page from, at
    which the member sees the client. Raises `Refused` as though the client were not there where they do not,
    also where they have lost it since `firm_now`; then nothing is noted. `FirmUnknown`, `StateUnavailable`.
    """
    event = RecordOpened(client=client)

    def known(now: FirmNow) -> bool:
        if not now.moment.sees(member, client):
            raise Refused(Refusal.NOT_FOUND, Problem.UNKNOWN_CLIENT, "client")
        # Nothing can have been noted since `firm_now` where the ledger ends where it did.
        return (now is firm_now or now.version != firm_now.version) and _opened_lately(now, event, member)

    with answering():
        if known(firm_now):
            return firm_now
    return _note(firm_now.firm, event, Actor(member), unless=known)


def note_export(firm: int, what: Export, rows: int, *, actor: Actor = OPERATOR) -> FirmNow:
    """Note that somebody takes a list of so many rows out, before it is theirs; the firm afterwards.

    Raises `FirmUnknown`, `StateUnavailable`.
    """
    # A process that does not know the firm yet must not load it while others wait for the lock.
    firm_state(firm)
    return _note(firm, ExportTaken(what=what, rows=rows), actor)


def _note(
    firm: int,
    event: RecordOpened | ExportTaken,
    actor: Actor,
    unless: Callable[[FirmNow], bool] = lambda _: False,
) -> FirmNow:
    """Write the event as the firm's next entry, `unless` says under the lock that it is not needed."""
    with answering(), transaction.atomic(durable=True):
        row = lock(firm)
        known = STATES.current(plain(), firm)
        now = instant_for(row)
        moment = at(known.state, now)
        firm_now = FirmNow(firm=firm, version=known.version, moment=moment)
        if unless(firm_now):
            return firm_now
        change = Change(events=(event,))
        loaded = record(row, change, after=known.state, command=NOTED[type(event)], actor=actor, now=now)
    STATES.put(firm, loaded)
    return FirmNow(firm=firm, version=loaded.version, moment=moment)


def _opened_lately(firm_now: FirmNow, event: RecordOpened, member: int) -> bool:
    """Whether the member's present opening of the record is in the ledger already."""
    since = Instant(firm_now.moment.now - SAME_OPENING)
    # Equal events give equal bytes, so the body is compared as it lies there.
    body = encode_body(Body(events=(event,)))
    return LedgerEntry.objects.filter(firm=firm_now.firm, at__gt=since, actor=member, body=body).exists()
