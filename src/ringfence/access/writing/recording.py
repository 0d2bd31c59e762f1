"""One change into the tables and the ledger. The caller holds the firm's row locked and has checked the rest.

Nothing is decided here: events are written as they are given. What does not hang on the ledger's end can be
worked out before the row is locked, which for a large change is nearly all of it.
"""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from django.db import connection
from msgspec.structs import replace

from ringfence.access.actor import Actor
from ringfence.access.ledger.mentions import Mention, mentions_of, write_mentions
from ringfence.access.ledger.texts import Proved, prove, write_texts
from ringfence.access.sql import rows_of
from ringfence.core.events import Change, ClientsAdded
from ringfence.core.state.state import State
from ringfence.core.terms import Instant
from ringfence.firms.models import Firm
from ringfence.proof.chain import Head, entry_hash
from ringfence.store.body import Body, encode_body
from ringfence.store.loading import Loaded
from ringfence.telemetry.counts import Counter

from .tables.bulk import analyse, execute, insert, unseen_before_commit
from .tables.statements import Statements
from .tables.words import CommandWords
from .tables.write import write
from .tables.writing import Writing

ENTRIES = Counter("ringfence_ledger_entries_total", "Entries written to ledgers.", ["command"])
_LOCKED = ("id", "uid", "version", "head", "changed_at", "indexed")
"""What every change asks of the firm's row; the rest is read where it is asked for."""
MANY = 10_000
"""Texts of one change after which the tables are not what they were."""


class WorkedOut(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A change as it will be written, whatever entry it becomes."""

    change: Change
    after: State
    body: bytes
    statements: Statements
    """What puts it into the tables."""
    texts: Proved
    """The words beside its entry."""
    mentions: list[Mention]
    """Whom and what its entry names."""

    def beside(self) -> int:
        """Bytes that are written with the rows of its statements: its entry and the words in blocks."""
        return len(self.body) + self.texts.size_of_blocks()


def locked(firm: int) -> Firm:
    """The firm's row, kept from every other writer until the transaction ends; raises `Firm.DoesNotExist`."""
    # SQLite's transaction is the only writer from its first statement on.
    kept = "" if connection.vendor == "sqlite" else " FOR UPDATE"
    # Not by Django's raw queries, which take as long again as the database: every change asks it.
    rows = rows_of(f"SELECT {', '.join(_LOCKED)} FROM firms_firm WHERE id = %s{kept}", firm)
    for number, uid, *rest in rows:
        row = (number, uid if isinstance(uid, UUID) else UUID(uid), *rest)
        return Firm.from_db(connection.alias, _LOCKED, row)
    raise Firm.DoesNotExist


def keep_numbers(firm: int) -> None:
    """Keep others from giving numbers and references to clients until the transaction ends, and nothing else.

    Before the firm's row is locked. On SQLite the transaction itself keeps all writers out.
    """
    if unseen_before_commit():
        execute("SELECT pg_advisory_xact_lock(%s, %s)", NUMBERING_LOCK, firm)


NUMBERING_LOCK = 7_431
"""What PostgreSQL's advisory locks of this kind are called, with the firm's id."""


def work_out(firm: int, change: Change, *, after: State, now: Instant) -> WorkedOut:
    """What will be written for a change of the firm, the state `after` it; nothing is asked of the database.

    `now` is when it is decided, microseconds since 1970 UTC.
    """
    texts = prove(change.texts)
    added = [event.first_client for event in change.events if isinstance(event, ClientsAdded)]
    writing = Writing(
        firm=firm,
        now=now,
        words=CommandWords(change.texts),
        register=after.register,
        gone=after.register.all_gone_for_good(now),
        first_client=min(added, default=after.register.next_client),
        reviews=after.reviews,
        schedules=after.schedules,
    )
    write(change.events, writing)
    return WorkedOut(
        change=change,
        after=after,
        body=encode_body(Body(events=change.events, digests=texts.digests)),
        statements=writing.statements,
        texts=texts,
        mentions=mentions_of(change.events, after.register),
    )


def with_events(worked_out: WorkedOut, change: Change) -> WorkedOut:
    """The same for a change that says more, of what is in no table that its statements write to.

    Its texts are those of before.
    """
    return replace(
        worked_out,
        change=change,
        body=encode_body(Body(events=change.events, digests=worked_out.texts.digests)),
        mentions=mentions_of(change.events, worked_out.after.register),
    )


def analyse_grown(worked_out: Iterable[WorkedOut]) -> None:
    """After the commit, so that nobody waits for it: let the database look at tables that are not what they
    were."""
    if any(len(each.change.texts) >= MANY for each in worked_out):
        analyse("firms_client", "firms_engagement")


def record(firm: Firm, change: Change, *, after: State, command: str, actor: Actor, now: Instant) -> Loaded:
    """Write a change as the firm's next entry; the state `after` it, with its place in the ledger.

    `now` is microseconds since 1970 UTC and not before the firm's last entry.
    """
    worked_out = work_out(firm.pk, change, after=after, now=now)
    return record_as_worked_out(firm, worked_out, command=command, actor=actor, now=now)


def record_as_worked_out(
    firm: Firm, worked_out: WorkedOut, *, command: str, actor: Actor, now: Instant
) -> Loaded:
    """The same for a change that was worked out before, on the firm as it still is."""
    number, body, after = firm.version + 1, worked_out.body, worked_out.after
    head = Head(
        previous=bytes(firm.head),
        firm=firm.uid,
        number=number,
        at=now,
        actor_kind=actor.kind,
        actor=actor.member,
        command=command,
        self_access=worked_out.change.self_access,
    )
    proof = entry_hash(head, body)
    worked_out.statements.run()
    _append(firm.pk, head, proof, body)
    write_texts(firm.pk, number, worked_out.texts)
    write_mentions(firm.pk, number, worked_out.mentions)
    _move_on(firm, after, head, proof)
    ENTRIES.of(command).add()
    return Loaded(after, number, proof, now)


def _append(firm: int, head: Head, proof: bytes, body: bytes) -> None:
    columns = {
        "firm_id": firm,
        "number": head.number,
        "at": head.at,
        "actor_kind": head.actor_kind,
        "actor": head.actor,
        "command": head.command,
        "self_access": head.self_access,
        "previous": head.previous,
        "hash": proof,
        "body": body,
    }
    insert("firms_ledgerentry", list(columns), [list(columns.values())])


def _move_on(firm: Firm, state: State, head: Head, proof: bytes) -> None:
    """The firm's own row, in the table and in memory: version and head, and what of the state lies in it."""
    indexed = head.number if firm.indexed == firm.version else firm.indexed
    columns = {
        "settings": msgspec.json.encode(state.settings).decode(),
        "names": msgspec.json.encode(state.names).decode(),
        "successor": state.successor,
        "was_on": state.was_on,
        "version": head.number,
        "head": proof,
        "changed_at": head.at,
        "indexed": indexed,
        "last_member": state.numbers.member,
        "last_group": state.numbers.group,
        "last_service": state.numbers.service,
        "last_wall": state.numbers.wall,
        "last_token": state.numbers.token,
        "last_policy": state.numbers.policy,
        "last_review": state.numbers.review,
        "last_client": state.register.next_client - 1,
        "last_engagement": state.register.next_engagement - 1,
    }
    places = ", ".join(f"{column} = %s" for column in columns)
    execute(f"UPDATE firms_firm SET {places} WHERE id = %s", *columns.values(), firm.pk)
    firm.version, firm.head, firm.changed_at, firm.indexed = head.number, proof, head.at, indexed
