"""Noting in a firm's ledger what changes nothing: a record opened, an export taken (rules.md 7).

No command gives these. Like a change each is an entry in the firm's one series, written under the firm's lock
and on disk before the caller goes on; unlike one it leaves the state and the tables as they are.
"""

from collections.abc import Callable

from django.db import transaction

from ringfence.access.actor import OPERATOR, Actor
from ringfence.access.clock import instant_for
from ringfence.access.connection import answering, plain
from ringfence.access.door import STATES, Beside, Committed, Decided, firm_state, lock
from ringfence.access.firm_now import FirmNow
from ringfence.access.sql import rows_of
from ringfence.access.writing.recording import record
from ringfence.core.decision.moment import at
from ringfence.core.decision.single import decide
from ringfence.core.events import (
    NOTED,
    AccessExpired,
    Change,
    DecisionLogSet,
    ExportTaken,
    PolicyNoted,
    ProofNoted,
    RecordOpened,
    SignInNoted,
    Text,
    WallsTurned,
    WebhookNoted,
)
from ringfence.core.refusals import Problem, Refusal, Refused, need
from ringfence.core.terms import Export, Reason
from ringfence.store.body import Body, encode_body

Noted = (
    RecordOpened
    | ExportTaken
    | AccessExpired
    | WallsTurned
    | WebhookNoted
    | DecisionLogSet
    | SignInNoted
    | ProofNoted
    | PolicyNoted
)
"""What no command gives."""

SAME_OPENING = 10 * 60 * 1_000_000
"""Microseconds from an opening in which the same member's pages of the same record belong to it."""


def open_record(firm_now: FirmNow, *, member: int, client: int, token: int | None = None) -> FirmNow:
    """Note that the member opens the client's record, before anything in it is shown.

    With a `token`, that their software does. `firm_now` is the firm as the page was asked for; what comes
    back is the firm to make the page from, at which the member sees the client. Raises `Refused` as though
    the client were not there where they do not, also where they have lost it since `firm_now`; then nothing
    is noted. `FirmUnknown`, `StateUnavailable`.
    """
    actor = Actor(member, token)

    def known(now: FirmNow) -> bool:
        if not now.moment.sees(member, client):
            raise Refused(Refusal.NOT_FOUND, Problem.UNKNOWN_CLIENT, "client")
        # Nothing can have been noted since `firm_now` where the ledger ends where it did.
        lately = now is firm_now or now.version != firm_now.version
        return lately and not _in_emergency(now, client, member) and _opened_lately(now, client, actor)

    def opening(now: FirmNow) -> RecordOpened:
        return RecordOpened(client=client, reason=_reason(now, member, client))

    with answering():
        if known(firm_now):
            return firm_now
    return note(firm_now.firm, opening, actor, unless=known)


def note_export(firm: int, what: Export, rows: int, *, actor: Actor = OPERATOR) -> FirmNow:
    """Note that somebody takes a list of so many rows out, before it is theirs; the firm afterwards.

    Raises `FirmUnknown`, `StateUnavailable`.
    """
    # A process that does not know the firm yet must not load it while others wait for the lock.
    firm_state(firm)
    return note(firm, lambda _: ExportTaken(what=what, rows=rows), actor)


def note(
    firm: int,
    noted: Callable[[FirmNow], Noted | tuple[Noted, ...]],
    actor: Actor,
    *,
    unless: Callable[[FirmNow], bool] = lambda _: False,
    texts: Callable[[], tuple[Text, ...]] = tuple,
    beside: Beside | None = None,
) -> FirmNow:
    """Write what is `noted` as the firm's next entry; `unless` says under the lock that it is not needed.

    `noted`, which may be several of one kind, is asked within the transaction, so what it writes is committed
    with the entry; then `texts` for the words beside it. For whoever notes something of their own, as
    `access.webhooks`. What is done `beside` is as with `door.execute`. Raises `Refused` for an actor whose
    token stands no more.
    """
    beside = beside or Beside()
    with answering(), transaction.atomic(durable=True):
        row = lock(firm)
        known = STATES.current(plain(), firm)
        now = instant_for(row)
        moment = at(known.state, now)
        firm_now = FirmNow(firm=firm, version=known.version, moment=moment)
        if unless(firm_now):
            return firm_now
        need(actor.refused(moment))
        beside.before(known.version)
        found = noted(firm_now)
        events = found if isinstance(found, tuple) else (found,)
        actor.need_fresh(known.state, known.state, events)
        change = actor.named(Change(events=events, texts=texts()))
        command = NOTED[type(events[0])]
        beside.decided(Decided(command=command, change=change))
        loaded = record(row, change, after=known.state, command=command, actor=actor, now=now)
        after = FirmNow(firm=firm, version=loaded.version, moment=moment)
        beside.after(Committed(version=loaded.version, at=now, change=change, before=firm_now, after=after))
    STATES.put(firm, loaded)
    return after


def _in_emergency(firm_now: FirmNow, client: int, member: int) -> bool:
    """Whether the member has emergency access: then every page is an opening of its own (rules.md 10)."""
    opened = firm_now.emergencies.get((client, member))
    return opened is not None and opened.counts(firm_now.now)


def _opened_lately(firm_now: FirmNow, client: int, actor: Actor) -> bool:
    """Whether their present opening of the record is in the ledger already, by whatever reason.

    What software read by a token is no opening by the person, nor the other way round.
    """
    since = firm_now.moment.now - SAME_OPENING
    # Equal events give equal bytes, so the body is compared as it lies there.
    changes = [actor.named(Change(events=(RecordOpened(client=client, reason=each),))) for each in _REASONS]
    bodies = [encode_body(Body(events=change.events)) for change in changes]
    return bool(
        rows_of(
            "SELECT 1 FROM firms_ledgerentry WHERE firm_id = %s AND at > %s AND actor = %s"
            f" AND body IN ({', '.join(['%s'] * len(bodies))}) LIMIT 1",
            firm_now.firm,
            since,
            actor.member,
            *bodies,
        )
    )


_REASONS = (
    None,
    Reason.CONTROL_OFF,
    Reason.ADMINISTRATOR,
    Reason.DIRECT,
    Reason.GROUP,
    Reason.ALL_CLIENTS,
    Reason.DELEGATED,
    Reason.UNASSIGNED,
)
"""By which a record is opened (rules.md 2); older entries have none."""


def _reason(firm_now: FirmNow, member: int, client: int) -> Reason:
    """Why the member sees the client: the reason of the highest level that they have on any part of it."""
    moment = firm_now.moment
    numbers = moment.state.register.engagements_of(client)
    decisions = [decide(moment, member, number) for number in numbers]
    return max(decisions, key=lambda decision: decision.level).reason
